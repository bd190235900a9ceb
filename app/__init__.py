"""Hearthside: ketamine-assisted psychotherapy at a distance, in three rooms.

`create_app` is the door that `flask --app app` and the server use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import cli, factory

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config | None = None) -> Flask:
    """Return the whole application: pages, sockets and commands. Raises ConfigError."""
    app = factory.create_app(config)
    cli.register(app)
    return app
