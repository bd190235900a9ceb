"""The log: numbered without gaps, each key once, the same for everybody, and never changed."""

import threading
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.room import actions
from app.room.commits import commits
from app.room.events import MessagePosted
from app.room.models import VisitEvent
from tests.cast import ADA, BEN, CLEO, INES, MARA, NOOR, THEO
from tests.databases import ON_POSTGRESQL

#: SQLite knows no TRUNCATE; it has INSERT OR REPLACE, which deletes a row on the quiet.
ITS_OWN = (
    ["TRUNCATE visit_events", "TRUNCATE audit_entries"]
    if ON_POSTGRESQL
    else [
        "INSERT OR REPLACE INTO visit_events SELECT * FROM visit_events",
        "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries",
    ]
)


def test_what_ada_writes_everybody_in_the_room_hears_once(room):
    answer = room.appends(ADA, "message.posted", {"text": "It is quiet."})
    assert answer["ok"]
    assert answer["repeat"] is False
    for figure in (ADA, MARA, THEO):
        heard = [
            each for each in room.sockets[figure].heard("event") if each["seq"] == answer["seq"]
        ]
        assert [each["body"] for each in heard] == [{"text": "It is quiet."}]
        assert heard[0]["by"] == {"participant": room.participant(ADA), "role": "patient"}


def test_an_event_is_found_by_the_time_that_was_acknowledged(room):
    answer = room.appends(ADA, "message.posted", {"text": "It is quiet."})
    at = datetime.fromisoformat(answer["at"])
    found = db.session.scalars(
        select(VisitEvent.seq).where(VisitEvent.visit_id == room.visit, VisitEvent.at == at)
    )
    assert found.all() == [answer["seq"]]


def test_text_is_trimmed_and_line_ends_are_made_one(room):
    answer = room.appends(ADA, "message.posted", {"text": "  one\r\ntwo\rthree\tfour \n"})
    entry = room.replay()["room"][answer["seq"] - 1]
    assert entry.event == MessagePosted(text="one\ntwo\nthree\tfour")


def test_the_same_key_again_is_the_same_event(room):
    key = new_id()
    first = room.appends(ADA, "message.posted", {"text": "Once."}, key=key)
    again = room.appends(ADA, "message.posted", {"text": "Once."}, key=key)
    assert (again["seq"], again["at"], again["repeat"]) == (first["seq"], first["at"], True)
    # The server trims first, and takes any spelling of a UUID for the same one.
    spelled = room.appends(ADA, "message.posted", {"text": " Once. "}, key=key.upper())
    assert (spelled["seq"], spelled["repeat"]) == (first["seq"], True)


@pytest.mark.parametrize(
    ("kind", "body", "channel"),
    [
        ("message.posted", {"text": "Twice."}, "room"),
        ("message.posted", {"text": "Once."}, "staff"),
        ("phase.entered", {"phase": "settling"}, "room"),
    ],
)
def test_the_same_key_for_something_else_is_refused(room, kind, body, channel):
    key = new_id()
    room.appends(MARA, "message.posted", {"text": "Once."}, key=key)
    answer = room.appends(MARA, kind, body, key=key, channel=channel)
    assert (answer["ok"], answer["code"], answer["field"]) == (False, "bad_request", "key")


def test_two_people_may_choose_the_same_key(room):
    key = new_id()
    first = room.appends(ADA, "message.posted", {"text": "Mine."}, key=key)
    second = room.appends(MARA, "message.posted", {"text": "Mine too."}, key=key)
    assert second["repeat"] is False
    assert second["seq"] == first["seq"] + 1


def test_the_patient_neither_hears_nor_reads_nor_writes_staff_and_sitter(room):
    for channel in ("staff", "sitter"):
        assert room.appends(MARA, "message.posted", {"text": "Look."}, channel=channel)["ok"]
        written = room.appends(ADA, "message.posted", {"text": "Hm?"}, channel=channel)
        assert written["code"] == "not_found"
        ada = room.sockets[ADA]
        ask = {"visit": room.visit, "channel": channel}
        nothing = {**ask, "channel": "nothing"}
        for event, payload in (
            ("catch_up", {"after": 0, "limit": 10}),
            ("mark", {"delivered": 1, "read": 1}),
            ("typing", {"on": True}),
        ):
            answer = ada.send(event, {**ask, **payload})
            assert answer["code"] == "not_found"
            assert answer == ada.send(event, {**nothing, **payload})
    entrance = room.sockets[ADA].enter(room.visit)
    assert set(entrance["channels"]) == {"room"}
    assert {event["channel"] for event in entrance["events"]} == {"room"}


@pytest.mark.parametrize("figure", [NOOR, CLEO, BEN, INES], ids=lambda figure: figure.name)
def test_a_stranger_finds_no_room(room, tab, figure):
    stranger = tab(figure)
    ask = {"visit": room.visit, "channel": "room"}
    nowhere = {**ask, "visit": new_id()}
    for event, payload in (
        ("enter", {"after": {}}),
        ("append", {"key": new_id(), "kind": "message.posted", "body": {"text": "Hello?"}}),
        ("catch_up", {"after": 0, "limit": 10}),
        ("mark", {"delivered": 1, "read": 1}),
        ("beat", {"visible": True}),
        ("typing", {"on": True}),
        ("rtc", {"to": room.participant(ADA), "data": {}}),
        ("leave", {}),
        ("watch", {}),
    ):
        refused = stranger.send(event, {**ask, **payload})
        assert refused["code"] == "not_found", (event, refused)
        assert refused == stranger.send(event, {**nowhere, **payload})
    assert room.happens(lambda: None) == []
    assert stranger.heard("event") == []


def test_appends_from_many_threads_are_numbered_in_one_line(room):
    together = threading.Barrier(8)

    def write(number):
        seat = room.seats[ADA if number % 2 else MARA]
        together.wait()
        for turn in range(5):
            event = MessagePosted(f"{number} {turn}")
            commits.run(partial(actions.append, seat, "room", event, key=new_id()))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]

    def all_at_once():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(room.happens(all_at_once)) == 40


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit_events SET kind = 'message.withdrawn'",
        "DELETE FROM visit_events",
        "UPDATE audit_entries SET action = 'nothing'",
        "DELETE FROM audit_entries",
        *ITS_OWN,
    ],
)
def test_the_database_itself_refuses_to_change_the_record(room, statement):
    room.appends(ADA, "message.posted", {"text": "It stays."})
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().exec_driver_sql(statement)
    assert len(db.session.scalars(select(VisitEvent)).all()) >= 1
    db.done()
