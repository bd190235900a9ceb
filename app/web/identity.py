"""Who is asking, on HTTP. The cookie holds an opaque token; accounts know whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from flask import Request, session
from flask_login import LoginManager, UserMixin, current_user

from app.kernel.errors import Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.kernel.actor import Actor

_TOKEN = "sign_in"  # noqa: S105  (the name of the cookie's field)


class _Visitor(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """Flask-Login's view of an actor."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.id = actor.person_id


def remember(token: str) -> None:
    """Put a fresh sign-in's token into the cookie, dropping all that the cookie held before."""
    session.clear()
    session[_TOKEN] = token
    session.permanent = True


def forget() -> None:
    """Empty the cookie."""
    session.clear()


def token() -> str | None:
    """Return the sign-in token that this request or socket handshake carries."""
    return cast("str | None", session.get(_TOKEN))


def token_in(app: Flask, environ: dict[str, Any]) -> str | None:
    """Return the token in a request's cookie without looking it up: it may have ended."""
    held = app.session_interface.open_session(app, app.request_class(environ))
    return held.get(_TOKEN) if held else None


def know_people_by(app: Flask, load_actor: Callable[[str], Actor | None]) -> None:
    """Have `load_actor` turn a token into the person, or None when the sign-in has ended."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # templates are given `actor`
    manager.session_protection = None  # the token itself is looked up on every request

    @manager.request_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
    def _load(_request: Request) -> _Visitor | None:
        held = token()
        actor = load_actor(held) if held else None
        return _Visitor(actor) if actor else None


def actor_or_none() -> Actor | None:
    """Return the asking person, None when nobody is signed in."""
    return current_user.actor if current_user.is_authenticated else None


def current_actor() -> Actor:
    """Return the asking person. Raises Unauthenticated when nobody is signed in."""
    actor = actor_or_none()
    if actor is None:
        raise Unauthenticated
    return actor
