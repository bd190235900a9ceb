"""What PostgreSQL needs to be durable, quick to find again, and fair to several processes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import InternalError, InvalidatePoolError, OperationalError

if TYPE_CHECKING:
    from sqlalchemy import ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

#: A connection that rested longer is asked whether it still stands, before it is used. Asking each
#: time would be one of the six round trips that a commit takes.
RESTED_SECONDS = 1.0
#: After so long without a statement a transaction is undone by the server, and its locks with it:
#: a process that is stopped in the middle of one holds the others up no longer.
IDLE_SECONDS = 3


def options(url: str) -> str:
    """Return the options of every connection: ours, the URL's own, an acknowledged commit synced.

    The last is last, so that neither the server's configuration nor the URL can turn it off.
    """
    own = make_url(url).query.get("options", "")
    asked = own if isinstance(own, str) else " ".join(own)
    patience = f"-c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
    return " ".join(f"{patience} {asked} -c synchronous_commit=on".split())


def prepare(engine: Engine) -> None:
    """Replace connections that broke while they rested; tell of every lost one in one way."""
    event.listen(engine, "handle_error", _name_the_end)
    event.listen(engine, "checkin", _note)

    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:  # noqa: ANN401  (the driver's)
        rested_since = record.info.get("rested_since")
        if rested_since is None or time.monotonic() - rested_since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except connection.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkout", ask)


def _note(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rested_since"] = time.monotonic()


def _name_the_end(context: ExceptionContext) -> None:
    """Raise OperationalError for a transaction that idled too long, as for any other lost line."""
    if context.is_disconnect and isinstance(context.sqlalchemy_exception, InternalError):
        lost = context.original_exception
        raise OperationalError(context.statement, None, lost, connection_invalidated=True) from lost
