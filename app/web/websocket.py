"""The WebSocket that engine.io uses under gevent, mended in four places.

simple-websocket 1.1.0 ignores how much a cooperative socket really wrote (its issue 45), has no
size limit before it buffers, and agrees to deflate, which costs 100 kB a client and lets a small
frame grow huge. Engine.io falls over a text frame that does not begin with a digit. Drop this
module when a release mends the first; keep the other three.
"""

from __future__ import annotations

import socket
import threading
from types import SimpleNamespace
from typing import Any

import simple_websocket
from engineio.async_drivers import _websocket_wsgi

#: Frames above this end the connection before they are held in memory. Far above what the room
#: takes (64 KiB), so that an honest mistake gets an answer instead of a cut.
LARGEST_FRAME = 1_000_000
#: How Engine.IO's packets begin; anything else would end the connection with a traceback.
_PACKETS = frozenset("0123456")


class WholeSends:
    """A socket whose `send` writes everything, one sender at a time."""

    def __init__(self, sock: socket.socket) -> None:
        """Wrap the raw socket."""
        self._sock = sock
        self._turn = threading.Lock()

    def send(self, data: bytes) -> int:
        """Write all of `data`; return its length."""
        with self._turn:
            # Most sends fit at once; gevent's sendall asks the kernel for its buffer each time.
            written = self._sock.send(data)
            if written < len(data):
                self._sock.sendall(memoryview(data)[written:])
        return len(data)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever the socket offers)
        """Pass everything else on."""
        return getattr(self._sock, name)


class MendedServer(simple_websocket.Server):  # type: ignore[misc]  # ships no types
    """One accepted WebSocket."""

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:  # noqa: ANN401  (passed on)
        """Accept the handshake in `environ`, without extensions."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        super().__init__(environ, max_message_size=LARGEST_FRAME, **options)

    def receive(self, timeout: float | None = None) -> str | bytes | None:
        """Return the next frame that Engine.IO can read; others are dropped unread."""
        while True:
            frame: str | bytes | None = super().receive(timeout)
            if not isinstance(frame, str) or frame[:1] in _PACKETS:
                return frame

    @property
    def sock(self) -> WholeSends | None:
        """The socket, in its wrapper."""
        return self._wrapped

    @sock.setter
    def sock(self, raw: socket.socket) -> None:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._wrapped = WholeSends(raw)


def install() -> None:
    """Have engine.io use the mended server."""
    _websocket_wsgi.simple_websocket = SimpleNamespace(
        Server=MendedServer, ConnectionClosed=simple_websocket.ConnectionClosed
    )
