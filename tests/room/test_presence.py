"""Presence: one a person whatever the tabs; silence is noticed; a restart forgets nobody."""

import pytest

from app.room.seating import seating
from app.room.tabs import GRACE_SECONDS, SILENCE_SECONDS, tabs
from tests.cast import ADA, MARA, THEO

COMINGS = ("participant.entered", "participant.lost", "participant.returned", "participant.left")


def comings(room, figure):
    return [
        entry.event.kind
        for entry in room.replay()["room"]
        if entry.event.kind in COMINGS and entry.event.participant == room.participant(figure)
    ]


def beat(room, figure, *, visible=True, socket=None):
    payload = {"visit": room.visit, "visible": visible}
    return (socket or room.sockets[figure]).send("beat", payload)


def told(room, figure, about):
    return [
        each["state"]
        for each in room.sockets[figure].heard("presence")
        if each["participant"] == room.participant(about)
    ]


def test_one_person_in_two_tabs_is_one_presence(room, tab):
    second = tab(ADA)
    entrance = second.enter(room.visit)
    ids = [each["participant"] for each in entrance["people"]]
    assert ids.count(room.participant(ADA)) == 1
    assert entrance["me"]["participant"] == room.participant(ADA)
    assert comings(room, ADA) == ["participant.entered"]
    second.close()
    assert room.presence(ADA) == "here"


def test_a_closed_tab_is_lost_only_after_a_while(room, time):
    room.happens(room.sockets[ADA].close)
    time.goes_by(GRACE_SECONDS - 1)
    assert room.presence(ADA) == "here"
    time.goes_by(2)
    assert room.presence(ADA) == "lost"
    assert comings(room, ADA)[-1] == "participant.lost"
    assert told(room, MARA, ADA)[-1] == "lost"


def test_a_reload_goes_unnoticed(room, time, tab):
    room.sockets[ADA].close()
    time.goes_by(GRACE_SECONDS - 1)
    tab(ADA).enter(room.visit)
    time.goes_by(GRACE_SECONDS)
    assert room.presence(ADA) == "here"
    assert comings(room, ADA) == ["participant.entered"]


def test_who_falls_silent_is_lost_and_who_is_heard_again_is_back(room, time):
    time.goes_by(SILENCE_SECONDS - 1)
    assert room.presence(ADA) == "here"
    for figure in (MARA, THEO):
        beat(room, figure)
    room.happens(lambda: time.goes_by(2))
    assert (room.presence(ADA), room.presence(MARA)) == ("lost", "here")
    room.happens(lambda: beat(room, ADA))
    assert room.presence(ADA) == "here"
    assert comings(room, ADA) == [
        "participant.entered",
        "participant.lost",
        "participant.returned",
    ]
    assert told(room, MARA, ADA)[-2:] == ["lost", "here"]


def test_a_hidden_screen_is_away_until_one_tab_is_looked_at(room, tab):
    beat(room, ADA, visible=False)
    assert room.presence(ADA) == "away"
    second = tab(ADA)
    second.enter(room.visit)
    assert room.presence(ADA) == "here"
    beat(room, ADA, visible=False)
    assert room.presence(ADA) == "here"
    beat(room, ADA, visible=False, socket=second)
    assert room.presence(ADA) == "away"
    assert comings(room, ADA) == ["participant.entered"]


def test_who_leaves_has_left_and_may_come_again(room):
    assert room.leaves(ADA) == {"ok": True}
    assert room.presence(ADA) == "left"
    heard = len(room.sockets[ADA].heard("event"))
    room.appends(MARA, "message.posted", {"text": "Said when Ada had left."})
    assert len(room.sockets[ADA].heard("event")) == heard
    room.sockets[ADA].enter(room.visit)
    assert room.presence(ADA) == "here"
    assert comings(room, ADA) == [
        "participant.entered",
        "participant.left",
        "participant.entered",
    ]


def test_leaving_in_one_of_two_tabs_is_no_leaving(room, tab):
    second = tab(ADA)
    second.enter(room.visit)
    second.send("leave", {"visit": room.visit})
    assert room.presence(ADA) == "here"


def test_a_beat_does_not_bring_into_the_room(room, tab):
    """A page that only asks about a visit is not a person in it."""
    room.sockets[THEO].send("leave", {"visit": room.visit})
    elsewhere = tab(THEO)
    assert beat(room, THEO, socket=elsewhere)["ok"]
    assert room.presence(THEO) == "left"


def test_after_a_restart_those_who_do_not_come_back_are_lost(room, time, tab):
    tabs.present.clear()
    seating.forget()
    back = tab(MARA)
    back.enter(room.visit)
    for _ in range(3):
        time.goes_by(10)
        beat(room, MARA, socket=back)
    assert room.presence(MARA) == "here"
    assert room.presence(ADA) == "lost"
    assert comings(room, MARA) == ["participant.entered"]
    assert comings(room, ADA)[-1] == "participant.lost"


def test_polling_over_http_is_presence_too(room, time, browser):
    room.sockets[ADA].close()
    polling = browser(ADA)
    for _ in range(4):
        polling.open(f"/visits/{room.visit}/events?channel=room&after=0&visible=true")
        time.goes_by(10)
    assert room.presence(ADA) == "here"
    time.goes_by(SILENCE_SECONDS)
    assert room.presence(ADA) == "lost"


@pytest.mark.parametrize("times", [1, 2])
def test_silence_is_logged_once_however_often_it_is_noticed(room, time, times):
    for _ in range(times):
        time.goes_by(SILENCE_SECONDS + 6)
    assert comings(room, ADA).count("participant.lost") == 1
