"""The database's schema: bringing it to the newest version, and telling whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.kernel.db import db

_MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config() -> AlembicConfig:
    """Return Alembic's settings; its environment uses the connected database."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def upgrade(to: str = "head") -> None:
    """Bring the connected database up to a version."""
    command.upgrade(alembic_config(), to)


def downgrade(to: str) -> None:
    """Take the connected database back to a version."""
    command.downgrade(alembic_config(), to)


def require_current() -> None:
    """Raise RuntimeError when the database is not at the newest version."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head:
        message = f"The database is at version {current}, the program needs {head}."
        raise RuntimeError(message)
