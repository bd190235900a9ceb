"""The visit log: one way to write, one way to read.

Order of an append: lock the channel's row, look for the repeat, take the next number, insert,
commit (the door does), deliver. The row lock is held to the commit, so numbers are commit order
and a reader that asks "after N" misses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import gevent
from sqlalchemy import bindparam, func, select, update

from app.kernel import clock
from app.kernel.announce import announce
from app.kernel.db import after_commit
from app.kernel.errors import BadRequest, NotFound, NotNow
from app.kernel.vault import vault
from app.room import wire
from app.room.events import restore
from app.room.folds import Entry
from app.room.ledger import channels, connection_to_read, events, open_page
from app.web.rounds import by_stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from sqlalchemy import Row, Select

    from app.room.events import Event
    from app.room.seats import Seat

# Made once: building a statement costs more than running it.
_READ = (
    select(events)
    .where(
        events.c.visit_id == bindparam("visit"),
        events.c.channel == bindparam("in_channel"),
        events.c.seq > bindparam("after"),
    )
    .order_by(events.c.seq)
    .limit(bindparam("most"))
)
_READ_KINDS = _READ.where(events.c.kind.in_(bindparam("kinds", expanding=True)))
_FIRST = _READ_KINDS.where(events.c.actor_id.in_(bindparam("actors", expanding=True)))
_FIRST = _FIRST.with_only_columns(events.c.seq)
_HEADS = select(channels.c.channel, channels.c.last_seq).where(
    channels.c.visit_id == bindparam("visit")
)
_HEADS_OF = select(channels.c.visit_id, channels.c.channel, channels.c.last_seq).where(
    channels.c.visit_id.in_(bindparam("visits", expanding=True))
)
#: So many visits are asked after in one statement; whoever waits gets a turn between two.
MOST_AT_ONCE = 50
#: So many events are opened or shown before others get a turn: less than a millisecond.
AT_A_STRETCH = 50
_CLOSE = (
    update(channels)
    .where(channels.c.visit_id == bindparam("visit"))
    .values(closed_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Appended:
    """Where an event stands in its channel; `repeat` says that it stood there already."""

    seq: int
    at: datetime
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Committed:
    """An event is durable; `payload` is its form on the wire."""

    visit_id: str
    channel: str
    seq: int
    payload: dict[str, Any]


def append(
    seat: Seat, channel: str, event: Event, *, key: str, allow: Callable[[], None] | None = None
) -> Appended:
    """Add a fact to a channel, in the name of the seat's participant.

    The same key from the same participant returns the first event's place. Otherwise `allow` is
    asked, under the channel's lock, and may refuse. Raises BadRequest when the key was used for
    something else, NotNow when the channel is closed, NotFound when the visit has none such.
    """
    page = open_page()
    head = page.head(seat.visit_id, channel)
    row = page.first(seat.visit_id, seat.participant_id, key)
    if row is not None:
        return _repeated(seat, channel, event, row)
    if head.is_closed:
        raise NotNow("This visit has ended or is cancelled.")
    if allow is not None:
        allow()
    entry = Entry(channel, head.last_seq + 1, key, seat.participant_id, clock.now(), event)
    body = event.body()
    page.add(_row(seat, entry, body))
    payload = wire.event(seat.visit_id, entry, seat.role, body)
    after_commit(lambda: announce(Committed(seat.visit_id, channel, entry.seq, payload)))
    return Appended(seq=entry.seq, at=entry.at)


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
    values: dict[str, Any] = {"visit": seat.visit_id, "in_channel": channel}
    values |= {"after": after, "most": limit}
    query = _READ
    if kinds is not None:
        query, values["kinds"] = _READ_KINDS, list(kinds)
    rows = connection_to_read().execute(query, values).all()
    return [_entry(seat.patient_id, row) for row in by_stretches(rows, AT_A_STRETCH)]


def read_edges(seat: Seat, channel: str, kinds: tuple[str, ...]) -> list[Entry]:
    """Return the first and the last event of each of these kinds in a channel, oldest first.

    Costs the same however long the channel is. Raises NotFound as `read` does.
    """
    seat.require(channel)
    values = {"visit": seat.visit_id, "in_channel": channel}
    rows = connection_to_read().execute(_edges(kinds), values).all()
    return [_entry(seat.patient_id, row) for row in rows]


def first_seq(seat: Seat, channel: str, *, kind: str, by: Collection[str], after: int) -> int:
    """Return the number of the first event of a kind by some participants, 0 for none.

    Looks after a number. Raises NotFound as `read` does.
    """
    seat.require(channel)
    values: dict[str, Any] = {"visit": seat.visit_id, "in_channel": channel, "after": after}
    values |= {"kinds": [kind], "actors": list(by), "most": 1}
    return connection_to_read().execute(_FIRST, values).scalar() or 0


def find(seat: Seat, channel: str, seq: int) -> Entry:
    """Return one event. Raises NotFound."""
    found = read(seat, channel, after=seq - 1, limit=1)
    if not found or found[0].seq != seq:
        raise NotFound
    return found[0]


def heads(visit_id: str) -> dict[str, int]:
    """Return the last number of each of a visit's channels."""
    rows = connection_to_read().execute(_HEADS, {"visit": visit_id})
    return {row.channel: row.last_seq for row in rows}


