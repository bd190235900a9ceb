"""`flask db upgrade | downgrade | check`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.cli.doors import told_plainly
from app.kernel import schema

database = AppGroup("db", help="The database's schema.")


@database.command("upgrade")
@click.argument("to", default="head")
def upgrade(to: str) -> None:
    """Bring the database up to a version (the newest by default)."""
    with told_plainly():
        schema.upgrade(to)
    click.echo("The database is up to date.")


@database.command("downgrade")
@click.argument("to")
def downgrade(to: str) -> None:
    """Take the database back to a version."""
    with told_plainly():
        schema.downgrade(to)
    click.echo(f"The database is at {to}.")


@database.command("check")
def check() -> None:
    """Fail unless the database is at the newest version."""
    with told_plainly():
        schema.require_current()
    click.echo("The database is up to date.")
