"""The operator's door: `flask user …`, `flask circle …`, `flask demo …`, `flask db …`.

Every command exits non-zero with one clear line when it fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.circle import circle
from app.cli.database import database
from app.cli.demo import demo
from app.cli.user import user

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Add the commands to the app's command line."""
    for group in (user, circle, demo, database):
        app.cli.add_command(group)
