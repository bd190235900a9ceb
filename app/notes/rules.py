"""What a note's text may be, what its signature covers, and how words are quoted into it."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.kernel.errors import BadRequest
from app.web.text import clean, is_storable

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_NOTE: Final = 100_000
LONGEST_ADDENDUM: Final = 10_000


class Layer(StrEnum):
    """Whose a note is. The layers have tables, pages and doors of their own."""

    SHARED = "shared"
    PRIVATE = "private"


class AddendumKind(StrEnum):
    """Why something is added to a signed note (clinical.md 5.3)."""

    ADDENDUM = "addendum"
    LATE_ENTRY = "late_entry"
    CORRECTION = "correction"


#: What people read.
KIND_NAMES: Final = {
    AddendumKind.ADDENDUM: "Addendum: something new",
    AddendumKind.LATE_ENTRY: "Late entry: remembered afterwards",
    AddendumKind.CORRECTION: "Correction: something is wrong above",
}


def canonical(text: object, *, longest: int = LONGEST_NOTE) -> str:
    """Return the text in the one form that is stored, compared and signed.

    Line ends become newlines and the white space around the whole is dropped; nothing else
    changes. Raises BadRequest for what is no text, too long, or holds control characters.
    """
    if not isinstance(text, str):
        raise BadRequest("A note needs its text.", field="text")
    text = clean(text)
    if len(text) > longest:
        raise BadRequest(
            f"This has {len(text):,} characters; at most {longest:,} can be kept.", field="text"
        )
    if not is_storable(text):
        raise BadRequest(
            "This text holds a character that cannot be kept. Please remove it.", field="text"
        )
    return text


def fingerprint(text: str) -> str:
    """Return the SHA-256, in hexadecimal, of a signed note.

    Hashed is the canonical text in UTF-8 and nothing else: no author, no time, no newline at the
    end. Whoever saves the shown text to a file as it stands gets the same from `sha256sum`.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def quotation(text: str, *, who: str, at: datetime) -> str:
    """Return somebody's words as they stand in a note: `> 14:03 CET Name: words`.

    `at` is in the zone of the person who quotes. Every line of the words carries the mark.
    """
    words = f"{at:%H:%M %Z} {who}: {text}"
    return "\n".join(f"> {line}".rstrip() for line in words.split("\n"))


def with_quotation(text: str, quoted: str) -> str:
    """Return a note with a quotation under it."""
    return f"{text}\n\n{quoted}\n" if text else f"{quoted}\n"
