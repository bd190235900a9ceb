"""Looking at a database from below."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url


@pytest.fixture
def read_raw() -> Callable[[str], bytes]:
    """Return all that is stored at a URL: a file with its log, or every row of every table."""

    def read(url: str) -> bytes:
        if url.startswith("sqlite"):
            path = Path(str(make_url(url).database))
            with closing(sqlite3.connect(path)) as held:  # the log stays while somebody is here
                held.execute("SELECT 1 FROM persons").fetchone()
                return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            return b"".join(dump(connection, name) for (name,) in tables)

    return read


def dump(connection: psycopg.Connection, table: str) -> bytes:
    """Return a table's rows as PostgreSQL itself writes them, with bytes also as bytes."""
    rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608  (our own names)
    return b"".join(
        value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row
    )
