"""Every socket event, kind and channel, for every kind of person, answers as the table says."""

import re

import pytest

from app.kernel.ids import new_id
from app.room import events as facts
from app.room.seats import CHANNELS as KNOWN_CHANNELS
from app.web import event_door
from tests.cast import ADA, CLEO, MARA
from tests.matrix.table import CHANNELS, EVENTS, KINDS, PEOPLE


def test_the_table_names_every_event_kind_and_channel_and_no_other(app):
    assert app
    assert set(EVENTS) == set(event_door.events)
    assert set(KINDS) == set(facts.BY_PEOPLE)
    assert set(CHANNELS) == {*KNOWN_CHANNELS, "nothing"}


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_answered_as_the_table_says(clinic, browsers, socket, event):
    answers, sent = EVENTS[event]
    payload = {"visit": clinic.visit.id, **filled(clinic, sent)}
    assert seen(browsers, socket, event, payload) == expected(answers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_taken_as_the_table_says(clinic, browsers, socket, kind):
    answers, body = KINDS[kind]
    if kind == "message.withdrawn":
        maras = socket(browsers["MARA"][0])
        posted = maras.append(clinic.visit.id, "message.posted", {"text": "Mara's."})
        assert posted["seq"] == body["seq"]
    payload = {"visit": clinic.visit.id, "channel": "room", "kind": kind, "body": body}
    assert seen(browsers, socket, "append", payload) == expected(answers)


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_is_heard_as_the_table_says(clinic, browsers, socket, channel):
    payload = {"visit": clinic.visit.id, "channel": channel, "after": 0}
    assert seen(browsers, socket, "catch_up", payload) == expected(CHANNELS[channel])


def test_a_visit_of_ones_own_leads_to_nobody_elses_participant(clinic, socket):
    """Cleo may send `rtc` in her own visit, but not to somebody who is not in it."""
    cleo = socket(CLEO)
    ada = {"visit": clinic.cleos_visit.id, "to": clinic.seat(ADA).participant_id, "data": {}}
    nobody = {**ada, "to": new_id()}
    assert cleo.send("rtc", ada) == cleo.send("rtc", nobody)
    assert cleo.send("rtc", ada)["code"] == "not_found"


def test_watching_everything_watches_ones_own_alone(clinic, socket):
    cleo, mara = socket(CLEO), socket(MARA)
    assert cleo.send("watch", {}) == mara.send("watch", {}) == {"ok": True}
    socket(ADA).enter(clinic.visit.id)
    assert [hint["visit"] for hint in mara.heard("changed")] == [clinic.visit.id]
    assert cleo.heard("changed") == []


def seen(browsers, socket, event, payload):
    """Who got which answer; what is hidden must be as what is not there."""
    found = {}
    for name in PEOPLE:
        for browser in browsers[name]:
            opened = socket(browser)
            if not opened.is_open:
                found[name] = "x"
                continue
            answer = opened.send(event, {**payload, "key": new_id()})
            found[name] = "ok" if answer is None or answer["ok"] else answer["code"]
            if found[name] == "not_found":
                nowhere = {**payload, "visit": new_id(), "key": new_id()}
                assert answer == opened.send(event, nowhere), name
    return found


def expected(answers):
    """The table's words as codes."""
    words = zip(PEOPLE, answers.split(), strict=True)
    return {name: {"-": "not_found"}.get(word, word) for name, word in words}


def filled(clinic, sent):
    """The payload, with Mara's place where a participant is wanted."""
    place = clinic.seat(MARA).participant_id
    return {
        name: re.sub(r"\{participant\}", place, value) if isinstance(value, str) else value
        for name, value in sent.items()
    }
