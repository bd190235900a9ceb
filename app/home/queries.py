"""What each role's first page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts.queries import everybody
from app.care.card import missing
from app.care.queries import every_circle, patients_of
from app.home import rules
from app.kernel.db import db
from app.notes.queries import unsigned_for
from app.readiness.policy import may_answer
from app.readiness.queries import state_of, summaries
from app.room.models import Participant, VisitChannel
from app.room.presence import AWAY, HERE
from app.room.seats import ROOM
from app.scheduling.queries import cancelled_visits_of, coming_visits_of, past_visits_of

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
class Presence:
    """Since when somebody of each role is in a visit's room; a role that is not there is absent."""

    since: dict[str, datetime | None]

    @property
    def patient_waits(self) -> bool:
        """Tell whether the patient is in the room and no therapist is."""
        return "patient" in self.since and "therapist" not in self.since

    @property
    def is_meeting(self) -> bool:
        """Tell whether patient and therapist are in the room together."""
        return {"patient", "therapist"} <= self.since.keys()


@dataclass(frozen=True, slots=True)
class NextVisit:
    """A patient's next visit, how far their own part of the check is, and what to do now."""

    visit: Visit
    step: rules.Step
    result: str
    answered: int
    total: int
    therapist_is_here: bool
    is_today: bool


@dataclass(frozen=True, slots=True)
class PatientDay:
    """The next visit, the ones after it, those that were, and those that will not be."""

    next: NextVisit | None
    later: Sequence[Visit]
    past: Sequence[Visit]
    cancelled: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class VisitToday:
    """A visit with what is known of it at this moment."""

    visit: Visit
    readiness: Summary
    presence: Presence
    is_today: bool


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient of the clinician, and what their contact card lacks."""

    patient: Patient
    missing: list[str]


@dataclass(frozen=True, slots=True)
class ClinicianDay:
    """Who waits, what comes, what is unsigned, and whose circles one belongs to."""

    waiting: list[VisitToday]
    coming: list[VisitToday]
    unsigned: list[Unsigned]
    cancelled: Sequence[Visit]
    patients: list[PatientLine]


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the admin looks after."""

    people: Sequence[Person]
    circles: list[tuple[Patient, list[CareCircleMember]]]


def patient_day(actor: Actor, now: datetime) -> PatientDay:
    """Return what a patient's first page shows."""
    coming = coming_visits_of(actor, after=now)
    ahead = _not_over(coming, now)
    over = [visit for visit in coming if visit not in ahead]
    return PatientDay(
        next=_next(ahead[0], actor, now) if ahead else None,
        later=ahead[1:],
        past=[*reversed(over), *past_visits_of(actor, before=now)],
        cancelled=cancelled_visits_of(actor, after=now),
    )


def clinician_day(actor: Actor, now: datetime) -> ClinicianDay:
    """Return what a clinician's first page shows."""
    visits = _not_over(coming_visits_of(actor, after=now), now)
    presences, checks = _presences(visits), summaries(visits, now)
    coming = [
        VisitToday(
            visit=visit,
            readiness=checks[visit.id],
            presence=presences[visit.id],
            is_today=_is_today(visit, actor, now),
        )
        for visit in visits
    ]
    return ClinicianDay(
        waiting=[each for each in coming if each.presence.patient_waits],
        coming=coming,
        unsigned=unsigned_for(actor, now=now),
        cancelled=cancelled_visits_of(actor, after=now),
        patients=[PatientLine(each, missing(each.card)) for each in patients_of(actor)],
    )


def clinic() -> Clinic:
    """Return what the admin's first page shows: accounts and circles, nothing clinical."""
    return Clinic(people=everybody(), circles=every_circle())


def _next(visit: Visit, actor: Actor, now: datetime) -> NextVisit:
    check = state_of(visit, at=now)
    asked = [item for item in check.items if may_answer(actor, item.item)]
    to_answer = sum(item.needs_answer for item in asked)
    is_here = "therapist" in _presences([visit])[visit.id].since
    return NextVisit(
        visit=visit,
        step=rules.next_step(visit.starts_at, now, to_answer=to_answer, is_expected=is_here),
        result=check.result,
        answered=len(asked) - to_answer,
        total=len(asked),
        therapist_is_here=is_here,
        is_today=_is_today(visit, actor, now),
    )


def _is_today(visit: Visit, actor: Actor, now: datetime) -> bool:
    """Tell whether a visit is on this day where the person is, or has begun."""
    here = ZoneInfo(actor.zone)
    return visit.starts_at.astimezone(here).date() <= now.astimezone(here).date()


def _not_over(visits: Sequence[Visit], now: datetime) -> list[Visit]:
    """Return the visits whose room is open and whose time has not long passed."""
    ended = select(VisitChannel.visit_id).where(
        VisitChannel.visit_id.in_([visit.id for visit in visits]),
        VisitChannel.channel == ROOM,
        VisitChannel.closed_at.is_not(None),
    )
    closed = set(db.session.scalars(ended)) if visits else set()
    return [
        visit
        for visit in visits
        if visit.id not in closed and now < visit.ends_at + rules.RUNS_OVER
    ]


def _presences(visits: Sequence[Visit]) -> dict[str, Presence]:
    """Return who is in the rooms of these visits, by one question for all of them."""
    found = {visit.id: Presence({}) for visit in visits}
    query = select(Participant).where(
        Participant.visit_id.in_(list(found)), Participant.state.in_([HERE, AWAY])
    )
    for row in db.session.scalars(query) if visits else ():
        found[row.visit_id].since[row.role] = row.since
    return found
