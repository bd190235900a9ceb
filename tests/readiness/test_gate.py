"""The gate to dosing, by server time and against everything that changes meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.kernel.announce import listen
from app.kernel.db import db, transaction
from app.kernel.errors import NotNow
from app.readiness.actions import CheckCleared, ReadinessChanged, answer_item, clear_check
from app.readiness.models import ReadinessAnswer
from app.readiness.queries import summary
from app.room.models import VisitEvent
from app.scheduling.models import Visit
from tests.cast import ADA, MARA, NOOR, THEO, Figure


def test_the_gate_opens_when_all_is_answered_cleared_and_fresh(check):
    assert check.gate().why == "The readiness check has not begun."
    check.answer_all_well()
    assert check.gate().why == "The therapist has not cleared the readiness check yet."
    assert check.clear_whole().status == 200
    assert check.gate().open


def test_dosing_is_refused_on_the_socket_until_the_gate_opens(check, socket):
    mara = socket(MARA)
    visit = check.clinic.visit.id
    mara.enter(visit)
    mara.append(visit, "phase.entered", {"phase": "settling"})
    refused = mara.append(visit, "phase.entered", {"phase": "dosing"})
    assert (refused["ok"], refused["code"]) == (False, "not_now")
    assert "readiness check" in refused["message"]
    check.passes()
    assert mara.append(visit, "phase.entered", {"phase": "dosing"})["ok"] is True


def test_vitals_are_too_old_after_an_hour(check, clock):
    check.passes()
    clock.shift(timedelta(minutes=59, seconds=59))
    assert check.gate().open
    clock.shift(timedelta(seconds=1))
    gate = check.gate()
    assert not gate.open
    assert "4 answers are too old and must be given again" in gate.why


def test_the_whole_check_is_too_old_after_a_day(check, clock):
    check.passes()
    clock.shift(timedelta(hours=24))
    assert "28 answers are too old" in check.gate().why


def test_any_later_answer_closes_the_gate_again(check):
    check.passes()
    check.answer(ADA, "distress", level=2)
    assert "changed since it was cleared" in check.gate().why
    assert check.clear_whole().status == 200
    assert check.gate().open


def test_a_later_stop_closes_it_for_the_day(check):
    check.passes()
    check.answer(ADA, "willing", answer="no", level=1)
    assert "says stop" in check.gate().why
    refused = check.clear_whole()
    assert (refused.status, refused.json["code"]) == (409, "not_now")


def test_a_review_must_be_cleared_first(check):
    check.answer_all_well()
    check.answer(ADA, "distress", level=7)
    assert "1 answer still to be looked at" in check.gate().why
    assert check.clear_whole().json["code"] == "not_now"
    check.clear(MARA, "distress")
    assert check.clear_whole().status == 200
    assert check.gate().open


def test_what_is_missing_is_counted(check):
    check.answer(ADA, "fallback", answer="yes")
    assert "27 answers are missing" in check.gate().why


def test_the_whole_is_cleared_as_it_was_seen_and_once(check):
    check.answer_all_well()
    seen = check.seen
    check.answer(ADA, "distress", level=1)
    assert "has changed since you looked" in check.clear_whole(seen=seen).json["message"]
    assert check.clear_whole().status == 200
    seen_now = check.page(MARA, "/board").json["print"].split(".")[0]
    assert "cleared already" in check.clear_whole(seen=int(seen_now)).json["message"]


@pytest.mark.parametrize("seen", ["", "-1", "x", "9" * 30, "٣"])
def test_a_clearance_without_what_was_seen_is_refused(check, seen):
    data = {"seen": seen}
    refused = check.browser(MARA).post_json(f"{check.path}/clear", data)
    assert (refused.status, refused.json["field"]) == (400, "seen")


def test_only_the_therapist_clears_the_whole(check):
    check.answer_all_well()
    for figure in (ADA, THEO, NOOR):
        assert check.clear_whole(figure).status == 404
    assert not check.gate().open


def test_clearing_is_told_to_the_room_and_stands_in_the_log(check):
    told = []
    listen(ReadinessChanged, told.append)
    listen(CheckCleared, told.append)
    check.answer_all_well()
    before = len(told)
    check.clear_whole()
    assert [type(fact) for fact in told[before:]] == [CheckCleared, ReadinessChanged]
    kinds = db.session.scalars(select(VisitEvent.kind)).all()
    assert kinds.count("readiness.cleared") == 1


def test_the_first_answers_of_many_devices_at_once_are_all_kept(check):
    visit_id = check.clinic.visit.id
    ada = check.clinic.actor(ADA)

    def press(level: int) -> None:
        with transaction():
            visit = db.session.get_one(Visit, visit_id)
            answer_item(visit, item="distress", value={"level": level}, by=ada)
        db.done()

    with ThreadPoolExecutor(6) as devices:
        list(devices.map(press, range(6)))
    kept = db.session.scalars(select(ReadinessAnswer).order_by(ReadinessAnswer.change)).all()
    assert [each.change for each in kept] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("round_", range(4))
def test_a_clearance_and_an_answer_at_once_never_leave_the_gate_open_on_old_ground(check, round_):
    """Whoever comes second sees the first: an answer after the clearance closes the gate."""
    check.answer_all_well()
    visit_id = check.clinic.visit.id
    no = {"answer": "no", "level": 1}
    actors = {figure: check.clinic.actor(figure) for figure in (ADA, MARA)}

    def act(figure: Figure) -> None:
        with suppress(NotNow), transaction():
            visit = db.session.get_one(Visit, visit_id)
            if figure is ADA:
                answer_item(visit, item="willing", value=no, by=actors[ADA])
            else:
                clear_check(visit, by=actors[MARA])
        db.done()

    with ThreadPoolExecutor(2) as both:
        list(both.map(act, (ADA, MARA) if round_ % 2 else (MARA, ADA)))
    assert not check.gate().open
    assert check.result() == "stop"


def test_the_summary_tells_a_page_what_it_needs(check):
    check.answer_all_well()
    check.answer(ADA, "distress", level=7)
    visit = db.session.get_one(Visit, check.clinic.visit.id)
    found = summary(visit)
    assert (found.result, found.reviews, found.stops) == ("review", 1, 0)
    assert (found.answered, found.total) == (28, 28)
    assert found.reasons == ("Distress is 7 or 8.",)
    db.done()
    check.clear(MARA, "distress")
    check.clear_whole()
    found = summary(db.session.get_one(Visit, check.clinic.visit.id))
    assert (found.result, found.open, found.cleared_by) == ("ready", True, "Mara Ellis")
    assert found.cleared_items == 1
