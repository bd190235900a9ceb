"""A patient's first page says the one thing to do now, and nothing else as loudly."""

from datetime import timedelta

import pytest

from app.home.rules import Step, next_step
from app.kernel import clock
from app.kernel.db import db, transaction
from app.readiness.demonstration import pass_check
from app.room import presence
from app.scheduling.actions import cancel_visit
from app.scheduling.models import Visit
from tests.cast import ADA, BEN, MARA


def enter(clinic, figure):
    seat = clinic.seat(figure)
    with transaction():
        presence.show(seat, presence.HERE)
    db.done()


def move(visit, **delta):
    """Have a visit begin at another time from now."""
    with transaction():
        db.session.get_one(Visit, visit.id).starts_at = clock.now() + timedelta(**delta)
    db.done()


def todo(page):
    return page.one(".now__title").get_text()


def test_an_unfinished_check_comes_first_on_the_day(clinic, browser):
    page = browser(ADA).open("/")
    assert todo(page) == "Get ready for your visit"
    assert page.one(".now .button--primary")["href"] == f"/visits/{clinic.visit.id}/readiness"
    assert "0 of 26 questions answered" in page.text


def test_the_visit_is_shown_with_its_therapist_and_the_patients_own_zone(clinic, browser):
    page = browser(ADA).open("/")
    shown = page.one("#next")
    assert "Mara Ellis" in shown.get_text()
    assert any(zone in shown.get_text() for zone in ("EST", "EDT"))
    assert shown.select_one("time")["datetime"].startswith(f"{clinic.visit.starts_at:%Y-%m-%dT%H}")


def test_an_answered_check_leaves_the_room(clinic, browser):
    with transaction():
        pass_check(
            db.session.get_one(Visit, clinic.visit.id),
            patient=clinic.actor(ADA),
            therapist=clinic.actor(MARA),
        )
    db.done()
    page = browser(ADA).open("/")
    assert todo(page) == "Your visit starts soon"
    assert page.one(".now .button--primary")["href"] == f"/visits/{clinic.visit.id}/room"


def test_a_therapist_in_the_room_comes_before_the_check(clinic, browser):
    enter(clinic, MARA)
    page = browser(ADA).open("/")
    assert todo(page) == "Mara is in the room"
    assert page.one(".now .button--primary")["href"] == f"/visits/{clinic.visit.id}/room"


def test_days_before_a_visit_there_is_nothing_to_do(clinic, browser):
    move(clinic.visit, days=3)
    assert todo(browser(ADA).open("/")) == "Nothing to do today"


@pytest.mark.usefixtures("clinic")
def test_without_a_visit_the_page_says_who_plans_one(browser):
    page = browser(BEN).open("/")
    assert todo(page) == "Nothing to do today"
    assert "Your care team plans visits with you" in page.text


@pytest.mark.parametrize("hours", [-6, -40])
def test_a_past_visit_asks_what_stayed(clinic, browser, hours):
    move(clinic.visit, hours=hours)
    page = browser(ADA).open("/")
    asked = page.one("#past a")
    assert "What stayed with you?" in asked.get_text()
    assert asked["href"] == f"/visits/{clinic.visit.id}/notes"


def test_a_cancelled_visit_does_not_just_vanish(clinic, browser):
    with transaction():
        cancel_visit(db.session.get_one(Visit, clinic.visit.id), by=clinic.actor(MARA))
    db.done()
    page = browser(ADA).open("/")
    assert todo(page) == "Nothing to do today"
    link = page.one("#cancelled a")
    shown = browser(ADA).open(link["href"])
    assert "This visit will not take place" in shown.text
    assert "You do not need to do anything" in shown.text


@pytest.mark.parametrize(
    ("minutes", "to_answer", "is_expected", "step"),
    [
        (24 * 60 + 1, 5, False, Step.NOTHING),
        (24 * 60, 5, False, Step.CHECK),
        (61, 0, False, Step.WAIT),
        (60, 0, False, Step.ROOM),
        (60, 1, False, Step.CHECK),
        (-30, 1, False, Step.CHECK),
        (-30, 0, False, Step.ROOM),
        (24 * 60 + 1, 5, True, Step.ROOM),
    ],
)
def test_the_step_follows_from_time_check_and_therapist(minutes, to_answer, is_expected, step):
    now = clock.now()
    starts_at = now + timedelta(minutes=minutes)
    found = next_step(starts_at, now, to_answer=to_answer, is_expected=is_expected)
    assert found is step
