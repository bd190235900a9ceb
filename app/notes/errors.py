"""Why a note is not saved. Each carries what stands in its place, so that no text is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.kernel.errors import NotNow

if TYPE_CHECKING:
    from datetime import datetime

    from app.notes.models import Note


@dataclass(frozen=True, slots=True)
class Standing:
    """A note as it stood when a save was refused, whatever becomes of the row."""

    text: str
    version: int
    who: str
    at: datetime | None

    @classmethod
    def of(cls, note: Note) -> Standing:
        """Take down what stands now and who saved it."""
        who = note.saved_by.name if note.saved_by else ""
        return cls(text=note.text, version=note.version, who=who, at=note.saved_at)


class Superseded(NotNow):
    """The text was not saved because of what stands now."""

    signed = False

    def __init__(self, note: Note) -> None:
        """Keep the note as it stands."""
        super().__init__()
        self.standing = Standing.of(note)


class StaleSave(Superseded):
    """Somebody saved the note after this person had last read it."""

    default = "This note was saved by someone else while you were writing. Both texts are kept."


class AlreadySigned(Superseded):
    """The note is signed: only addenda can follow."""

    default = "This note is signed. It cannot change any more, but you can add to it."
    signed = True
