"""The visit log: one way to write, one way to read.

Order of an append: lock the channel's row, look for the repeat, take the next number, insert,
commit (the door does), deliver. The row lock is held to the commit, so numbers are commit order
and a reader that asks "after N" misses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import insert, select, update

from app.kernel import clock
from app.kernel.db import after_commit, db
from app.kernel.errors import BadRequest, NotFound, NotNow
from app.kernel.vault import vault
from app.room import wire
from app.room.events import restore
from app.room.folds import Entry
from app.room.models import VisitChannel, VisitEvent
from app.web import sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sqlalchemy import Row, Table

    from app.room.events import Event
    from app.room.seats import Seat

_channels = cast("Table", VisitChannel.__table__)
_events = cast("Table", VisitEvent.__table__)


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an event stands in its channel; `repeat` says that it stood there already."""

    seq: int
    at: datetime
    repeat: bool = False


def append(
    seat: Seat, channel: str, event: Event, *, key: str, allow: Callable[[], None] | None = None
) -> Appended:
    """Add a fact to a channel, in the name of the seat's participant.

    The same key from the same participant returns the first event's place. Otherwise `allow` is
    asked, under the channel's lock, and may refuse. Raises BadRequest when the key was used for
    something else, NotNow when the channel is closed, NotFound when the visit has none such.
    """
    last = _locked(seat.visit_id, channel)
    first = _repeat(seat, channel, event, key)
    if first is not None:
        return first
    if last.closed_at is not None:
        raise NotNow("This visit has ended or is cancelled.")
    if allow is not None:
        allow()
    at = clock.now()
    seq = last.last_seq + 1
    _insert(seat, Entry(channel, seq, key, seat.participant_id, at, event))
    return Appended(seq=seq, at=at)


def close(visit_id: str) -> None:
    """Let nothing more into a visit's channels."""
    _set_closed(visit_id, clock.now())


def reopen(visit_id: str) -> None:
    """Let events into a visit's channels again."""
    _set_closed(visit_id, None)


def read(
    seat: Seat,
    channel: str,
    *,
    after: int = 0,
    limit: int = 500,
    kinds: Collection[str] | None = None,
) -> list[Entry]:
    """Return a channel's events after a number, oldest first, as far as the viewer may learn.

    `kinds` narrows it to some kinds. Raises NotFound for a channel the viewer does not belong to.
    """
    seat.require(channel)
    query = (
        select(_events)
        .where(
            _events.c.visit_id == seat.visit_id,
            _events.c.channel == channel,
            _events.c.seq > after,
        )
        .order_by(_events.c.seq)
        .limit(limit)
    )
    if kinds is not None:
        query = query.where(_events.c.kind.in_(kinds))
    rows = db.session.connection().execute(query).all()
    return [_entry(seat.patient_id, row) for row in rows]


def find(seat: Seat, channel: str, seq: int) -> Entry:
    """Return one event. Raises NotFound."""
    found = read(seat, channel, after=seq - 1, limit=1)
    if not found or found[0].seq != seq:
        raise NotFound
    return found[0]


def heads(visit_id: str) -> dict[str, int]:
    """Return the last number of each of a visit's channels."""
    query = select(_channels.c.channel, _channels.c.last_seq).where(
        _channels.c.visit_id == visit_id
    )
    return {row.channel: row.last_seq for row in db.session.connection().execute(query)}


def _set_closed(visit_id: str, at: datetime | None) -> None:
    ours = _channels.c.visit_id == visit_id
    db.session.connection().execute(update(_channels).where(ours).values(closed_at=at))


def _locked(visit_id: str, channel: str) -> Row[int, datetime | None]:
    query = (
        select(_channels.c.last_seq, _channels.c.closed_at)
        .where(_channels.c.visit_id == visit_id, _channels.c.channel == channel)
        .with_for_update()
    )
    row = db.session.connection().execute(query).first()
    if row is None:
        raise NotFound
    return row


def _repeat(seat: Seat, channel: str, event: Event, key: str) -> Appended | None:
    query = select(_events).where(
        _events.c.visit_id == seat.visit_id,
        _events.c.actor_id == seat.participant_id,
        _events.c.key == key,
    )
    row = db.session.connection().execute(query).first()
    if row is None:
        return None
    first = _entry(seat.patient_id, row)
    if first.channel != channel or first.event != event:
        raise BadRequest("This key was used for something else already.", field="key")
    return Appended(seq=first.seq, at=first.at, repeat=True)


def _insert(seat: Seat, entry: Entry) -> None:
    connection = db.session.connection()
    place = _place(seat.visit_id, entry.channel, entry.seq)
    connection.execute(
        insert(_events).values(
            visit_id=seat.visit_id,
            channel=entry.channel,
            seq=entry.seq,
            kind=entry.event.kind,
            v=entry.event.v,
            actor_id=seat.participant_id,
            key=entry.key,
            at=entry.at,
            body=vault.seal(seat.patient_id, place, entry.event.body()),
        )
    )
    connection.execute(
        update(_channels)
        .where(_channels.c.visit_id == seat.visit_id, _channels.c.channel == entry.channel)
        .values(last_seq=entry.seq)
    )
    payload = wire.event(seat.visit_id, entry, seat.role)
    group = seat.group(entry.channel)
    after_commit(lambda: sockets.push("event", payload, to=group))


def _entry(patient_id: str, row: Row[*tuple[Any, ...]]) -> Entry:
    body = vault.unseal(patient_id, _place(row.visit_id, row.channel, row.seq), row.body)
    event = restore(row.kind, body)
    return Entry(row.channel, row.seq, row.key, row.actor_id, row.at, event)


def _place(visit_id: str, channel: str, seq: int) -> str:
    return f"visit_events:body:{visit_id}:{channel}:{seq}"
