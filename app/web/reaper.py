"""Ends the sockets that never join a room's namespace: open, answering pings, and of no use."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import gevent

from app.web.packets import NAMESPACE
from app.web.sockets import socketio

if TYPE_CHECKING:
    from collections.abc import Callable

#: How long a socket may stay without having joined.
JOIN_SECONDS = 10.0
LOOK_SECONDS = 1.0


class Reaper:
    """Remembers since when each socket has been open without having joined."""

    def __init__(self) -> None:
        """Begin with none."""
        self._since: dict[str, float] = {}

    def look(self, server: Any, now: float) -> None:  # noqa: ANN401  (the library ships no types)
        """Note who is new, and end those who had their time."""
        strangers = {
            sid: line
            for sid, line in list(server.eio.sockets.items())
            if server.manager.sid_from_eio_sid(sid, NAMESPACE) is None
        }
        self._since = {sid: self._since.get(sid, now) for sid in strangers}
        for sid, since in self._since.items():
            if now - since >= JOIN_SECONDS - LOOK_SECONDS:
                strangers[sid].close(wait=False)


def watch(pause: Callable[[float], None] = gevent.sleep) -> None:
    """Look every second for as long as the process lives."""
    reaper = Reaper()
    while True:
        pause(LOOK_SECONDS)
        reaper.look(socketio.server, time.monotonic())
