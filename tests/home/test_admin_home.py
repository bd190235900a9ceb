"""An administrator's first page: accounts and circles, nothing clinical."""

import pytest

from tests.browser import words
from tests.cast import ADA, CARD, EVERYBODY, INES


def test_everybody_stands_there_and_nothing_clinical(clinic, browser):
    page = browser(INES).open("/")
    for figure in EVERYBODY:
        assert figure.email in page.text
    assert "dosing" not in page.text.lower()
    assert CARD["address"] not in page.source
    assert page.one(f"#circles a[href='/patients/{clinic.id(ADA)}/circle']")


def test_a_disabled_person_is_signed_out_and_can_be_let_in_again(clinic, browser):
    ines, ada = browser(INES), browser(ADA)
    disable = f"/people/{clinic.id(ADA)}/disable"
    page = ines.submit("/", to=disable)
    assert "The account of Ada Brandt is disabled" in page.text
    assert ada.open("/").path == "/sign-in"
    page = ines.submit("/", to=f"/people/{clinic.id(ADA)}/enable")
    assert "The account of Ada Brandt is open again" in page.text
    assert browser(ADA).open("/").path == "/"


def test_one_does_not_disable_oneself(clinic, browser):
    ines = browser(INES)
    page = ines.open("/")
    assert not page.all(f"form[action='/people/{clinic.id(INES)}/disable']")
    assert "This is you" in page.text
    assert ines.post(f"/people/{clinic.id(INES)}/disable").status == 400


@pytest.mark.usefixtures("clinic")
def test_the_commands_that_make_accounts_are_told(browser):
    commands = [words(tag) for tag in browser(INES).open("/").all(".command")]
    assert any(command.startswith("flask user add") for command in commands)
