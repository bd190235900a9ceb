"""What happens to notes: saved, signed, added to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from app.audit.actions import record
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import BadRequest, NotFound, NotNow
from app.kernel.ids import new_id
from app.notes.errors import AlreadySigned, StaleSave
from app.notes.models import (
    IntegrationAddendum,
    IntegrationNote,
    PsychotherapyAddendum,
    PsychotherapyNote,
)
from app.notes.policy import may_sign, may_write
from app.notes.queries import select_note
from app.notes.rules import LONGEST_ADDENDUM, AddendumKind, Layer, canonical, fingerprint
from app.room.listeners import hint

if TYPE_CHECKING:
    from app.kernel.actor import Actor
    from app.notes.models import Addendum, Note
    from app.scheduling.models import Visit


def save_note(visit: Visit, layer: Layer, *, text: object, base_version: int, by: Actor) -> Note:
    """Keep the text as the note's next version, written over the version `base_version`.

    Text that is there already stays as it is and never conflicts. Raises AlreadySigned, and
    StaleSave when another version was saved meanwhile; both carry the note that stands.
    """
    kept = canonical(text)
    note = _held(visit, layer, by)
    if note.signed_at is not None:
        raise AlreadySigned(note)
    if note.text == kept:
        return note
    if note.version != base_version:
        raise StaleSave(note)
    note.text = kept
    note.version += 1
    note.saved_at, note.saved_by_id = clock.now(), by.person_id
    _tell("saved", note, layer, by)
    return note


def sign_note(visit: Visit, layer: Layer, *, version: int, by: Actor) -> Note:
    """Freeze the version that the signer has read, with their name, the time and its fingerprint.

    Raises NotFound for those who do not sign, AlreadySigned, StaleSave when another version was
    saved meanwhile, BadRequest when there is nothing to sign.
    """
    if not may_sign(by):
        raise NotFound
    note = _held(visit, layer, by)
    if note.signed_at is not None:
        raise AlreadySigned(note)
    if note.version != version:
        raise StaleSave(note)
    if not note.text:
        raise BadRequest("Write something before you sign.", field="text")
    note.sha256 = fingerprint(note.text)
    note.signed_at, note.signed_by_id = clock.now(), by.person_id
    _tell("signed", note, layer, by)
    return note


def add_addendum(
    visit: Visit, layer: Layer, *, kind: AddendumKind, text: str, by: Actor
) -> Addendum:
    """Add to a signed note. Raises NotNow while it can still be written itself."""
    text = canonical(text, longest=LONGEST_ADDENDUM)
    if not text:
        raise BadRequest("Write what you want to add.", field="text")
    note = _held(visit, layer, by)
    if note.signed_at is None:
        raise NotNow("This note is not signed yet: you can still write in it.")
    table = IntegrationAddendum if layer is Layer.SHARED else PsychotherapyAddendum
    addendum = table(
        id=new_id(), patient_id=note.patient_id, note_id=note.id, kind=kind.value,
        added_at=clock.now(), added_by_id=by.person_id,
    )  # fmt: skip
    addendum.text = text
    db.session.add(addendum)
    _tell("addendum", note, layer, by)
    return addendum


def record_reading(visit: Visit, layer: Layer, *, by: Actor) -> None:
    """Write down that somebody opened a note of a visit."""
    record(f"note.{layer}.read", by=by, about="visit", about_id=visit.id)


def _held(visit: Visit, layer: Layer, by: Actor) -> Note:
    """Return the note, its row locked to the end of the transaction; an empty one at first."""
    if not may_write(by, layer):
        raise NotFound
    query = (
        select_note(by, visit, layer).with_for_update().execution_options(populate_existing=True)
    )
    found: Note | None = db.session.scalar(query)
    if found is not None:
        return found
    _begin(visit, layer, by)
    made: Note = db.session.scalars(query).one()
    return made


def _begin(visit: Visit, layer: Layer, by: Actor) -> None:
    """Make the empty note; somebody who was quicker has made it already."""
    note: IntegrationNote | PsychotherapyNote = (
        IntegrationNote(id=new_id(), patient_id=visit.patient_id, visit_id=visit.id)
        if layer is Layer.SHARED
        else PsychotherapyNote(
            id=new_id(), patient_id=visit.patient_id, visit_id=visit.id, author_id=by.person_id
        )
    )
    note.version, note.text = 0, ""
    try:
        with db.session.begin_nested():
            db.session.add(note)
    except IntegrityError:
        return


def _tell(what: str, note: Note, layer: Layer, by: Actor) -> None:
    """Write the audit line; for the shared note, tell the pages that watch the visit."""
    record(f"note.{layer}.{what}", by=by, about="visit", about_id=note.visit_id, note=note.id,
           version=note.version)  # fmt: skip
    if layer is Layer.SHARED:
        hint(note.visit_id, "notes")
