"""What the database holds, read as an auditor with the clinic's keys would."""

from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from app import create_app
from app.accounts.queries import person_by_email
from app.kernel.db import db
from app.room.queries import transcript
from app.scheduling.queries import visit_of
from config import Config
from tests.servers import LiveServer


def messages_in_the_record(
    server: LiveServer, visit_id: str, reader: str
) -> list[tuple[int, str, str]]:
    """Return number, author and text of every message, in the order of the log."""
    create_app(Config.from_environment(server.environ))
    try:
        person = person_by_email(reader)
        assert person, reader
        visit = visit_of(person.as_actor(), visit_id)
        lines = transcript(person.as_actor(), visit)
    finally:
        db.disconnect()
    return [(line.seq, line.who, line.text) for line in lines if line.kind == "message.posted"]


def sentence_is_readable_in(server: LiveServer, sentence: str) -> bool:
    """Tell whether the database's files (SQLite) or rows (PostgreSQL) hold the words."""
    needle = sentence.encode()
    kept = _everything_in(make_url(server.environ["DATABASE_URL"]))
    assert b"hearthside.example" in kept, "not even an address is found: looked in the wrong place"
    return needle in kept or needle.hex().encode() in kept


def _everything_in(url: URL) -> bytes:
    if url.get_backend_name() == "sqlite":
        files = (Path(f"{url.database}{suffix}") for suffix in ("", "-wal"))
        return b"".join(file.read_bytes() for file in files if file.exists())
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return b"".join(_rows(connection, name) for (name,) in tables)


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return b"".join(bytes(block) for block in copy)
