"""Every event of docs/protocol.md, driven at a real server by a python-socketio client."""

from app.kernel.ids import new_id
from app.room import events
from app.room.presence import AWAY, HERE, LEFT, LOST
from app.web import event_door
from tests.cast import ADA, MARA, THEO
from tests.conformance.tables import (
    APPENDED,
    BY_SERVER,
    CLIENT_EVENTS,
    PRESENCE,
    SERVER_EVENTS,
    fields,
    rows,
)
from tests.programs import wait_until


def payloads(room):
    """One good payload for each event, with every field that the page names."""
    visit = {"visit": room.visit}
    channel = {**visit, "channel": "room"}
    message = {"key": new_id(), "kind": "message.posted", "body": {"text": "Hello."}}
    return {
        "enter": {**visit, "after": {"room": 0}},
        "append": {**channel, **message},
        "catch_up": {**channel, "after": 0, "limit": 500},
        "mark": {**channel, "delivered": 1, "read": 1},
        "beat": {**visit, "visible": True, "battery": 0.8, "offset": -12},
        "typing": {**channel, "on": True},
        "rtc": {**visit, "to": room.participant(ADA), "data": {"sdp": "v=0"}},
        "watch": visit,
        "leave": visit,
    }


def test_the_page_names_exactly_the_events_that_there_are(app):  # noqa: ARG001  (opens them)
    assert set(rows(CLIENT_EVENTS)) == set(event_door.events)
    assert set(rows(APPENDED)) == set(events.BY_PEOPLE)
    assert set(rows(BY_SERVER)) == set(events.BY_SERVER)
    assert set(rows(PRESENCE)) == {HERE, AWAY, LOST, LEFT}


def test_every_client_event_is_acknowledged_as_written(live_room):
    mara = live_room.sockets[MARA]
    good = payloads(live_room)
    for name, (payload, acknowledgement) in rows(CLIENT_EVENTS).items():
        needed, allowed = fields(payload)
        assert set(good[name]) == allowed, name
        for optional in ({}, good[name]):
            sent = {field: good[name][field] for field in needed | set(optional)}
            answer = mara.send(name, sent)
            if acknowledgement.startswith("none"):
                assert answer is None, (name, answer)
                continue
            assert answer.pop("ok") is True, (name, answer)
            assert set(answer) == fields(acknowledgement)[1], name


def test_a_field_that_is_needed_is_missed_by_name(live_room):
    mara = live_room.sockets[MARA]
    good = payloads(live_room)
    before = live_room.head("room")
    for name, (payload, _) in rows(CLIENT_EVENTS).items():
        for field in fields(payload)[0]:
            sent = {key: value for key, value in good[name].items() if key != field}
            answer = mara.send(name, sent)
            assert answer["ok"] is False, (name, field, answer)
            assert (answer["code"], answer["field"]) == ("bad_request", field), (name, answer)
    assert live_room.head("room") == before


def test_every_server_event_arrives_as_written(live_room):
    room, visit = live_room, live_room.visit
    mara, ada = room.sockets[MARA], room.sockets[ADA]
    mara.send("watch", {"visit": visit})
    assert ada.append(visit, "message.posted", {"text": "Hello."})["ok"]
    assert ada.send("mark", {"visit": visit, "channel": "room", "delivered": 2, "read": 1})["ok"]
    assert ada.send("typing", {"visit": visit, "channel": "room", "on": True}) is None
    to_mara = {"visit": visit, "to": room.participant(MARA), "data": {"sdp": "v=0"}}
    assert ada.send("rtc", to_mara) == {"ok": True}
    assert ada.send("leave", {"visit": visit}) == {"ok": True}
    about = {"participant": room.participant(ADA)}
    heard = {
        "event": mara.hears("event", kind="message.posted"),
        "receipt": mara.hears("receipt", **about),
        "presence": mara.hears("presence", state="left", **about),
        "typing": mara.hears("typing", **about),
        "rtc": mara.hears("rtc"),
        "changed": mara.hears("changed", what="presence"),
    }
    assert heard["rtc"] == {"visit": visit, "from": room.participant(ADA), "data": {"sdp": "v=0"}}
    assert heard["typing"]["on"] is True
    assert (heard["receipt"]["delivered"], heard["receipt"]["read"]) == (2, 1)
    room.people[MARA].sign_out()
    heard["closed"] = mara.hears("closed", visit=visit)
    assert heard["closed"]["code"] == "unauthenticated"
    assert set(heard) == set(rows(SERVER_EVENTS))
    for name, (payload,) in rows(SERVER_EVENTS).items():
        assert set(heard[name]) == fields(payload)[1], name
    wait_until(lambda: not mara.is_open, within=2, what="the socket's end")


def test_an_event_is_the_same_pushed_entered_caught_up_and_polled(live_room):
    room, visit = live_room, live_room.visit
    ada = room.sockets[ADA]
    done = ada.append(visit, "message.posted", {"text": "The same everywhere."})
    pushed = [room.sockets[f].hears("event", seq=done["seq"]) for f in (ADA, MARA, THEO)]
    entered = ada.enter(visit, room=done["seq"] - 1)["events"]
    asked = {"visit": visit, "channel": "room", "after": done["seq"] - 1}
    caught = ada.send("catch_up", asked)["events"]
    path = f"{room.people[ADA].url}/visits/{visit}/events"
    polled = room.people[ADA].http.get(path, params={"after": done["seq"] - 1}).json()["events"]
    for each in (*pushed, *entered, *caught, *polled):
        assert each == pushed[0]
    assert (len(entered), len(caught), len(polled)) == (1, 1, 1)
    assert pushed[0]["by"] == {"participant": room.participant(ADA), "role": "patient"}
    assert (pushed[0]["at"], pushed[0]["v"]) == (done["at"], 1)


def test_what_only_the_server_says_or_nobody_yet_cannot_be_appended(live_room):
    for kind in (*rows(BY_SERVER), "dose.recorded", "mark.placed", "nothing"):
        answer = live_room.sockets[MARA].append(live_room.visit, kind, {})
        assert (answer["code"], answer["field"]) == ("bad_request", "kind"), kind


def test_marks_and_beats_do_not_need_the_room_but_pushes_do(live_room, arrive):
    """A page that only asks hears nothing of the room."""
    second = arrive(THEO).socket()
    beat = second.send("beat", {"visit": live_room.visit, "visible": True})
    assert beat["heads"]["room"] >= 3
    done = live_room.sockets[ADA].append(live_room.visit, "message.posted", {"text": "In here."})
    live_room.sockets[THEO].hears("event", seq=done["seq"])
    assert second.heard("event") == []
