"""Light, dark or calm: the reader's choice, kept in a cookie of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request
from werkzeug.exceptions import BadRequest

from app.web.doors import public

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

web = Blueprint("web", __name__)

THEMES = ("auto", "light", "dark", "calm")
_YEAR = 365 * 24 * 3600


def theme() -> str:
    """Return the theme that this browser asked for."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


@web.post("/appearance")
@public
def choose_theme() -> ResponseReturnValue:
    """Remember a theme and go back to the page."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        raise BadRequest
    response = redirect(local_path(request.form.get("next")))
    response.set_cookie("theme", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure)
    return response


def local_path(path: str | None) -> str:
    """Return `path` if it leads to a page of this site, else the home page."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable():
        return path
    return "/"
