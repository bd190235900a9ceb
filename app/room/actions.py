"""What happens in a room, apart from coming and going (presence)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audit.actions import record
from app.kernel.db import after_commit, db
from app.kernel.errors import BadRequest, NotFound, NotNow
from app.kernel.ids import derived_id, new_id
from app.readiness.queries import gate
from app.room import log, wire
from app.room.events import MessagePosted, MessageWithdrawn, PhaseEntered, VisitEnded
from app.room.models import Mark, Participant
from app.room.phases import DOSING, LAST, NAMES, is_legal
from app.room.policy import require_may_append
from app.room.queries import seat_from, seat_of, state_of
from app.room.standing import standing
from app.scheduling.models import Visit
from app.scheduling.queries import visit_of

if TYPE_CHECKING:
    from app.kernel.actor import Actor
    from app.readiness.gate import Gate
    from app.room.events import Event
    from app.room.log import Appended
    from app.room.seats import Seat


def take_seat(visit_id: str, *, by: Actor) -> Seat:
    """Return the person's seat in a visit, giving them one if they never had it.

    Raises NotFound when they may not know of the visit.
    """
    seat = seat_of(by, visit_id)
    if seat is not None:
        return seat
    visit = visit_of(by, visit_id)
    row = Participant(
        id=new_id(), visit_id=visit.id, person_id=by.person_id, role=by.role.value, state="left"
    )
    db.session.add(row)
    db.session.flush()  # events refer to the row in the same transaction
    record("room.seat_taken", by=by, about="visit", about_id=visit.id)
    return seat_from(row, visit.patient_id, by)


def append(seat: Seat, channel: str, event: Event, *, key: str) -> Appended:
    """Add a participant's event to a channel.

    Raises NotFound for what this seat may not do, NotNow for what the phase or the gate forbids,
    BadRequest for what makes no sense.
    """
    require_may_append(seat, channel, event.kind)
    # Asked before the channel is locked: clearing the check locks in this order too.
    passed = _gate_for(seat, event)
    appended = log.append(
        seat, channel, event, key=key, allow=lambda: _require_sense(seat, channel, event, passed)
    )
    if isinstance(event, PhaseEntered) and event.phase == LAST and not appended.repeat:
        log.append(seat, channel, VisitEnded(), key=derived_id(seat.visit_id, VisitEnded.kind))
        log.close(seat.visit_id)
        record("visit.ended", by=seat.actor, about="visit", about_id=seat.visit_id)
    return appended


@dataclass(frozen=True, slots=True)
class Append:
    """`append` as a work of the group commit, which prepares the log for all of a batch."""

    seat: Seat
    channel: str
    event: Event
    key: str

    @property
    def appends(self) -> tuple[str, str, str] | None:
        """The visit, the participant and the key; None where another lock comes first."""
        if _enters_dosing(self.event):
            return None
        return self.seat.visit_id, self.seat.participant_id, self.key

    def __call__(self) -> Appended:
        """Add the event."""
        return append(self.seat, self.channel, self.event, key=self.key)


def mark(seat: Seat, channel: str, *, delivered: int, read: int) -> Mark:
    """Move a seat's marks in a channel forward, never back and never past the last event."""
    seat.require(channel)
    head = log.heads(seat.visit_id)[channel]
    kept = db.session.get(Mark, (seat.participant_id, channel), with_for_update=True)
    if kept is None:
        kept = Mark(participant_id=seat.participant_id, channel=channel, delivered=0, read=0)
        db.session.add(kept)
    before = (kept.delivered, kept.read)
    kept.read = max(kept.read, min(read, head))
    kept.delivered = max(kept.delivered, min(delivered, head), kept.read)
    if (kept.delivered, kept.read) != before:
        receipt = wire.receipt(seat.visit_id, kept)
        after_commit(lambda: standing.tell("receipt", receipt))
    return kept


def _gate_for(seat: Seat, event: Event) -> Gate | None:
    """Return the gate that this event must pass, with the check held still; None: it needs none."""
    if not _enters_dosing(event):
        return None
    return gate(db.session.get_one(Visit, seat.visit_id))


def _enters_dosing(event: Event) -> bool:
    return isinstance(event, PhaseEntered) and event.phase == DOSING


def _require_sense(seat: Seat, channel: str, event: Event, passed: Gate | None) -> None:
    if isinstance(event, PhaseEntered):
        _require_legal_move(seat, event.phase)
        if passed is not None and not passed.open:
            raise NotNow(passed.why)
    elif isinstance(event, MessageWithdrawn):
        _require_own_message(seat, channel, event.seq)


def _require_legal_move(seat: Seat, phase: str) -> None:
    state = state_of(seat)
    if state.ended or not is_legal(state.phase, phase):
        message = f"From “{NAMES[state.phase]}” the visit cannot go to “{NAMES[phase]}”."
        raise NotNow(message)


def _require_own_message(seat: Seat, channel: str, seq: int) -> None:
    entry = log.find(seat, channel, seq)
    if entry.by != seat.participant_id:
        raise NotFound
    if not isinstance(entry.event, MessagePosted):
        message = "Only a message can be taken back."
        raise BadRequest(message, field="seq")
    later = log.read(seat, channel, after=seq, kinds=(MessageWithdrawn.kind,), limit=10_000)
    if any(isinstance(e.event, MessageWithdrawn) and e.event.seq == seq for e in later):
        message = "This message is withdrawn already."
        raise NotNow(message)
