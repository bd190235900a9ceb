"""A psychotherapy note: for its author alone, by every door and in the record."""

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.kernel.db import db
from tests.cast import ADA, INES, MARA, NOOR, THEO
from tests.notes.conftest import autosave, sign, write

TEXT = "My own thought about the silence."


@pytest.fixture
def hers(mara, private):
    write(mara, private, TEXT)
    return private


def test_the_author_writes_reads_signs_and_adds(mara, private):
    assert "Only you can ever read this." in mara.open(private).text
    write(mara, private, TEXT)
    assert mara.open(private).value("text") == TEXT
    assert "Signed by Mara Ellis" in sign(mara, private).text
    mara.submit(private, to=f"{private}/addenda", text="Later: he called.")
    assert "Later: he called." in mara.open(private).text
    assert autosave(mara, private, "other", 1).status == 409


def test_another_clinician_of_the_circle_has_a_note_of_their_own(browser, hers):
    theo = browser(THEO)
    page = theo.open(hers)
    assert page.value("text") == ""
    assert TEXT not in page.source
    assert theo.open(f"{hers}/latest").json["version"] == 0
    assert autosave(theo, hers, "Theo’s", 1).json["theirs"] == ""
    assert autosave(theo, hers, "Theo’s", 0).json["version"] == 1
    assert browser(MARA).open(hers).value("text") == TEXT


def test_another_clinician_cannot_sign_or_add_to_it(browser, hers):
    theo = browser(THEO)
    assert theo.post(f"{hers}/sign", version=1).status == 404
    assert theo.post(f"{hers}/addenda", kind="addendum", text="x").status == 409
    page = browser(MARA).open(hers)
    assert page.value("text") == TEXT
    assert "Signed by" not in page.text


@pytest.mark.parametrize("figure", [ADA, INES, NOOR])
def test_for_patient_admin_and_strangers_it_does_not_exist(browser, hers, figure):
    who = browser(figure)
    for door in ("", "/latest", "/sign"):
        assert who.open(hers + door).status == 404
    for door in ("", "/sign", "/addenda"):
        sent = {"text": "x", "base_version": 1, "version": 1, "kind": "addendum"}
        assert who.post(hers + door, **sent).status == 404
    assert autosave(who, hers, "x", 1).status == 404


def test_it_is_on_nobody_elses_page(browser, mara, private, notes):
    write(mara, private, TEXT)
    write(mara, notes, "shared")
    for figure in (ADA, THEO):
        assert TEXT not in browser(figure).open(notes).source
    assert TEXT not in mara.open(notes).source


def test_it_gives_no_hint_to_pages_that_watch_the_visit(socket, browser, clinic, private, notes):
    watching = socket(ADA)
    assert watching.send("watch", {"visit": clinic.visit.id})["ok"]
    mara = browser(MARA)
    autosave(mara, private, TEXT)
    assert watching.heard("changed") == []
    autosave(mara, notes, "shared")
    assert [each["what"] for each in watching.heard("changed")] == ["notes"]


def test_every_view_save_and_signature_is_written_down_without_a_word_of_it(mara, hers):
    mara.open(hers)
    sign(mara, hers)
    entries = db.session.scalars(select(AuditEntry)).all()
    acts = {entry.action for entry in entries}
    assert {"note.private.read", "note.private.saved", "note.private.signed"} <= acts
    assert all(TEXT not in str(entry.facts) for entry in entries)