def heads_of(visits: list[str]) -> dict[tuple[str, str], int]:
    """Return the last number of every channel of these visits."""
    found: dict[tuple[str, str], int] = {}
    for start in range(0, len(visits), MOST_AT_ONCE):
        values = {"visits": visits[start : start + MOST_AT_ONCE]}
        rows = connection_to_read().execute(_HEADS_OF, values)
        found |= {(visit_id, channel): last_seq for visit_id, channel, last_seq in rows}
        gevent.sleep(0)
    return found


@cache
def _edges(kinds: tuple[str, ...]) -> Select[Any]:
    """Return the statement of `read_edges`: each edge is one step into the index by kind."""
    of_visit = events.c.visit_id == bindparam("visit"), events.c.channel == bindparam("in_channel")
    edges = [
        select(edge(events.c.seq)).where(*of_visit, events.c.kind == kind).scalar_subquery()
        for kind in kinds
        for edge in (func.min, func.max)
    ]
    return select(events).where(*of_visit, events.c.seq.in_(edges)).order_by(events.c.seq)


def _set_closed(visit_id: str, at: datetime | None) -> None:
    page = open_page()
    connection_to_read().execute(_CLOSE, {"visit": visit_id, "at": at})
    page.forget_heads()


def _repeated(seat: Seat, channel: str, event: Event, row: Row[*tuple[Any, ...]]) -> Appended:
    """Return where the same event stands. Raises BadRequest when it was another one."""
    first = _entry(seat.patient_id, row)
    if first.channel != channel or first.event != event:
        raise BadRequest("This key was used for something else already.", field="key")
    return Appended(seq=first.seq, at=first.at, repeat=True)


def _row(seat: Seat, entry: Entry, body: dict[str, Any]) -> dict[str, Any]:
    place = _place(seat.visit_id, entry.channel, entry.seq)
    return {
        "visit_id": seat.visit_id,
        "channel": entry.channel,
        "seq": entry.seq,
        "kind": entry.event.kind,
        "v": entry.event.v,
        "actor_id": entry.by,
        "key": entry.key,
        "at": entry.at,
        "body": vault.seal(seat.patient_id, place, body),
    }


def _entry(patient_id: str, row: Row[*tuple[Any, ...]]) -> Entry:
    body = vault.unseal(patient_id, _place(row.visit_id, row.channel, row.seq), row.body)
    event = restore(row.kind, body)
    return Entry(row.channel, row.seq, row.key, row.actor_id, row.at, event)


def _place(visit_id: str, channel: str, seq: int) -> str:
    return f"visit_events:body:{visit_id}:{channel}:{seq}"
