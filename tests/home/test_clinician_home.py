"""A clinician's first page: who waits, what comes and how ready it is, what is unsigned."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from app.home.words import greeting, unsigned_words
from app.kernel import clock
from app.kernel.db import db, transaction
from app.readiness.demonstration import pass_check
from app.room import presence
from app.scheduling.models import Visit
from tests.browser import words
from tests.cast import ADA, BEN, CLEO, MARA, NOOR, THEO


def enter(clinic, figure):
    seat = clinic.seat(figure)
    with transaction():
        presence.show(seat, presence.HERE)
    db.done()


def test_a_patient_in_the_room_is_announced_with_the_way_in(clinic, browser):
    enter(clinic, ADA)
    page = browser(MARA).open("/")
    waiting = page.one("[data-waiting]")
    assert "Ada Brandt is waiting" in words(waiting)
    assert waiting.select_one("a")["href"] == f"/visits/{clinic.visit.id}/room"


def test_nobody_waits_for_a_therapist_who_is_in_the_room(clinic, browser):
    enter(clinic, ADA)
    enter(clinic, MARA)
    page = browser(MARA).open("/")
    assert page.all("[data-waiting]") == []
    assert "In the room now" in page.text


def test_a_stranger_learns_nothing_of_who_waits(clinic, browser):
    enter(clinic, ADA)
    page = browser(NOOR).open("/")
    assert "Ada Brandt" not in page.source
    assert "Cleo Petit" in page.text


def test_visits_show_how_ready_they_are(clinic, browser):
    assert "Check not begun" in browser(MARA).open("/").text
    with transaction():
        pass_check(
            db.session.get_one(Visit, clinic.visit.id),
            patient=clinic.actor(ADA),
            therapist=clinic.actor(MARA),
        )
    db.done()
    page = browser(MARA).open("/")
    row = words(page.one(".visit-row"))
    assert "Dosing visit with Ada Brandt" in row
    assert "Ready, cleared" in row


@pytest.mark.usefixtures("clinic")
def test_every_visit_leads_to_its_three_rooms(browser):
    page = browser(MARA).open("/")
    rooms = {link["href"].rsplit("/", 1)[1] for link in page.all(".visit-row__room")}
    assert rooms == {"readiness", "room", "notes"}


def test_a_visit_without_a_signature_waits_with_its_age(clinic, browser):
    clinic.plan(ADA, starts_at=clock.now() - timedelta(days=2, hours=4))
    page = browser(MARA).open("/")
    unsigned = page.one("#unsigned")
    assert "Ada Brandt, dosing visit" in words(unsigned)
    assert "2 days" in words(unsigned)
    assert unsigned.select_one("a")["href"].endswith("/notes")


def test_a_prescriber_plans_and_cancels_nothing(clinic, browser):
    theo = browser(THEO)
    page = theo.open("/")
    assert "Ada Brandt" in page.text
    assert "Plan a visit" not in page.text
    assert "Cancel this visit" not in theo.open(f"/visits/{clinic.visit.id}").text
    assert theo.open("/visits/new").status == 404


def test_a_home_of_sixty_visits_costs_as_many_questions_as_one(clinic, browser):
    mara = browser(MARA)
    mara.open("/")
    before = questions(mara)
    for number in range(60):
        clinic.plan(BEN, starts_at=clock.now() + timedelta(hours=1 + number))
    assert questions(mara) <= before + 2


def questions(somebody):
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    somebody.open("/")
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)


def test_an_empty_day_says_what_will_stand_there(clinic, browser):
    with transaction():
        db.session.get_one(Visit, clinic.cleos_visit.id).starts_at = clock.now() + timedelta(days=9)
    db.done()
    page = browser(NOOR).open("/")
    assert "No visit today" in page.text
    assert CLEO.name in words(page.one("#coming"))


@pytest.mark.parametrize(
    ("hours", "words_"),
    [
        (0.5, ("plain", "less than an hour")),
        (1.2, ("plain", "1 hour")),
        (23.9, ("plain", "23 hours")),
        (24, ("review", "1 day")),
        (49, ("review", "2 days")),
    ],
)
def test_the_age_of_an_unsigned_note_is_told_in_words(hours, words_):
    assert unsigned_words(timedelta(hours=hours)) == words_


@pytest.mark.parametrize(
    ("hour", "said"), [(0, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")]
)
def test_the_greeting_follows_the_readers_day(hour, said):
    assert greeting(clock.now().replace(hour=hour)) == f"Good {said}"
