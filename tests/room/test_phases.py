"""Phases: the therapist leads, by legal moves, to dosing through the gate, and to the end."""

import pytest

from app.kernel.db import db, transaction
from app.readiness.demonstration import pass_check
from app.room.phases import PHASES
from tests.cast import ADA, MARA, THEO


def enter(room, phase, figure=MARA):
    return room.appends(figure, "phase.entered", {"phase": phase})


def clear(room):
    with transaction():
        patient, therapist = room.clinic.actor(ADA), room.clinic.actor(MARA)
        pass_check(room.clinic.visit, patient=patient, therapist=therapist)
    db.done()


def test_a_whole_visit_from_arriving_to_the_end(room):
    room.happens(lambda: clear(room))
    for phase in PHASES[1:]:
        answer = enter(room, phase)
        assert answer["ok"], (phase, answer)
        assert room.state().phase == phase
    assert room.state().ended
    kinds = [entry.event.kind for entry in room.replay()["room"]]
    assert kinds[-2:] == ["phase.entered", "visit.ended"]


def test_dosing_is_refused_until_the_check_is_cleared(room):
    refused = enter(room, "dosing")
    assert (refused["ok"], refused["code"]) == (False, "not_now")
    assert refused["message"]
    assert room.state().phase == "arrival"
    room.happens(lambda: clear(room))
    assert "readiness.cleared" in {entry.event.kind for entry in room.replay()["room"]}
    assert enter(room, "dosing")["ok"]


def test_dosing_is_refused_by_the_form_too(room, browser):
    answer = browser(MARA).post(
        f"/visits/{room.visit}/events",
        kind="phase.entered",
        phase="dosing",
        key="0199d5c0-0000-7000-8000-000000000001",
    )
    assert answer.status == 409
    assert room.state().phase == "arrival"


@pytest.mark.parametrize("phase", ["peak", "return", "ended", "arrival", "absorbing"])
def test_a_phase_is_not_jumped_to(room, phase):
    answer = enter(room, phase)
    assert (answer["ok"], answer["code"]) == (False, "not_now")
    assert "Arriving" in answer["message"]


@pytest.mark.parametrize("figure", [ADA, THEO], ids=lambda figure: figure.name)
def test_only_the_therapist_leads(room, figure):
    assert enter(room, "settling", figure)["code"] == "not_found"
    assert room.state().phase == "arrival"


def test_only_the_patient_signals(room):
    for figure in (MARA, THEO):
        assert room.appends(figure, "signal.sent", {"signal": "help"})["code"] == "not_found"
    assert room.appends(ADA, "signal.sent", {"signal": "help"})["ok"]
    assert room.state().signal.participant == room.participant(ADA)


def test_after_the_end_nothing_is_added(room):
    for phase in ("closing", "ended"):
        assert enter(room, phase)["ok"]
    for figure, kind, body in (
        (ADA, "message.posted", {"text": "One more."}),
        (MARA, "phase.entered", {"phase": "settling"}),
        (ADA, "signal.sent", {"signal": "ok"}),
    ):
        answer = room.appends(figure, kind, body)
        assert (answer["ok"], answer["code"]) == (False, "not_now")
    room.leaves(ADA)
    assert room.presence(ADA) == "left"


def test_a_cancelled_visit_takes_nothing_until_it_is_restored(room, browser):
    mara = browser(MARA)
    mara.post(f"/visits/{room.visit}/cancel", follow=False)
    answer = room.appends(ADA, "message.posted", {"text": "Hello?"})
    assert (answer["ok"], answer["code"]) == (False, "not_now")
    mara.post(f"/visits/{room.visit}/restore", follow=False)
    assert room.appends(ADA, "message.posted", {"text": "Hello!"})["ok"]
