"""What was said stands beside the note and can be quoted into it."""

import pytest

from tests.cast import ADA, MARA


@pytest.fixture
def said(socket, clinic):
    """Ada says two things and takes the second back."""
    ada = socket(ADA)
    ada.enter(clinic.visit.id)
    first = ada.append(clinic.visit.id, "message.posted", {"text": "It is quiet.\nI am here."})
    second = ada.append(clinic.visit.id, "message.posted", {"text": "Forget this."})
    ada.append(clinic.visit.id, "message.withdrawn", {"seq": second["seq"]})
    return first["seq"], second["seq"]


def test_the_transcript_stands_beside_the_note_without_what_was_taken_back(mara, notes, said):
    page = mara.open(notes)
    assert "It is quiet." in page.text
    assert "Forget this." not in page.source
    assert [int(button["value"]) for button in page.all("button[name=quote]")] == [said[0]]


def test_a_button_quotes_a_message_with_time_zone_and_name(mara, notes, said):
    page = mara.open(notes)
    typed = {"text": "He arrived.", "base_version": "0"}
    saved = mara.post(notes, **typed, quote=str(said[0]))
    lines = saved.value("text").split("\n")
    assert page.one("button[name=quote]")["data-quoted"] == "\n".join(lines[2:])
    assert lines[0] == "He arrived."
    assert lines[2].endswith(" Ada Brandt: It is quiet.")
    assert " CET " in lines[2] or " CEST " in lines[2]
    assert lines[3] == "> I am here."


def test_what_was_taken_back_or_never_said_is_not_quoted(mara, notes, said):
    mara.post(notes, text="one", base_version="0", quote=str(said[1]))
    assert mara.open(notes).value("text") == "one"
    mara.post(notes, text="two", base_version="1", quote="9999")
    assert mara.open(notes).value("text") == "two"


def test_the_private_page_quotes_too(browser, private, said):
    mara = browser(MARA)
    assert mara.open(private).all("button[name=quote]")
    saved = mara.post(private, text="", base_version="0", quote=str(said[0]))
    assert "Ada Brandt: It is quiet." in saved.value("text")


def test_once_signed_nothing_is_quoted_any_more(mara, notes, said):
    assert said
    mara.post(notes, text="one", base_version="0")
    mara.post(f"{notes}/sign", version="1")
    page = mara.open(notes)
    assert "It is quiet." in page.text
    assert not page.all("button[name=quote]")
