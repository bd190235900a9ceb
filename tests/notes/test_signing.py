"""A signature freezes a note; afterwards it can only be added to."""

import hashlib

import pytest

from tests.cast import ADA, MARA, THEO
from tests.notes.conftest import autosave, sign, write

TEXT = "What stays: the room by the sea."


@pytest.fixture
def signed(mara, notes):
    write(mara, notes, TEXT)
    sign(mara, notes)
    return notes


def test_the_signer_reads_the_whole_text_first(mara, notes):
    page = mara.submit(notes, to=notes, text=TEXT, press="sign")
    assert page.h1 == "Sign the integration note"
    assert TEXT in page.text
    assert "Nobody can change or delete it" in page.text


def test_a_signed_note_shows_author_time_and_fingerprint(mara, browser, signed):
    for reader in (mara, browser(ADA)):
        page = reader.open(signed)
        assert "Signed by Mara Ellis" in page.text
        assert hashlib.sha256(TEXT.encode()).hexdigest() in page.text
        assert not page.all("textarea#note-text")


def test_the_patient_cannot_sign(browser, mara, notes):
    write(mara, notes, TEXT)
    ada = browser(ADA)
    assert ada.open(f"{notes}/sign").status == 404
    assert ada.post(f"{notes}/sign", version=1).status == 404
    assert "Signed by" not in mara.open(notes).text


def test_an_empty_note_cannot_be_signed(mara, notes):
    assert "Write something first." in mara.open(f"{notes}/sign").text
    assert mara.post(f"{notes}/sign", version=0).status == 400


def test_what_the_signer_has_not_seen_is_not_signed(browser, mara, notes):
    write(mara, notes, TEXT)
    reading = mara.open(f"{notes}/sign")
    write(browser(ADA), notes, TEXT + " And more.")
    again = mara.submit(reading)
    assert again.status == 409
    assert "The text changed meanwhile" in again.text
    assert "And more." in again.text
    assert "Signed by Mara Ellis" in mara.submit(again).text


def test_a_signed_note_takes_no_save_by_form_and_keeps_the_typed_text(browser, notes, mara):
    write(mara, notes, TEXT)
    ada = browser(ADA)
    open_at_ada = ada.open(notes)
    sign(mara, notes)
    late = ada.submit(open_at_ada, to=notes, text="Typed too late.")
    assert late.status == 409
    assert "This note is signed." in late.text
    assert late.value("text") == "Typed too late."
    assert TEXT in ada.open(notes).text


def test_a_signed_note_takes_no_save_by_script(browser, signed):
    for figure in (ADA, MARA, THEO):
        late = autosave(browser(figure), signed, "other", 1)
        assert late.status == 409
        assert (late.json["code"], late.json["signed"]) == ("not_now", True)
        assert late.json["theirs"] == TEXT


def test_even_the_same_text_is_not_saved_again(mara, signed):
    assert autosave(mara, signed, TEXT, 1).status == 409


def test_signing_twice_leaves_the_first_signature(browser, mara, signed):
    before = mara.open(signed).one(".seal").get_text()
    late = browser(THEO).post(f"{signed}/sign", version=1)
    assert late.status == 409
    assert "This note is signed." in late.text
    assert "This note is signed already." in mara.open(f"{signed}/sign").text
    assert mara.open(signed).one(".seal").get_text() == before


@pytest.mark.parametrize(
    ("kind", "name"),
    [("addendum", "Addendum"), ("late_entry", "Late entry"), ("correction", "Correction")],
)
def test_the_patient_too_adds_to_it_and_the_original_stays(browser, mara, signed, kind, name):
    ada = browser(ADA)
    ada.submit(signed, to=f"{signed}/addenda", kind=kind, text="It was my sister, not my brother.")
    page = mara.open(signed)
    assert TEXT in page.text
    assert f"{name} by Ada Brandt" in page.text
    assert "It was my sister" in page.text


def test_an_empty_addendum_says_what_is_missing(mara, signed):
    page = mara.submit(signed, to=f"{signed}/addenda", text="   ")
    assert page.status == 400
    assert page.message("addendum-text").endswith("Write what you want to add.")


@pytest.mark.parametrize("text", ["a\x00b", "a" * 10_001])
def test_an_addendum_that_cannot_be_kept_stays_typed(mara, signed, text):
    page = mara.submit(signed, to=f"{signed}/addenda", text=text, kind="correction")
    assert page.status == 400
    assert page.message("addendum-text")
    assert page.value("kind") == "correction"


def test_an_unknown_kind_of_addendum_is_refused(mara, signed):
    page = mara.post(f"{signed}/addenda", kind="erasure", text="x")
    assert page.status == 400
    assert "Added since" not in mara.open(signed).text


def test_an_unsigned_note_has_no_addenda(mara, notes):
    write(mara, notes, TEXT)
    early = mara.post(f"{notes}/addenda", kind="addendum", text="early")
    assert early.status == 409
    assert "not signed yet" in early.text
