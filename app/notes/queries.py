"""Finding notes through the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, or_, select

from app.kernel import clock
from app.kernel.db import db
from app.notes.models import (
    IntegrationAddendum,
    IntegrationNote,
    PsychotherapyAddendum,
    PsychotherapyNote,
)
from app.notes.policy import may_sign
from app.notes.rules import Layer
from app.scheduling.models import Visit
from app.scheduling.queries import visits_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from app.kernel.actor import Actor
    from app.notes.models import Addendum, Note


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A visit that has begun and whose shared note nobody has signed; `missing`: nor written."""

    visit: Visit
    age: timedelta
    missing: bool


def select_note(actor: Actor, visit: Visit, layer: Layer) -> Select[Any]:
    """Return the query for the one note of a layer that this person may hold of a visit.

    The visit was found through the person. A psychotherapy note is found by its author alone.
    """
    if layer is Layer.SHARED:
        return select(IntegrationNote).where(IntegrationNote.visit_id == visit.id)
    return select(PsychotherapyNote).where(
        PsychotherapyNote.visit_id == visit.id, PsychotherapyNote.author_id == actor.person_id
    )


def find_note(actor: Actor, visit: Visit, layer: Layer) -> Note | None:
    """Return the note, None when nobody saved anything yet."""
    found: Note | None = db.session.scalar(select_note(actor, visit, layer))
    return found if found is not None and found.version else None


def addenda_of(note: Note) -> Sequence[Addendum]:
    """Return what was added to a signed note, in order."""
    table: type[IntegrationAddendum | PsychotherapyAddendum] = (
        IntegrationAddendum if isinstance(note, IntegrationNote) else PsychotherapyAddendum
    )
    query: Select[Any] = select(table).where(table.note_id == note.id)
    return db.session.scalars(query.order_by(table.added_at, table.id)).all()


def unsigned_for(actor: Actor, *, now: datetime | None = None, limit: int = 50) -> list[Unsigned]:
    """Return the visits that have begun and whose shared note waits for a clinician's signature.

    Oldest first, with the time since the planned end. Nothing for those who do not sign.
    """
    if not may_sign(actor):
        return []
    now = now or clock.now()
    query = (
        visits_of(actor)
        .outerjoin(IntegrationNote, IntegrationNote.visit_id == Visit.id)
        .where(
            or_(Visit.cancelled_at.is_(None), IntegrationNote.version > 0),
            Visit.starts_at <= now,
            IntegrationNote.signed_at.is_(None),
        )
        .add_columns(IntegrationNote.version)
        .limit(limit)
    )
    rows = db.session.execute(query).all()
    return [
        Unsigned(visit, max(now - visit.ends_at, now - now), not version) for visit, version in rows
    ]


def signed_at(visit: Visit) -> datetime | None:
    """Return when the shared note of a visit was signed, None while it is not."""
    query = select(IntegrationNote.signed_at).where(IntegrationNote.visit_id == visit.id)
    return db.session.scalar(query)
