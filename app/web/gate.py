"""What is decided before Flask sees a request: sign-ins by turns, and sockets by the number.

A sign-in costs the processor a hundred times what an event does, and anybody may ask for one.
"""

from __future__ import annotations

import io
from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Any

from app.kernel.errors import TooOften
from app.kernel.limits import Limit
from app.web import identity
from app.web.rounds import linger, wait_for_a_round
from app.web.turnstile import Turnstile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask

    Environ = dict[str, Any]
    App = Callable[[Environ, Any], Iterable[bytes]]

SIGN_IN = "/sign-in"
#: The most that a sign-in form weighs.
LARGEST_FORM = 16 * 1024
SOCKETS = "/socket.io/"
#: Open sockets of one sign-in; and of one address, of those who are not signed in.
MOST_SOCKETS = 100
FULL_RETRY_AFTER = 10.0

#: Asked with the address before a sign-in is begun. Each may raise TooOften.
before_sign_in: list[Callable[[str], None]] = []
sign_ins = Turnstile(at_once=1, of_one=50, of_all=200)
#: How often one sign-in, or one address of those who are not signed in, may open a socket.
_openings = Limit(rate=10, burst=200)


def address_of(environ: Environ) -> str:
    """Return whose request this is, as a machine: the one place that says how that is known."""
    return str(environ.get("REMOTE_ADDR", ""))


class Gate:
    """Stands around the whole application, the socket server included."""

    def __init__(self, app: Flask) -> None:
        """Stand around what this app answers with so far."""
        self._app = app
        self._inner: App = app.wsgi_app
        self._sockets: Counter[str] = Counter()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  (WSGI's)
        """Answer a request, or refuse it with 429 and Retry-After."""
        try:
            if environ["PATH_INFO"] == SIGN_IN and environ["REQUEST_METHOD"] == "POST":
                return self._sign_in(environ, start_response)
            if environ["PATH_INFO"] == SOCKETS:
                return self._socket(environ, start_response)
            wait_for_a_round()
            return self._inner(environ, start_response)
        except TooOften as refusal:
            linger()
            return _refuse(refusal, start_response)

    def _sign_in(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  (WSGI's)
        address = address_of(environ)
        for check in before_sign_in:
            check(address)
        # Read first: who sends slowly must not hold up the others.
        body = environ["wsgi.input"].read(min(_length(environ), LARGEST_FORM))
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        with sign_ins.turn(address):
            wait_for_a_round()
            return self._inner(environ, start_response)

    def _socket(self, environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  (WSGI's)
        """Serve a socket, for as long as it is open."""
        whose = identity.token_in(self._app, environ) or address_of(environ)
        _openings.spend(whose)
        if self._sockets[whose] >= MOST_SOCKETS:
            raise TooOften(retry_after=FULL_RETRY_AFTER)
        self._sockets[whose] += 1
        try:
            return self._inner(environ, start_response)
        finally:
            self._sockets[whose] -= 1
            if not self._sockets[whose]:
                del self._sockets[whose]


def install(app: Flask) -> None:
    """Stand around this app. Called when everything else that wraps it, but a proxy's, has."""
    app.wsgi_app = Gate(app)  # type: ignore[method-assign]  # as Flask's docs have it


def _length(environ: Environ) -> int:
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isdecimal() else 0


def _refuse(refusal: TooOften, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  (WSGI's)
    body = refusal.message.encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Retry-After", str(ceil(refusal.retry_after))),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]
    start_response("429 Too Many Requests", headers)
    return [body]
