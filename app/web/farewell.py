"""Ending a process unnoticed: its people go elsewhere, and what was begun is finished."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import gevent
from werkzeug.wsgi import ClosingIterator

from app.web.sockets import socketio

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Somebody who comes to another process costs it some 15 ms: so it has time for the others.
SENT_AWAY_A_SECOND = 25
#: However many there are, the last one is sent away after this many seconds.
LONGEST_FAREWELL = 40.0


class Answering:
    """Counts the requests that are being answered, open sockets among them."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0

    def around(self, wsgi: WSGIApplication) -> WSGIApplication:
        """Return the application, counted."""

        def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.count += 1
            try:
                return ClosingIterator(wsgi(environ, start_response), self._answered)
            except BaseException:
                self._answered()
                raise

        return counted

    def finish(self, *, within: float) -> bool:
        """Wait until all are answered; return whether that came in time."""
        deadline = time.monotonic() + within
        while self.count and time.monotonic() < deadline:
            gevent.sleep(0.01)
        return not self.count

    def _answered(self) -> None:
        self.count -= 1


def send_away(*, spread: bool) -> None:
    """End every connection; the pages come back by themselves.

    With `spread` some at a time, and served until their turn: for whoever has somewhere else to
    go. Without, at once: the sooner this process ends, the sooner its successor is there.
    """
    eio = socketio.server.eio
    pause = min(1 / SENT_AWAY_A_SECOND, LONGEST_FAREWELL / max(1, len(eio.sockets)))
    while eio.sockets:
        sid, line = next(iter(eio.sockets.items()))
        # Not waited for: a line whose other end is stuck would hold up all others.
        line.close(wait=False, reason=eio.reason.SERVER_DISCONNECT)
        eio.sockets.pop(sid, None)
        if spread:
            gevent.sleep(pause)
