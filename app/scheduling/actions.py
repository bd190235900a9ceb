"""What happens to visits in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audit.actions import record
from app.kernel import clock
from app.kernel.announce import announce
from app.kernel.db import db
from app.kernel.errors import BadRequest, NotNow
from app.kernel.ids import new_id
from app.scheduling.models import Visit, VisitKind
from app.scheduling.queries import is_taken

if TYPE_CHECKING:
    from datetime import datetime

    from app.care.models import Patient
    from app.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class VisitPlanned:
    """A visit was made; what belongs to it can be prepared in the same transaction."""

    visit: Visit
    by: Actor


@dataclass(frozen=True, slots=True)
class VisitCancelled:
    """A visit will not take place."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class VisitRestored:
    """A cancelled visit will take place after all."""

    visit: Visit


def plan_visit(
    patient: Patient, *, kind: VisitKind, starts_at: datetime, minutes: int, by: Actor
) -> Visit:
    """Plan a visit of `patient` with the therapist who acts, at an aware time.

    Raises BadRequest when the patient has one at that very time, as after a double click.
    """
    if is_taken(patient.id, starts_at):
        message = "There is already a visit at this time."
        raise BadRequest(message, field="starts_at")
    visit = Visit(
        id=new_id(),
        patient_id=patient.id,
        therapist_id=by.person_id,
        kind=kind.value,
        starts_at=starts_at,
        minutes=minutes,
        created_at=clock.now(),
    )
    db.session.add(visit)
    db.session.flush()  # what belongs to the visit refers to the row in the same transaction
    record("visit.planned", by=by, about="visit", about_id=visit.id, kind=kind.value)
    announce(VisitPlanned(visit=visit, by=by))
    return visit


def cancel_visit(visit: Visit, *, by: Actor) -> Visit:
    """Cancel a visit that has not begun. Raises NotNow when it is over or cancelled already."""
    if visit.cancelled_at is not None or visit.ends_at <= clock.now():
        message = "This visit is over or cancelled already."
        raise NotNow(message)
    visit.cancelled_at = clock.now()
    record("visit.cancelled", by=by, about="visit", about_id=visit.id)
    announce(VisitCancelled(visit))
    return visit


def restore_visit(visit: Visit, *, by: Actor) -> Visit:
    """Take a cancellation back. Raises NotNow when the visit is not cancelled."""
    if visit.cancelled_at is None:
        message = "This visit is not cancelled."
        raise NotNow(message)
    visit.cancelled_at = None
    record("visit.restored", by=by, about="visit", about_id=visit.id)
    announce(VisitRestored(visit))
    return visit
