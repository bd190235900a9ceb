"""What PostgreSQL needs to be durable, and quick to find again after it was away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

#: A connection that rested longer is asked whether it still stands, before it is used. Asking each
#: time would be one of the six round trips that a commit takes.
RESTED_SECONDS = 1.0


def options(url: str) -> str:
    """Return the options of every connection: the URL's own, and an acknowledged commit synced.

    Last, so that neither the server's configuration nor the URL can turn it off.
    """
    own = make_url(url).query.get("options", "")
    return f"{own if isinstance(own, str) else ' '.join(own)} -c synchronous_commit=on".strip()


def prepare(engine: Engine) -> None:
    """Replace connections that broke while they rested."""
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
