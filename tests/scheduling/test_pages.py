"""Planning, seeing and cancelling a visit through its pages."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.home.rules import RUNS_OVER
from app.kernel import clock
from app.kernel.db import db, transaction
from app.scheduling.models import Visit
from tests.browser import words
from tests.cast import ADA, BEN, CLEO, INES, MARA, NOOR, THEO


def tomorrow(hour=14):
    day = clock.now() + timedelta(days=1)
    return f"{day:%Y-%m-%d}T{hour:02}:00"


def count_visits():
    found = db.session.scalar(select(func.count()).select_from(Visit))
    db.done()
    return found


def test_a_therapist_plans_a_visit_and_the_patient_sees_it_in_their_own_zone(clinic, browser):
    page = browser(MARA).submit(
        "/visits/new", patient=clinic.id(BEN), starts_at=tomorrow(), minutes="90"
    )
    assert "The visit is planned" in page.text
    assert page.h1 == "Dosing visit with Ben Castillo"
    assert "14:00 CE" in page.text
    assert "1 hour 30 minutes" in page.text
    seen = browser(BEN).open(page.path)
    assert seen.h1 == "Dosing visit with Mara Ellis"
    assert " P" in words(seen.one(".page__lede"))[-4:]
    assert "Mara Ellis" in browser(BEN).open("/").text


@pytest.mark.usefixtures("clinic")
def test_the_form_names_the_therapists_zone(browser):
    page = browser(MARA).open("/visits/new")
    assert "On your own clock: Europe/Berlin" in words(page.one("#starts_at-hint"))


def test_a_patient_of_the_link_is_chosen_already(clinic, browser):
    page = browser(MARA).open(f"/visits/new?patient={clinic.id(BEN)}")
    assert page.value("patient") == clinic.id(BEN)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("patient", "", "Choose a patient."),
        ("starts_at", "", "Enter the date and the time."),
        ("starts_at", "soon", "Enter a date and a time, such as 2026-11-22 14:00."),
        ("starts_at", "2020-01-01T10:00", "This time is already over."),
        ("starts_at", "0001-01-01T00:00", "Check the year."),
        ("starts_at", "9999-12-31T23:59", "Check the year."),
        ("starts_at", "2027-03-28T02:30", "Clocks change on this day: this time does not exist."),
        ("minutes", "", "Enter how long the visit takes."),
        ("minutes", "29", "A visit takes between 30 and 480 minutes."),
        ("minutes", "481", "A visit takes between 30 and 480 minutes."),
        ("minutes", "long", "Enter a whole number from 30 to 480."),
        ("minutes", "9" * 5000, "Enter a whole number from 30 to 480."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(
    clinic, browser, field, typed, message
):
    filled = {"patient": clinic.id(BEN), "starts_at": tomorrow(), "minutes": "95", field: typed}
    page = browser(MARA).submit("/visits/new", **filled)
    assert page.status == 400
    assert page.message(field) == f"Problem: {message}"
    for name, value in filled.items():
        assert page.value(name) == value
    assert count_visits() == 2


def test_a_double_click_plans_one_visit(clinic, browser):
    mara = browser(MARA)
    filled = {"patient": clinic.id(BEN), "starts_at": tomorrow(), "minutes": "95"}
    mara.submit("/visits/new", **filled)
    page = mara.submit("/visits/new", **filled)
    assert page.message("starts_at") == "Problem: There is already a visit at this time."
    assert count_visits() == 3


def test_another_therapists_patient_cannot_be_chosen(clinic, browser):
    page = browser(MARA).post(
        "/visits/new", patient=clinic.id(CLEO), starts_at=tomorrow(), minutes="95"
    )
    assert page.message("patient") == "Problem: Choose one of your patients."
    assert "Cleo" not in page.source


def test_a_therapist_without_patients_reads_what_is_missing(clinic, browser):
    ines = browser(INES)
    ines.submit(
        f"/patients/{clinic.id(CLEO)}/circle",
        to=f"/patients/{clinic.id(CLEO)}/circle/{clinic.id(NOOR)}/leave",
    )
    page = browser(NOOR).open("/visits/new")
    assert "No patient to plan with" in page.text
    assert "You are in nobody’s care circle yet" in browser(NOOR).open("/").text


def test_a_cancelled_visit_can_be_restored(clinic, browser):
    mara, here = browser(MARA), f"/visits/{clinic.visit.id}"
    page = mara.submit(here, to=f"{here}/cancel")
    assert "This visit is cancelled" in page.text
    assert "Cancelled" in words(page.one("#about .status"))
    page = mara.submit(here, to=f"{here}/restore")
    assert "The visit is on again" in page.text
    assert "Planned" in words(page.one("#about .status"))


@pytest.mark.parametrize("figure", [ADA, THEO])
def test_only_therapists_cancel(clinic, browser, figure):
    somebody, here = browser(figure), f"/visits/{clinic.visit.id}"
    assert not somebody.open(here).all(f"form[action='{here}/cancel']")
    assert somebody.post(f"{here}/cancel").status == 404


def test_a_visit_that_is_over_says_so_and_cannot_be_cancelled(clinic, browser):
    with transaction():
        visit = db.session.get_one(Visit, clinic.visit.id)
        visit.starts_at = clock.now() - timedelta(minutes=visit.minutes) - RUNS_OVER
    db.done()
    mara, here = browser(MARA), f"/visits/{clinic.visit.id}"
    page = mara.open(here)
    assert "Over" in words(page.one("#about .status"))
    assert "Cancel this visit" not in page.text
    assert mara.post(f"{here}/cancel").status == 409
