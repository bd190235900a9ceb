"""Finding visits through the person who asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from app.care.queries import patient_ids_of
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.scheduling.models import Visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.kernel.actor import Actor


def visits_of(actor: Actor) -> Select[Visit]:
    """Return the query for the visits that `actor` may know of, earliest first."""
    known = Visit.patient_id.in_(patient_ids_of(actor))
    return select(Visit).where(known).order_by(Visit.starts_at)


def visit_of(actor: Actor, visit_id: str) -> Visit:
    """Return one visit. Raises NotFound when `actor` may not know of it."""
    found = db.session.scalar(visits_of(actor).where(Visit.id == visit_id))
    if found is None:
        raise NotFound
    return found


def coming_visits_of(actor: Actor, *, after: datetime, limit: int = 50) -> Sequence[Visit]:
    """Return the visits that are not cancelled and not long over, earliest first."""
    query = visits_of(actor).where(
        Visit.cancelled_at.is_(None), Visit.starts_at > after - timedelta(hours=12)
    )
    return db.session.scalars(query.limit(limit)).all()


def past_visits_of(actor: Actor, *, before: datetime, limit: int = 50) -> Sequence[Visit]:
    """Return the visits that began longer than 12 hours ago, latest first."""
    over = Visit.starts_at <= before - timedelta(hours=12)
    query = visits_of(actor).where(Visit.cancelled_at.is_(None), over)
    latest_first = query.order_by(None).order_by(Visit.starts_at.desc())
    return db.session.scalars(latest_first.limit(limit)).all()


def cancelled_visits_of(actor: Actor, *, after: datetime, limit: int = 20) -> Sequence[Visit]:
    """Return the visits that would still lie ahead but are cancelled, earliest first."""
    query = visits_of(actor).where(Visit.cancelled_at.is_not(None), Visit.starts_at > after)
    return db.session.scalars(query.limit(limit)).all()


def is_taken(patient_id: str, starts_at: datetime) -> bool:
    """Tell whether the patient has a visit, not cancelled, that starts at this very time."""
    query = select(Visit.id).where(
        Visit.patient_id == patient_id, Visit.starts_at == starts_at, Visit.cancelled_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None
