"""The open page of the log: what one transaction holds locked, and what it is about to write.

Appends that share a transaction share their reading and writing too: the rows of their channels
are locked in one statement and in one order (so that two processes never wait for each other in
a circle), their keys are looked up in one, and the new events are written in one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import bindparam, select

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.room.models import VisitChannel, VisitEvent
from app.room.statements import COLUMNS, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row, Table

    Place = tuple[str, str]
    Key = tuple[str, str, str]

channels = cast("Table", VisitChannel.__table__)
events = cast("Table", VisitEvent.__table__)

_BY_KEY = select(events).where(
    events.c.visit_id == bindparam("visit"),
    events.c.actor_id == bindparam("actor"),
    events.c.key == bindparam("by_key"),
)


@dataclass(slots=True)
class Head:
    """Where a locked channel stands."""

    last_seq: int
    is_closed: bool


class Ledger:
    """One transaction's page."""

    def __init__(self, connection: Connection, *, is_shared: bool = False) -> None:
        """Open a page; a shared one is written when all works of a batch are done."""
        self._connection = connection
        self._statements = statements(connection)
        self.is_shared = is_shared
        self._heads: dict[Place, Head] = {}
        self._unused: set[Key] = set()
        self._rows: list[tuple[Any, ...]] = []
        self._moved: set[Place] = set()

    def prepare(self, appends: Sequence[Key]) -> None:
        """Lock the channels of all these visits, and look up which keys are new."""
        if not appends:
            return
        self._lock({visit for visit, _, _ in appends})
        self._unused = set(appends) - self._statements.used(appends)

    def head(self, visit_id: str, channel: str) -> Head:
        """Return where a channel stands, locked. Raises NotFound when there is none such."""
        if (visit_id, channel) not in self._heads:
            self._lock({visit_id})
        try:
            return self._heads[visit_id, channel]
        except KeyError:
            raise NotFound from None

    def first(self, visit_id: str, actor_id: str, key: str) -> Row[*tuple[Any, ...]] | None:
        """Return the event that this key stands for already."""
        if (visit_id, actor_id, key) in self._unused:
            return None
        self.write()
        values = {"visit": visit_id, "actor": actor_id, "by_key": key}
        return self._connection.execute(_BY_KEY, values).first()

    def add(self, row: dict[str, Any]) -> None:
        """Put an event on the page, with the number after the channel's head."""
        place = (row["visit_id"], row["channel"])
        self._heads[place].last_seq = row["seq"]
        self._unused.discard((row["visit_id"], row["actor_id"], row["key"]))
        self._rows.append(tuple(row[name] for name in COLUMNS))
        self._moved.add(place)
        if not self.is_shared:
            self.write()

    def write(self) -> None:
        """Write what is on the page to the database, in this transaction."""
        if not self._rows:
            return
        rows, self._rows = self._rows, []
        moved, self._moved = sorted(self._moved), set()
        heads = [(*place, self._heads[place].last_seq) for place in moved]
        self._statements.write(rows, heads)

    def forget_heads(self) -> None:
        """Read the channels again when they are next asked for."""
        self.write()
        self._heads.clear()

    def _lock(self, visits: set[str]) -> None:
        for visit_id, channel, last_seq, is_closed in self._statements.lock(visits):
            self._heads.setdefault((visit_id, channel), Head(last_seq, bool(is_closed)))


def open_page() -> Ledger:
    """Return the page of this transaction: the batch's, or one that writes at once."""
    session = db.session()
    shared: Ledger | None = session.info.get("ledger")
    return shared or Ledger(session.connection())


def connection_to_read() -> Connection:
    """Return this transaction's connection, with what is on the batch's page written first."""
    session = db.session()
    shared: Ledger | None = session.info.get("ledger")
    if shared is not None:
        shared.write()
    return session.connection()


@contextmanager
def shared_page(works: Sequence[object]) -> Iterator[None]:
    """Let all works of a batch write on one page.

    A work whose attribute `appends` says what it appends (visit, participant, key) has its channel
    locked and its key looked up together with those of the others.
    """
    session = db.session()
    page = Ledger(session.connection(), is_shared=True)
    appends = (getattr(work, "appends", None) for work in works)
    page.prepare([each for each in appends if each is not None])
    session.info["ledger"] = page
    yield
    page.write()
