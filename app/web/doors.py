"""Every route is closed until `public` or `permits` opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import abort, current_app, request

from app.kernel.errors import NotFound
from app.web.identity import current_actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from app.kernel.actor import Actor

    Policy = Callable[[Actor], bool]

View = TypeVar("View", bound="Callable[..., Any]")


def anyone(_actor: Actor | None) -> bool:
    """Open to the world, signed in or not."""
    return True


def public(view: View) -> View:
    """Open this route to everyone, signed in or not."""
    return permits(anyone)(view)


def permits(policy: Policy) -> Callable[[View], View]:
    """Open this route to the signed-in people for whom the sentence `policy` holds."""

    def mark(view: View) -> View:
        view.__dict__["policy"] = policy
        return view

    return mark


def answers_json(view: View) -> View:
    """Have this route's refusals be JSON, whatever the caller says it accepts."""
    view.__dict__["answers_json"] = True
    return view


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """Return the sentence that opens this view, None when it is closed."""
    return getattr(view, "policy", None)


def guard(app: Flask) -> None:
    """Check the policy before every request. A view without one answers 403 to everybody."""
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(_check)


def _check() -> None:
    if request.endpoint is None:
        return
    policy = policy_of(current_app.view_functions[request.endpoint])
    if policy is None:
        abort(403)
    if policy is anyone:
        return
    if not policy(current_actor()):
        raise NotFound
