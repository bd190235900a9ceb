"""Migrated databases by the copy: the migrations run once a worker, each test gets its own."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.kernel import schema
from app.kernel.db import db
from tests.servers import postgres_database

#: On which of the two databases this run is made.
ON_POSTGRESQL = os.environ.get("TEST_DATABASE", "sqlite") == "postgresql"


class SqliteTemplate:
    """A migrated file to copy."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "template.db"
        migrate(f"sqlite:///{self._file}")
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        """Yield the URL of a fresh copy."""
        copied = folder / f"test-{secrets.token_hex(3)}.db"
        shutil.copyfile(self._file, copied)
        yield f"sqlite:///{copied}"


class PostgresTemplate:
    """A migrated database that PostgreSQL itself copies."""

    def __init__(self, server_url: str, url: str) -> None:
        self._server_url = server_url
        self._name = make_url(url).database
        migrate(url)

    @contextmanager
    def copy(self, _folder: Path) -> Iterator[str]:
        """Yield the URL of a fresh copy, dropped afterwards."""
        with postgres_database(self._server_url, template=self._name) as url:
            yield url


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest version."""
    db.connect(url)
    try:
        schema.upgrade()
    finally:
        db.disconnect()


def patient(url: str) -> str:
    """Let a transaction of this process idle for longer than a stall of a busy machine."""
    if not ON_POSTGRESQL:
        return url
    options = {"options": "-c idle_in_transaction_session_timeout=60s"}
    return make_url(url).update_query_dict(options).render_as_string(hide_password=False)


@contextmanager
def database_away(url: str) -> Iterator[None]:
    """Have the database take nothing: a locked file, or a server that lets nobody in."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(url).database, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        return
    name = make_url(url).database
    server = make_url(url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        try:
            yield
        finally:
            admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@contextmanager
def writes_held(url: str) -> Iterator[None]:
    """Have whoever wants to take a seat in a visit wait, as behind a slow neighbour."""
    if url.startswith("sqlite"):
        with database_away(url):
            yield
        return
    server = make_url(url).set(drivername="postgresql")
    with psycopg.connect(server.render_as_string(hide_password=False)) as held:
        held.execute("LOCK TABLE visit_participants IN EXCLUSIVE MODE")
        yield
        held.rollback()
