"""The few statements of a batch, each one call whatever the number of events.

Written by hand and run by the driver itself: building, binding and reading through SQLAlchemy
costs as much again as the database's own work, for each of the thousands of events a second. The
text of each is constant, so that both databases prepare it once.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from app.room.models import VisitEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection, Dialect

    Key = tuple[str, str, str]
    Channel = tuple[str, str, int, bool]
    Move = tuple[str, str, int]

#: What an event's row holds, in this order.
COLUMNS = tuple(VisitEvent.__table__.columns.keys())
_AT = COLUMNS.index("at")
_INTO = f"INSERT INTO visit_events ({', '.join(COLUMNS)})"
_INSERT_ONE = f"{_INTO} VALUES ({', '.join('?' * len(COLUMNS))})"
_WRITE_ALL = (
    "WITH moved AS (UPDATE visit_channels AS c SET last_seq = w.head "  # noqa: S608  (our own names)
    "FROM unnest(%s::text[], %s::text[], %s::int[]) AS w (visit_id, channel, head) "
    "WHERE c.visit_id = w.visit_id AND c.channel = w.channel) "
    f"{_INTO} SELECT * FROM unnest(%s::text[], %s::text[], %s::int[], %s::text[], %s::int[], "
    "%s::text[], %s::text[], %s::timestamptz[], %s::bytea[])"
)


class Statements(Protocol):
    """What the page of the log asks of a database, inside its transaction."""

    def lock(self, visits: Iterable[str]) -> Iterable[Channel]:
        """Lock the channels of these visits, always in one order.

        Return where each stands and whether it is closed.
        """

    def used(self, keys: Sequence[Key]) -> set[Key]:
        """Return those of the keys (visit, participant, key) that stand in the log."""

    def write(self, rows: Sequence[tuple[Any, ...]], heads: Sequence[Move]) -> None:
        """Write events, values in the order of `COLUMNS`, and their channels' last numbers."""


class OnSqlite:
    """One writer at a time, so that nothing needs a lock of its own; lists travel as JSON."""

    def __init__(self, connection: Connection) -> None:
        """Speak through this connection."""
        self._run = connection.exec_driver_sql
        self._write_time = _written_time(connection.dialect)

    def lock(self, visits: Iterable[str]) -> Iterable[Channel]:
        """Return where the channels stand."""
        found = self._run(
            "SELECT visit_id, channel, last_seq, closed_at IS NOT NULL FROM visit_channels "
            "WHERE visit_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(visits)),),
        )
        return [tuple(row) for row in found]

    def used(self, keys: Sequence[Key]) -> set[Key]:
        """Look all keys up in the index."""
        found = self._run(
            "SELECT e.visit_id, e.actor_id, e.key FROM json_each(?) AS w "
            "CROSS JOIN visit_events AS e ON e.visit_id = json_extract(w.value, '$[0]') "
            "AND e.actor_id = json_extract(w.value, '$[1]') "
            "AND e.key = json_extract(w.value, '$[2]')",
            (json.dumps(keys),),
        )
        return {tuple(row) for row in found}

    def write(self, rows: Sequence[tuple[Any, ...]], heads: Sequence[Move]) -> None:
        """Write each kind in one loop of the driver."""
        said = [(*row[:_AT], self._write_time(row[_AT]), *row[_AT + 1 :]) for row in rows]
        self._run(_INSERT_ONE, said)
        self._run(
            "UPDATE visit_channels SET last_seq = ? WHERE visit_id = ? AND channel = ?",
            [(head, visit, channel) for visit, channel, head in heads],
        )


class OnPostgresql:
    """Each statement is one round trip; lists travel as arrays."""

    def __init__(self, connection: Connection) -> None:
        """Speak through this connection."""
        self._run = connection.exec_driver_sql

    def lock(self, visits: Iterable[str]) -> Iterable[Channel]:
        """Lock the rows in their order, so that two processes never wait in a circle."""
        found = self._run(
            "SELECT visit_id, channel, last_seq, closed_at IS NOT NULL FROM visit_channels "
            "WHERE visit_id = ANY(%s) ORDER BY visit_id, channel FOR UPDATE",
            (list(visits),),
        )
        return [tuple(row) for row in found]

    def used(self, keys: Sequence[Key]) -> set[Key]:
        """Look all keys up in the index."""
        found = self._run(
            "SELECT e.visit_id, e.actor_id, e.key "
            "FROM unnest(%s::text[], %s::text[], %s::text[]) AS w (visit_id, actor_id, key) "
            "JOIN visit_events AS e USING (visit_id, actor_id, key)",
            _columns(keys),
        )
        return {tuple(row) for row in found}

    def write(self, rows: Sequence[tuple[Any, ...]], heads: Sequence[Move]) -> None:
        """Write both from one array for each column."""
        self._run(_WRITE_ALL, (*_columns(heads), *_columns(rows)))


def statements(connection: Connection) -> Statements:
    """Return the statements in the language of this connection's database."""
    on_sqlite = connection.dialect.name == "sqlite"
    return OnSqlite(connection) if on_sqlite else OnPostgresql(connection)


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))


@cache
def _written_time(dialect: Dialect) -> Callable[[Any], Any]:
    """Return how a database without a type for times is given one."""
    kind = VisitEvent.__table__.c.at.type.dialect_impl(dialect)
    return kind.bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:  # noqa: ANN401  (any value)
    return value
