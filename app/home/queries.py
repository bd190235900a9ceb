"""What each role's first page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.accounts.queries import everybody
from app.care.queries import circle_of, every_patient, patients_of
from app.notes.queries import unsigned_for
from app.readiness.queries import summary
from app.room.presence import AWAY, HERE
from app.room.queries import participants
from app.scheduling.queries import coming_visits_of, past_visits_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.accounts.models import Person
    from app.care.models import CareCircleMember, Patient
    from app.kernel.actor import Actor
    from app.notes.queries import Unsigned
    from app.readiness.queries import Summary
    from app.scheduling.models import Visit


@dataclass(frozen=True, slots=True)
class VisitToday:
    """A visit with what is known of it at this moment."""

    visit: Visit
    readiness: Summary
    patient_waits: bool
    therapist_waits: bool


@dataclass(frozen=True, slots=True)
class PatientDay:
    """The next visit, the ones after it, and those that were."""

    next: VisitToday | None
    later: Sequence[Visit]
    past: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class ClinicianDay:
    """Who waits, what comes, and what is unsigned."""

    waiting: list[VisitToday]
    coming: list[VisitToday]
    unsigned: list[Unsigned]
    patients: Sequence[Patient]


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the admin looks after."""

    people: Sequence[Person]
    circles: list[tuple[Patient, Sequence[CareCircleMember]]]


def patient_day(actor: Actor, now: datetime) -> PatientDay:
    """Return what a patient's first page shows."""
    coming = coming_visits_of(actor, after=now)
    ahead = [visit for visit in coming if visit.ends_at > now]
    first = _today(ahead[0], now) if ahead else None
    over = [visit for visit in coming if visit.ends_at <= now]
    past = [*reversed(over), *past_visits_of(actor, before=now)]
    return PatientDay(next=first, later=ahead[1:], past=past)


def clinician_day(actor: Actor, now: datetime) -> ClinicianDay:
    """Return what a clinician's first page shows."""
    coming = [_today(visit, now) for visit in coming_visits_of(actor, after=now)]
    return ClinicianDay(
        waiting=[each for each in coming if each.patient_waits],
        coming=coming,
        unsigned=unsigned_for(actor),
        patients=patients_of(actor),
    )


def clinic() -> Clinic:
    """Return what the admin's first page shows: accounts and circles, nothing clinical."""
    circles = [(patient, circle_of(patient)) for patient in every_patient()]
    return Clinic(people=everybody(), circles=circles)


def _today(visit: Visit, now: datetime) -> VisitToday:
    present = {row.role for row, _ in participants(visit.id) if row.state in {HERE, AWAY}}
    return VisitToday(
        visit=visit,
        readiness=summary(visit, now),
        patient_waits="patient" in present,
        therapist_waits="therapist" in present,
    )
