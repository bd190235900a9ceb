"""Runs migrations on the connected database, one at a time, each in its own transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from app.factory import models
from app.kernel.db import db

#: How long a migration waits for a lock before it gives up, so that it never blocks the clinic.
_LOCK_TIMEOUT = "4s"
#: Two processes that start together take turns: PostgreSQL's advisory lock of this number.
_ADVISORY_LOCK = 7_345_001


def run() -> None:
    """Apply what was asked for."""
    with db.engine.connect() as connection:
        grown = connection.dialect.name == "postgresql"
        if grown:
            connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
            connection.execute(text(f"SELECT pg_advisory_lock({_ADVISORY_LOCK})"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=models.metadata,
            render_as_batch=not grown,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if grown:
            connection.execute(text(f"SELECT pg_advisory_unlock({_ADVISORY_LOCK})"))
            connection.commit()


run()
