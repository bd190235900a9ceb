"""What every template can count on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g
from jinja2 import FileSystemBytecodeCache, StrictUndefined
from werkzeug.routing import BaseConverter

from app.kernel.db import UNAVAILABLE
from app.web import zones
from app.web.appearance import theme
from app.web.assets import asset
from app.web.headers import csp_nonce
from app.web.identity import actor_or_none

if TYPE_CHECKING:
    from flask import Flask

    from app.kernel.actor import Actor


class IdConverter(BaseConverter):
    """A path part that has the form of an id; anything else is no address of ours.

    Not made from UnicodeConverter, which puts a pattern of its own in place of this one.
    """

    regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def install(app: Flask) -> None:
    """Give templates their globals and filters, and routes the `id` converter."""
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    zones.install(app)

    @app.context_processor
    def _globals() -> dict[str, Any]:
        return {
            # The page that says the database is away must not ask it who is reading.
            "actor": None if g.get("database_is_away") else actor_or_none(),
            "asset": asset,
            "csp_nonce": csp_nonce(),
            "theme": theme(),
        }


def compile_templates(app: Flask) -> None:
    """Compile every page now: on first sight each would hold up the whole process for a moment.

    What was compiled is kept in Jinja's own folder for this user, so that the next start is quick.
    """
    try:
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
        _load_all(app)
    except (OSError, RuntimeError):  # no folder of our own, or no space in it
        app.jinja_env.bytecode_cache = None
        _load_all(app)


def _load_all(app: Flask) -> None:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def _reader() -> Actor | None:
    """Return who reads the page; nobody when the database is away, so that a page can say so."""
    try:
        return actor_or_none()
    except UNAVAILABLE:
        return None
