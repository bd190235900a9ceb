"""Finding seats, people and states of a room, through the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from app.accounts.models import Person
from app.kernel.actor import Role
from app.kernel.db import db
from app.room import log, wire
from app.room.events import MessagePosted, MessageWithdrawn
from app.room.folds import STATE_KINDS, RoomState, fold
from app.room.models import Mark, Participant
from app.room.seats import ROOM, Seat
from app.room.sentences import sentence
from app.scheduling.queries import visit_of
from app.web.rounds import by_stretches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.kernel.actor import Actor
    from app.room.folds import Entry
    from app.scheduling.models import Visit

# Made once: everybody who enters asks, and building them costs more than running them.
_PEOPLE = (
    select(
        Participant.id,
        Participant.role,
        Participant.state,
        Participant.since,
        Participant.last_seen_at,
        Person.name,
    )
    .join(Person, Person.id == Participant.person_id)
    .where(Participant.visit_id == bindparam("visit"))
    .order_by(Participant.id)
)
_MARKS = (
    select(Mark)
    .join(Participant, Participant.id == Mark.participant_id)
    .where(Participant.visit_id == bindparam("visit"))
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a visit's conversation, as people read it."""

    seq: int
    at: datetime
    participant: str
    who: str
    role: str
    own: bool
    kind: str
    text: str
    withdrawn: bool = False


def seat_of(actor: Actor, visit_id: str) -> Seat | None:
    """Return the person's seat in a visit, None when they never took one.

    Raises NotFound when they may not know of the visit.
    """
    visit = visit_of(actor, visit_id)
    query = select(Participant).where(
        Participant.visit_id == visit.id, Participant.person_id == actor.person_id
    )
    row = db.session.scalar(query)
    return seat_from(row, visit.patient_id, actor) if row else None


def seat_from(row: Participant, patient_id: str, actor: Actor) -> Seat:
    """Return the seat that a participant's row stands for."""
    return Seat(row.visit_id, patient_id, row.id, row.role, actor)


def participants(visit_id: str) -> Sequence[tuple[Participant, Person]]:
    """Return who has a seat in a visit, with their names, in the order of coming."""
    query = (
        select(Participant, Person)
        .join(Person, Person.id == Participant.person_id)
        .where(Participant.visit_id == visit_id)
        .order_by(Participant.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def people(visit_id: str) -> list[dict[str, Any]]:
    """Return everybody's name, role and presence as the wire shows them."""
    return [
        {**wire.presence(row), "role": row.role, "name": row.name}
        for row in db.session.execute(_PEOPLE, {"visit": visit_id})
    ]


def roles(visit_id: str) -> dict[str, str]:
    """Return each participant's role."""
    return {row.id: row.role for row in db.session.execute(_PEOPLE, {"visit": visit_id})}


def state_of(seat: Seat) -> RoomState:
    """Return where the visit stands, at the same cost however long it is.

    The first and the last fact of each kind fold to the same state as all of them.
    """
    return fold(log.read_edges(seat, ROOM, STATE_KINDS))


def answer_after(seat: Seat, seq: int) -> int:
    """Return the number of the first message of a clinician after `seq`, 0 when there is none."""
    clinicians = [id_ for id_, role in roles(seat.visit_id).items() if role != Role.PATIENT]
    return log.first_seq(seat, ROOM, kind=MessagePosted.kind, by=clinicians, after=seq)


def marks(visit_id: str) -> Sequence[Mark]:
    """Return how far everybody got in each channel."""
    return db.session.scalars(_MARKS, {"visit": visit_id}).all()


def marks_of(seat: Seat) -> dict[str, Mark]:
    """Return how far this seat got in each channel."""
    return {m.channel: m for m in marks(seat.visit_id) if m.participant_id == seat.participant_id}


def receipts(seat: Seat) -> list[dict[str, Any]]:
    """Return how far everybody else got in each channel that the seat hears, as on the wire."""
    return [
        wire.receipt(seat.visit_id, mark)
        for mark in marks(seat.visit_id)
        if mark.participant_id != seat.participant_id and mark.channel in seat.channels
    ]


def page(seat: Seat, channel: str, *, after: int, limit: int) -> dict[str, Any]:
    """Return one page of a channel as `catch_up` answers it."""
    entries = log.read(seat, channel, after=after, limit=limit)
    head = log.heads(seat.visit_id)[channel]
    last = entries[-1].seq if entries else after
    return {"events": on_wire(seat, entries), "head": head, "more": last < head}


def on_wire(seat: Seat, entries: list[Entry]) -> list[dict[str, Any]]:
    """Return entries as the wire shows them."""
    if not entries:
        return []
    known = roles(seat.visit_id)
    return [
        wire.event(seat.visit_id, entry, known[entry.by])
        for entry in by_stretches(entries, log.AT_A_STRETCH)
    ]


def transcript(
    actor: Actor, visit: Visit, *, last: int | None = None, before: int | None = None
) -> list[Line]:
    """Return the visit's conversation in the channel `room` as `actor` may read it, oldest first.

    `before` ends it before that number; `last` keeps only that many lines from the end. Somebody
    without a seat reads it too, if the visit is theirs to see.
    """
    known = {row.id: (row, person) for row, person in participants(visit.id)}
    own = next((id_ for id_, (row, _) in known.items() if row.person_id == actor.person_id), "")
    seat = Seat(visit.id, visit.patient_id, own, actor.role, actor)
    end = before - 1 if before else log.heads(visit.id).get(ROOM, 0)
    entries = _stretch(seat, after=max(0, end - last) if last else 0, end=end)
    gone = {e.event.seq for e in entries if isinstance(e.event, MessageWithdrawn)}
    if before:
        later = log.read(seat, ROOM, after=end, kinds=[MessageWithdrawn.kind], limit=10_000)
        gone |= {e.event.seq for e in later if isinstance(e.event, MessageWithdrawn)}
    names = {id_: (person.name, row.role) for id_, (row, person) in known.items()}
    return [
        _line(entry, names, own, withdrawn=entry.seq in gone)
        for entry in entries
        if not isinstance(entry.event, MessageWithdrawn)
    ]


def _stretch(seat: Seat, *, after: int, end: int) -> list[Entry]:
    """Return the events after a number up to another."""
    entries: list[Entry] = []
    while after < end and (page := log.read(seat, ROOM, after=after, limit=min(500, end - after))):
        entries += page
        after = page[-1].seq
    return entries


def _line(entry: Entry, names: dict[str, tuple[str, str]], own: str, *, withdrawn: bool) -> Line:
    who, role = names.get(entry.by, ("", ""))
    return Line(
        seq=entry.seq,
        at=entry.at,
        participant=entry.by,
        who=who,
        role=role,
        own=entry.by == own,
        kind=entry.event.kind,
        text=sentence(entry.event, who),
        withdrawn=withdrawn,
    )
