"""What SQLite needs to be a good neighbour inside a cooperative process.

SQLite waits for locks and for the disk inside C, which would stop every greenlet. So the wait
for the write lock is ours (short, cooperative sleeps) and the sync to disk runs in a thread.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from app.kernel.offhub import off_hub

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine import ExceptionContext

#: How long a writer waits for another process before it gives up with "database is locked".
PATIENCE_SECONDS = 5.0

_here = threading.local()


class OffHubConnection(sqlite3.Connection):
    """A connection whose commit, the one call that waits for the disk, leaves the hub free."""

    def commit(self) -> None:
        """Commit; under gevent in a thread, so that other greenlets run during the sync."""
        off_hub(super().commit)


CONNECT_ARGS: dict[str, Any] = {
    "factory": OffHubConnection,
    "check_same_thread": False,
    "timeout": 0,
    "isolation_level": None,
}


def say_what_follows(*, writes: bool) -> None:
    """Have this greenlet's next transactions take the write lock at once, or not at all."""
    _here.writes = writes


def prepare(engine: Engine) -> None:
    """Give every connection durable settings and our own way to begin."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _open_anew_when_read_only)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=2000")  # only while the journal mode is being set
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # So that INSERT OR REPLACE, too, meets the triggers of append-only tables.
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.execute("PRAGMA busy_timeout=0")
    cursor.close()


def _begin(connection: Connection) -> None:
    if not getattr(_here, "writes", False):
        connection.exec_driver_sql("BEGIN")
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    pause = 0.001
    raw: Any = connection.connection.dbapi_connection
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                break
            time.sleep(pause)
            pause = min(pause * 2, 0.05)
        else:
            return
    # A last time by SQLAlchemy's own way, which tells the error as one of its own.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _open_anew_when_read_only(context: ExceptionContext) -> None:
    """Have every connection replaced once a write was refused because the file is read-only.

    SQLite opens a file that may not be written for reading only, and a connection that was
    opened so stays so, even after the file may be written again.
    """
    error = context.original_exception
    if isinstance(error, sqlite3.OperationalError) and _is_read_only(error):
        context.is_disconnect = True


def _is_read_only(error: sqlite3.OperationalError) -> bool:
    # The low byte is the error, the rest its detail (sqlite.org/rescode.html).
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
