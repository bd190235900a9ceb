"""What a room shows, folded from its events."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from app.kernel.clock import rfc3339
from app.room.events import PhaseEntered, SignalSent, VisitEnded
from app.room.phases import FIRST, MOVES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.room.events import Event

#: The kinds that change the state of a room; the fold may skip all others.
STATE_KINDS = (PhaseEntered.kind, SignalSent.kind, VisitEnded.kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event at its place in a channel."""

    channel: str
    seq: int
    key: str
    by: str
    at: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Signal:
    """The last signal that was sent."""

    signal: str
    participant: str
    seq: int
    at: str


@dataclass(frozen=True, slots=True)
class RoomState:
    """Where the visit stands."""

    phase: str = FIRST
    since: str | None = None
    begun: str | None = None
    signal: Signal | None = None
    ended: bool = False

    def to_wire(self) -> dict[str, Any]:
        """Return the state as `enter` sends it, with the phases that may follow."""
        return {**asdict(self), "next": [] if self.ended else list(MOVES[self.phase])}


def apply(state: RoomState, entry: Entry) -> RoomState:
    """Return the state after one more event of the channel `room`."""
    event, at = entry.event, rfc3339(entry.at)
    if isinstance(event, PhaseEntered):
        return replace(state, phase=event.phase, since=at, begun=state.begun or at)
    if isinstance(event, SignalSent):
        return replace(state, signal=Signal(event.signal, entry.by, entry.seq, at))
    if isinstance(event, VisitEnded):
        return replace(state, ended=True)
    return state


def fold(entries: Iterable[Entry], state: RoomState | None = None) -> RoomState:
    """Return the state after all entries, begun from nothing or from `state`."""
    folded = state or RoomState()
    for entry in entries:
        folded = apply(folded, entry)
    return folded
