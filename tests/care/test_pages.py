"""The contact card, the list of patients, and the admin's care circles."""

import pytest

from app.care.card import CARD_FIELDS
from tests.browser import words
from tests.cast import ADA, BEN, CARD, CLEO, INES, MARA, NOOR, THEO


@pytest.mark.parametrize("figure", [MARA, THEO])
@pytest.mark.usefixtures("clinic")
def test_clinicians_see_their_own_patients(browser, figure):
    page = browser(figure).open("/patients")
    assert "Ada Brandt" in page.text
    assert "Cleo Petit" not in page.text
    assert "Card complete" in page.text


def test_a_card_is_changed_field_by_field(clinic, browser):
    mara, here = browser(MARA), f"/patients/{clinic.id(ADA)}/card"
    page = mara.open(here)
    assert {name: page.value(name) for name in CARD_FIELDS} == CARD
    done = mara.submit(page, address="3 Mill Road, Albany, NY", medicines="")
    assert "The card is saved" in done.text
    page = mara.open(here)
    assert page.value("address") == "3 Mill Road, Albany, NY"
    assert page.value("medicines") == ""


def test_a_card_goes_back_to_where_it_was_opened(clinic, browser):
    mara = browser(MARA)
    done = mara.submit(f"/patients/{clinic.id(ADA)}/card?next=/visits/{clinic.visit.id}/room")
    assert done.path == f"/visits/{clinic.visit.id}/room"
    away = mara.submit(f"/patients/{clinic.id(ADA)}/card?next=https://elsewhere.example/")
    assert away.path == "/"


@pytest.mark.parametrize("field", ["address", "emergency_number", "sitter_name", "sitter_phone"])
def test_a_needed_field_is_asked_for_and_the_rest_is_kept(clinic, browser, field):
    page = browser(MARA).submit(
        f"/patients/{clinic.id(ADA)}/card", **{field: "  ", "allergies": "Penicillin"}
    )
    assert page.status == 400
    assert page.message(field) == "Problem: Please fill this in."
    assert page.value("allergies") == "Penicillin"
    assert page.one(f".error-summary a[href='#{field}']")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("x" * 1001, "Please keep this under 1000 characters."),
        ("a\x00b", "This text holds a character that cannot be kept."),
    ],
)
def test_a_text_that_cannot_be_kept_is_refused(clinic, browser, typed, message):
    page = browser(MARA).submit(f"/patients/{clinic.id(ADA)}/card", entry_notes=typed)
    assert page.status == 400
    assert page.message("entry_notes").startswith(f"Problem: {message}")


@pytest.mark.parametrize("figure", [NOOR, ADA, INES])
def test_a_card_is_not_there_for_others(clinic, browser, figure):
    assert browser(figure).open(f"/patients/{clinic.id(ADA)}/card").status == 404


def test_the_admin_adds_somebody_to_a_circle_and_takes_them_out_again(clinic, browser):
    ines, here = browser(INES), f"/patients/{clinic.id(BEN)}/circle"
    page = ines.open(here)
    assert "Mara Ellis" in words(page.one("#members"))
    page = ines.submit(page, member=clinic.id(THEO))
    assert "Theo Okafor" in words(page.one("#members"))
    assert "Ben Castillo" in browser(THEO).open("/patients").text
    page = ines.submit(page, to=f"{here}/{clinic.id(THEO)}/leave")
    assert "Theo Okafor" not in words(page.one("#members"))
    assert "Ben Castillo" not in browser(THEO).open("/patients").text


def test_only_those_who_give_care_are_offered(clinic, browser):
    ines, here = browser(INES), f"/patients/{clinic.id(BEN)}/circle"
    offered = {words(option) for option in ines.open(here).all("#member option")}
    assert offered == {
        "Noor Haddad, therapist",
        "Theo Okafor, prescriber",
        "Ivo Lindqvist, prescriber",
    }
    page = ines.post(here, member=clinic.id(CLEO))
    assert page.status == 400
    assert page.message("member") == "Problem: Choose somebody of the list."
