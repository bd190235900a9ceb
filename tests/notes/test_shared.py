"""The integration note that patient and clinicians write together."""

import pytest

from tests.cast import ADA, BEN, INES, MARA, NOOR, THEO
from tests.notes.conftest import autosave, sign, write


def test_an_untouched_note_invites_to_write(browser, notes):
    page = browser(ADA).open(notes)
    assert page.h1 == "Notes with Mara Ellis"
    assert "You and your care team can read and write this." in page.text
    assert "Nothing written yet" in page.text
    assert "Nothing was said yet" in page.text


def test_what_the_therapist_writes_the_patient_reads_and_goes_on_with(browser, mara, notes):
    saved = write(mara, notes, "What stays: the room by the sea.")
    assert saved.value("text") == "What stays: the room by the sea."
    assert "Version 1, by Mara Ellis" in saved.text
    ada = browser(ADA)
    page = write(ada, notes, "What stays: the room by the sea.\nAnd the wish to call my brother.")
    assert "Version 2, by Ada Brandt" in page.text
    assert "call my brother" in mara.open(notes).value("text")


def test_the_page_says_when_it_was_saved_in_the_readers_zone(browser, mara, notes):
    write(mara, notes, "one")
    assert "Saved" in (text := browser(ADA).open(notes).text)
    assert " EST" in text or " EDT" in text
    assert " CET" in (text := mara.open(notes).text) or " CEST" in text


def test_the_patients_page_has_neither_a_private_note_nor_a_signature(browser, mara, notes):
    write(mara, notes, "one")
    page = browser(ADA).open(notes)
    assert "My psychotherapy note" not in page.text
    assert "Read and sign" not in page.text


def test_the_script_saves_and_is_told_version_and_time(mara, notes):
    answer = autosave(mara, notes, "one").json
    assert (answer["ok"], answer["version"], answer["who"]) == (True, 1, "Mara Ellis")
    assert answer["saved"].endswith(("CET", "CEST"))
    assert autosave(mara, notes, "one two", 1).json["version"] == 2


def test_text_that_is_there_already_stays_whatever_version_it_was_written_over(mara, notes):
    autosave(mara, notes, "one")
    answer = autosave(mara, notes, "one\r\n", 0).json
    assert (answer["ok"], answer["version"]) == (True, 1)


def test_the_script_asks_how_the_note_stands_and_gets_text_only_when_it_is_new(browser, notes):
    mara, ada = browser(MARA), browser(ADA)
    assert ada.open(f"{notes}/latest?version=0").json["version"] == 0
    autosave(mara, notes, "one")
    fresh = ada.open(f"{notes}/latest?version=0").json
    assert (fresh["text"], fresh["version"], fresh["who"]) == ("one", 1, "Mara Ellis")
    assert "text" not in ada.open(f"{notes}/latest?version=1").json


@pytest.mark.parametrize("text", ["a\x00b", "a" * 100_001])
def test_text_that_cannot_be_kept_is_refused_at_its_field_and_stays_typed(mara, notes, text):
    page = write(mara, notes, text)
    assert page.status == 400
    assert page.message("note-text")
    assert page.value("text").replace("\ufffd", "\x00")[:3] == text[:3]
    assert "Nothing written yet" in mara.open(notes).text


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text": 7, "base_version": 0}, "text"),
        ({"base_version": 0}, "text"),
        ({"text": "x", "base_version": "0"}, "base_version"),
        ({"text": "x", "base_version": -1}, "base_version"),
        ({"text": "x", "base_version": 2**40}, "base_version"),
        ({"text": "x", "base_version": True}, "base_version"),
        ({"text": "x\x00", "base_version": 0}, "text"),
        (["x"], "payload"),
    ],
)
def test_a_script_that_sends_nonsense_is_told_which_field(mara, notes, sent, field):
    answer = mara.post_json(notes, sent)
    assert answer.status == 400
    assert (answer.json["code"], answer.json["field"]) == ("bad_request", field)


def test_a_form_without_its_version_keeps_the_text(mara, notes):
    page = mara.post(notes, text="typed with care", base_version="")
    assert page.status == 400
    assert page.value("text") == "typed with care"


@pytest.mark.parametrize("stranger", [NOOR, BEN, INES])
@pytest.mark.parametrize("door", ["", "/latest", "/sign", "/private", "/private/latest"])
def test_for_people_outside_the_circle_there_is_nothing(browser, mara, notes, stranger, door):
    write(mara, notes, "one")
    assert browser(stranger).open(notes + door).status == 404


@pytest.mark.parametrize("stranger", [NOOR, BEN, INES])
@pytest.mark.parametrize("door", ["", "/sign", "/addenda", "/private", "/private/sign"])
def test_and_nothing_can_be_sent(browser, mara, notes, stranger, door):
    write(mara, notes, "one")
    sent = {"text": "mine", "base_version": 1, "version": 1, "kind": "addendum"}
    assert browser(stranger).post(notes + door, **sent).status == 404
    assert autosave(browser(stranger), notes, "mine", 1).status == 404
    assert mara.open(notes).value("text") == "one"


def test_the_prescriber_of_the_circle_writes_and_signs_too(browser, notes):
    theo = browser(THEO)
    write(theo, notes, "one")
    assert "Signed by Theo Okafor" in sign(theo, notes).text


def test_who_is_signed_out_is_told_so_and_nothing_is_stored(browser, mara, notes):
    autosave(mara, notes, "one")
    mara.http.delete_cookie("hearthside")
    answer = mara.http.post(
        notes, json={"text": "two", "base_version": 1}, headers={"X-CSRFToken": mara.csrf_token}
    )
    assert answer.status_code in {400, 401}
    assert browser(MARA).open(notes).value("text") == "one"
