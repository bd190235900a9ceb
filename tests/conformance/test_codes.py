"""Every error code of docs/protocol.md, provoked at a real server."""

import subprocess
import sys

import pytest

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.kernel.vault import DataKey
from tests.cast import ADA, BEN, MARA, NOOR
from tests.conformance.tables import CODES, rows
from tests.databases import ON_POSTGRESQL, database_away
from tests.programs import wait_until
from tests.servers import ROOT
from tests.sockets import SocketRefusedError


def refused(person, **options):
    """Try to connect; return the code that `connect_error` carries."""
    with pytest.raises(SocketRefusedError) as refusal:
        person.socket(**options)
    return refusal.value.data["data"]["code"]


def provoke_unauthenticated(room, url):
    del url
    ada = room.sockets[ADA]
    room.people[ADA].sign_out()
    return ada.hears("closed", visit=room.visit)


def provoke_not_found(room, url):
    del url
    answer = room.sockets[NOOR].enter(room.visit)
    assert answer == room.sockets[NOOR].enter(new_id())
    return answer


def provoke_bad_request(room, url):
    del url
    return room.sockets[ADA].append(room.visit, "message.posted", {"text": " "})


def provoke_not_now(room, url):
    del url
    return room.sockets[MARA].append(room.visit, "phase.entered", {"phase": "dosing"})


def provoke_too_large(room, url):
    del url
    return room.sockets[ADA].append(room.visit, "message.posted", {"text": "x" * 65_536})


def provoke_too_often(room, url):
    del url
    typing = {"visit": room.visit, "channel": "room", "on": True}
    answers = [room.sockets[ADA].send("typing", typing) for _ in range(40)]
    return next(answer for answer in answers if answer is not None)


def provoke_busy(room, url):
    key = new_id()
    ada = room.sockets[ADA]
    with database_away(url):
        answer = ada.append(room.visit, "message.posted", {"text": "Kept."}, key=key, timeout=30)
    later = ada.append(room.visit, "message.posted", {"text": "Kept."}, key=key)
    assert (later["ok"], later["repeat"]) == (True, False)
    return answer


def provoke_internal(room, url):
    """Ben's data key is damaged on disk, as a bad disk or a bad restore would leave it."""
    del url
    visit = room.clinic.plan(BEN)
    with transaction() as session:
        session.get_one(DataKey, room.clinic.id(BEN)).wrapped = b"\0" * 60
    db.done()
    mara = room.sockets[MARA]
    answer = mara.append(visit.id, "message.posted", {"text": "A planted sentence."})
    assert mara.send("beat", {"visit": visit.id, "visible": True})["heads"]["room"] == 0
    return answer


PROVOKED = {
    "not_found": provoke_not_found,
    "bad_request": provoke_bad_request,
    "not_now": provoke_not_now,
    "too_large": provoke_too_large,
    "too_often": provoke_too_often,
    "busy": provoke_busy,
    "internal": provoke_internal,
    "unauthenticated": provoke_unauthenticated,
}
#: What is stored all the same: what was tried again when the database was back; that Ada left.
STORED = {"busy": 1, "unauthenticated": 1}


def test_every_code_is_answered_as_written(live_room, live, database_url):
    assert set(rows(CODES)) == set(PROVOKED)
    for code, provoke in PROVOKED.items():
        before = live_room.head()
        answer = provoke(live_room, database_url)
        assert answer["code"] == code
        assert answer["message"]
        carried = set(rows(CODES)[code][1].replace("`", "").split())
        assert set(answer) - {"ok", "visit"} == {"code", "message", *carried}
        assert answer.get("ok", False) is False
        assert live_room.head() == before + STORED.get(code, 0)
        if code == "internal":
            assert answer["incident"] in live.said()
    assert "planted" not in live.said()


def test_nobody_connects_without_a_sign_in_or_from_elsewhere(live, clinic, arrive):
    nobody, mara = arrive(), arrive(MARA)
    cases = [
        (nobody, {}),
        (mara, {"origin": "https://evil.example"}),
        (mara, {"origin": f"{live.url}.evil.example"}),
        (mara, {"origin": "null"}),
        (mara, {"origin": None}),
        (mara, {"origin": live.url.replace("http:", "https:")}),
    ]
    for person, options in cases:
        assert refused(person, **options) == "unauthenticated", options
    assert mara.socket().enter(clinic.visit.id)["ok"]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite can always be read")
def test_who_comes_while_the_database_is_away_is_asked_to_come_again(
    live, clinic, arrive, database_url
):
    mara = arrive(MARA)
    with database_away(database_url):
        assert refused(mara) == "busy"
    assert mara.socket().enter(clinic.visit.id)["ok"]
    assert "incident" not in live.said()


def flask(live, *command):
    """Run a command beside the server, on the server's own settings."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *command],
        cwd=ROOT,
        env=live.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_disabled_person_is_out_of_every_room_and_stays_out(live_room, live):
    ada = live_room.sockets[ADA]
    flask(live, "user", "disable", ADA.email)
    assert ada.hears("closed", within=1.5)["code"] == "unauthenticated"
    wait_until(lambda: not ada.is_open, within=1, what="the socket's end")
    assert refused(live_room.people[ADA]) == "unauthenticated"
    assert live_room.sockets[MARA].hears("presence", state="left")


def test_who_leaves_the_circle_keeps_the_socket_and_loses_the_room(live_room, live):
    mara = live_room.sockets[MARA]
    flask(live, "circle", "leave", ADA.email, MARA.email)
    assert mara.hears("closed", within=1.5)["code"] == "not_found"
    done = live_room.sockets[ADA].append(live_room.visit, "message.posted", {"text": "Alone."})
    live_room.sockets[ADA].hears("event", seq=done["seq"])
    assert not [each for each in mara.heard("event") if each["seq"] == done["seq"]]
    for event in ("enter", "catch_up", "append", "beat"):
        sent = {"visit": live_room.visit, "channel": "room", "visible": True, "key": new_id()}
        sent |= {"kind": "message.posted", "body": {"text": "Hello?"}}
        assert mara.send(event, sent)["code"] == "not_found"
    assert mara.is_open
