"""Fills the log with millions of events, past the application, as fast as the database takes them.

Visits of an ordinary length and a few very long ones, with people in them; ids in the order of
making and keys at random, as clients choose them; bodies of the weight of a short sealed message.
Nobody can read these events: they are there to be in the way.
"""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import inside  # noqa: F401  (opens the application's modules)
import psycopg
from sqlalchemy import make_url

from app.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Row = tuple[Any, ...]

ORDINARY, LONG = 500, 100_000
#: So many of the events are in long visits.
LONG_SHARE = 0.05
#: A sealed message of some 60 letters.
BODY_BYTES = 100
AT_ONCE = 20_000
_AT = datetime(2026, 1, 5, 12, tzinfo=UTC)
_KINDS = ("message.posted",) * 18 + ("signal.sent", "participant.returned")


class Ballast:
    """The visits that are in the way, added to one database."""

    def __init__(self, url: str) -> None:
        """Add to the database at `url`, which holds the people of at least one pair."""
        self._url = make_url(url)
        self._is_sqlite = url.startswith("sqlite")

    def bring_to(self, events: int, there: int) -> None:
        """Add visits until the log has about this many events; `there` it has already."""
        visits = [*_lengths(events - there)]
        if self._is_sqlite:
            self._fill_sqlite(visits)
        else:
            self._fill_postgresql(visits)

    def _fill_sqlite(self, lengths: list[int]) -> None:
        with closing(sqlite3.connect(self._url.database or "", isolation_level=None)) as database:
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-200000"):
                database.execute(f"PRAGMA {pragma}")
            at = _AT.replace(tzinfo=None).isoformat(" ", "microseconds")
            pattern = database.execute("SELECT * FROM visits LIMIT 1").fetchone()
            for visit in lengths:
                database.execute("BEGIN")
                for table, rows in _tables(pattern, visit, at).items():
                    for some in _parts(rows):
                        marks = ", ".join("?" * len(some[0]))
                        database.executemany(f"INSERT INTO {table} VALUES ({marks})", some)  # noqa: S608  (our own names)
                database.execute("COMMIT")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _fill_postgresql(self, lengths: list[int]) -> None:
        address = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as database:
            # Neither foreign keys nor triggers: what is copied in is right, and much.
            database.execute("SET session_replication_role = replica")
            database.execute("SET synchronous_commit = off")
            pattern = database.execute("SELECT * FROM visits LIMIT 1").fetchone()
            for visit in lengths:
                for table, rows in _tables(pattern or (), visit, _AT).items():
                    with database.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                        for row in rows:
                            copy.write_row(row)
            database.execute("VACUUM (ANALYZE) visit_events")
            database.execute("CHECKPOINT")


def _lengths(events: int) -> Iterator[int]:
    """Yield the lengths of visits that hold so many events together."""
    longest = int(events * LONG_SHARE) // LONG
    yield from (LONG for _ in range(longest))
    left = events - longest * LONG
    while left > 0:
        yield min(ORDINARY, left)
        left -= ORDINARY


def _tables(pattern: Row, length: int, at: object) -> dict[str, Iterable[Row]]:
    """Return the rows of one more visit, like `pattern`, with everything in it."""
    visit, people = new_id(), pattern[1:3]
    seats = [(new_id(), visit, person, role) for person, role in zip(people, _ROLES, strict=True)]
    return {
        "visits": [(visit, *pattern[1:])],
        "visit_channels": [(visit, name, head, None) for name, head in _heads(length)],
        "visit_participants": [(*seat, "left", at, at) for seat in seats],
        "visit_events": _events(visit, [seat[0] for seat in seats], length, at),
    }


_ROLES = ("patient", "therapist")


def _heads(length: int) -> list[tuple[str, int]]:
    return [("room", length), ("sitter", 0), ("staff", 0)]


def _events(visit: str, actors: list[str], length: int, at: object) -> Iterator[Row]:
    for seq in range(1, length + 1):
        kind, actor = _KINDS[seq % len(_KINDS)], actors[seq % len(actors)]
        yield visit, "room", seq, kind, 1, actor, random_key(), at, os.urandom(BODY_BYTES)


def random_key() -> str:
    """Return a random UUID, made quicker than the library makes it."""
    digits = f"{random.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some
