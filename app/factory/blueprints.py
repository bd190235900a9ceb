"""The table of doors: which capability answers where, on HTTP and on sockets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.accounts.routes import accounts
from app.care.routes import care
from app.home.routes import home
from app.notes.routes import notes
from app.readiness.routes import readiness
from app.room import sockets as room_sockets
from app.room.routes import room
from app.room.shell import shell
from app.scheduling.routes import scheduling
from app.web.appearance import web
from app.web.health import health

if TYPE_CHECKING:
    from flask import Flask

BLUEPRINTS = (health, web, accounts, home, care, scheduling, readiness, room, shell, notes)


#: Modules whose import opens socket events (`web.event_door.on`).
SOCKETS = (room_sockets,)


def register(app: Flask) -> None:
    """Open every capability's routes."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
