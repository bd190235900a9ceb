"""The database: one engine, one session per greenlet, and the only commit in the house."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session, sessionmaker
from sqlalchemy.types import TypeDecorator

from app.kernel import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Dialect

log = logging.getLogger("hearthside.db")

#: What a database that is away, full, locked or overloaded raises. Doors answer `busy`.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)


#: The connection used last comes first (LIFO): each one keeps pages in memory, so a few that are
#: warm do better than twenty that take turns. No value is ever named in an error.
_POOL: dict[str, Any] = {"pool_size": 20, "pool_use_lifo": True, "hide_parameters": True}


class Base(DeclarativeBase):
    """Every model's base; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (the signature is SQLAlchemy's)
        """Turn an aware time into UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "A time without its zone cannot be stored."
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  (the signature is SQLAlchemy's)
        """Return the stored time, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """The one database of this process."""

    def __init__(self) -> None:
        """Prepare the session registry; `connect` gives it an engine."""
        self._engine: Engine | None = None
        self._turn: AbstractContextManager[Any] = nullcontext()
        #: Put around the deliveries of a transaction, so that lines may gather what they get.
        self.delivering: Callable[[], AbstractContextManager[None]] = nullcontext
        self.session = scoped_session(sessionmaker(expire_on_commit=False))

    def connect(self, url: str) -> None:
        """Bind this process to the database at `url`, letting go of an earlier one."""
        self.disconnect()
        if url.startswith("sqlite"):
            engine = create_engine(
                url,
                connect_args=sqlite.CONNECT_ARGS,
                max_overflow=40,
                **_POOL,
            )
            sqlite.prepare(engine)
            # Writers of one process queue here, in the order of asking, instead of racing.
            self._turn = threading.Lock()
        else:
            engine = create_engine(
                url,
                connect_args={"connect_timeout": 3, "options": postgresql.options(url)},
                max_overflow=20,
                pool_timeout=5,
                **_POOL,
            )
            postgresql.prepare(engine)
            self._turn = nullcontext()
        self._engine = engine
        self.session.configure(bind=engine)

    def disconnect(self) -> None:
        """Give all connections back."""
        self.session.remove()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @property
    def engine(self) -> Engine:
        """The engine in use. Raises RuntimeError before `connect`."""
        if self._engine is None:
            message = "The database is not connected."
            raise RuntimeError(message)
        return self._engine

    @property
    def turn(self) -> AbstractContextManager[Any]:
        """The right to write next (SQLite has one writer at a time)."""
        return self._turn

    def done(self) -> None:
        """End this greenlet's session, if it has one. A database that is away is no obstacle."""
        if not self.session.registry.has():
            return
        try:
            self.session.remove()
        except UNAVAILABLE:
            # The connection is lost, so the database has undone by itself what was to be undone.
            self.session.registry.clear()


db = Database()


@contextmanager
def transaction() -> Iterator[Session]:
    """Run what is inside as one transaction; then, and only if it was kept, the deliveries.

    Opened by doors (routes, sockets, commands, the worker), never by actions. What the door
    looked up before is read again inside, so that nothing is decided on an old picture.
    Raises what the inside raises, with everything undone and every delivery forgotten.
    """
    session = db.session()
    if session.info.get("writing"):
        message = "A transaction is opened once, at the door."
        raise RuntimeError(message)
    session.rollback()
    deliveries: list[Callable[[], None]] = []
    with db.turn:
        session.info.update(writing=True, deliveries=deliveries)
        sqlite.say_what_follows(writes=True)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            sqlite.say_what_follows(writes=False)
            session.info.clear()
    with db.delivering():
        for deliver in deliveries:
            _deliver(deliver)


def _deliver(deliver: Callable[[], None]) -> None:
    """Run one delivery. What it tells of is durable, so its failure must not look like a loss."""
    try:
        deliver()
    except Exception as error:  # noqa: BLE001  (whoever misses it catches up from the log)
        log.error("a delivery failed: %s", type(error).__name__)  # noqa: TRY400  (no values in logs)


def after_commit(deliver: Callable[[], None]) -> None:
    """Run `deliver` once the transaction is durable; forget it when the transaction is undone."""
    db.session().info["deliveries"].append(deliver)
