"""What a note's text may be, its fingerprint, and how words are quoted."""

import hashlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.kernel.errors import BadRequest
from app.notes.rules import LONGEST_NOTE, canonical, fingerprint, quotation, with_quotation

AT = datetime(2026, 1, 10, 13, 3, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))


def test_the_stored_form_has_newlines_and_nothing_white_around():
    assert canonical("  one\r\ntwo\rthree\n\n") == "one\ntwo\nthree"


@pytest.mark.parametrize("text", [None, 7, {"a": 1}, ["x"], "a\x00b", "a\x1bb", "half \ud83d"])
def test_what_is_no_text_is_refused_at_the_field(text):
    with pytest.raises(BadRequest) as refused:
        canonical(text)
    assert refused.value.field == "text"


def test_the_longest_note_is_kept_and_one_letter_more_is_refused_with_the_number():
    assert canonical("a" * LONGEST_NOTE)
    with pytest.raises(BadRequest, match="100,001 characters"):
        canonical("a" * (LONGEST_NOTE + 1))


def test_the_fingerprint_is_that_of_the_shown_text_in_a_file():
    assert fingerprint("the sea, früh") == hashlib.sha256("the sea, früh".encode()).hexdigest()


def test_every_quoted_line_carries_the_mark_and_the_first_the_time_with_its_zone():
    quoted = quotation("It is quiet.\n\nI am here.", who="Ada Brandt", at=AT)
    assert quoted == "> 14:03 CET Ada Brandt: It is quiet.\n>\n> I am here."


def test_a_quotation_goes_under_the_text_with_a_line_between():
    assert with_quotation("", "> x") == "> x\n"
    assert with_quotation("before", "> x") == "before\n\n> x\n"
