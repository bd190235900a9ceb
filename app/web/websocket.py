"""The WebSocket under Engine.IO: simple-websocket, with the room's two frames on a short way.

simple-websocket 1.1.0 ignores how much a cooperative socket really wrote (its issue 45), has no
size limit before it buffers, agrees to deflate (100 kB a client, and a small frame may grow
huge), and spends two greenlets and a parser in Python on every frame. Here one greenlet reads;
plain texts are taken apart and put together in place (`web.frames`), all else is wsproto's; and a
frame is written at once where the network takes it, without a queue between. Engine.IO falls
over a text that does not begin with a digit: such are dropped.
"""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gevent
import simple_websocket
from engineio.async_drivers import _websocket_wsgi
from wsproto.frame_protocol import CloseReason

from app.kernel.db import db
from app.web import frames
from app.web.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Frames above this end the connection before they are held in memory. Far above what the room
#: takes (64 KiB), so that an honest mistake gets an answer instead of a cut.
LARGEST_FRAME = 1_000_000
#: What may wait for a client that reads too slowly; above it the line ends, and the client comes
#: back and asks for what it lacks.
MOST_UNSENT = 4_000_000
#: How long the other side may take to answer our farewell.
FAREWELL_SECONDS = 2.0
RECEIVE_BYTES = 32 * 1024
#: Where the line of a request lies in its environ.
LINE = "hearthside.line"
#: How Engine.IO's packets begin; anything else would end the connection with a traceback.
_PACKETS = frozenset("0123456")


class _Gathering:
    """What is written while somebody gathers: it goes out at the end, joined for each line."""

    def __init__(self) -> None:
        self.is_on = False
        self.writers: list[Outgoing] = []

    @contextmanager
    def together(self) -> Iterator[None]:
        """Gather what is written inside. Nothing inside may wait."""
        if self.is_on:
            yield
            return
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False
            writers, self.writers = self.writers, []
            for writer in writers:
                writer.flush()


gathering = _Gathering()


class Outgoing:
    """The writing end of a connection: never waits, keeps what the network does not take yet."""

    def __init__(self, sock: Any) -> None:  # noqa: ANN401  (gevent's socket)
        """Write to this socket."""
        self._sock = sock
        self._gathered: list[bytes] = []
        self._unsent = bytearray()

    def send(self, data: bytes) -> int:
        """Write all of `data`, now or as soon as the network takes it; return its length."""
        if gathering.is_on:
            if not self._gathered:
                gathering.writers.append(self)
            self._gathered.append(data)
        else:
            self._write(data)
        return len(data)

    def flush(self) -> None:
        """Write what was gathered."""
        gathered, self._gathered = self._gathered, []
        self._write(b"".join(gathered))

    def _write(self, data: bytes) -> None:
        if self._unsent:
            self._unsent += data
            if len(self._unsent) > MOST_UNSENT:
                self.end()
            return
        try:
            # The bare socket under gevent's, which would wait where this one says that it is full.
            written = self._sock._sock.send(data)  # noqa: SLF001  (gevent offers no such call)
        except BlockingIOError:
            written = 0
        except OSError:
            self.end()
            return
        if written < len(data):
            self._unsent += memoryview(data)[written:]
            gevent.spawn(self._write_rest)

    def _write_rest(self) -> None:
        try:
            while self._unsent:
                written = self._sock.send(bytes(self._unsent[:RECEIVE_BYTES]))
                del self._unsent[:written]
        except OSError:
            self.end()

    def end(self) -> None:
        """End the connection; whoever reads from it learns of it."""
        self._unsent.clear()
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the socket."""
        self._sock.close()


class _NoThread(SimpleNamespace):
    """In place of the thread that simple-websocket reads in: `receive` reads here."""

    name = ""

    def __init__(self, target: Callable[[], None]) -> None:
        """Take the work and leave it."""

    def start(self) -> None:
        """Start nothing."""


class Line(simple_websocket.Server):  # type: ignore[misc]  # ships no types
    """One accepted WebSocket."""

    def __init__(self, environ: dict[str, Any], **options: Any) -> None:  # noqa: ANN401  (passed on)
        """Accept the handshake in `environ`, without extensions."""
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        #: Shown each text first; what it takes does not reach Engine.IO.
        self.taker: Callable[[str], bool] | None = None
        self._rest = b""
        self._is_open_message = False
        self._pace = Pace()
        options["thread_class"] = _NoThread
        super().__init__(environ, max_message_size=LARGEST_FRAME, **options)
        environ[LINE] = self

    @property
    def sock(self) -> Outgoing | None:
        """The writing end, which is all that simple-websocket still needs of the socket."""
        return self._outgoing

    @sock.setter
    def sock(self, raw: socket.socket) -> None:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._incoming = raw
        self._outgoing = Outgoing(raw)

    def receive(self, timeout: float | None = None) -> str | bytes | None:  # noqa: ARG002  (Engine.IO waits for ever)
        """Return the next frame that Engine.IO can read.

        Raises ConnectionClosed at the end of the connection.
        """
        while True:
            self._pace.before_a_frame()
            while not self.input_buffer:
                if not self.connected:
                    # Or the server would read on, and take what follows for a request.
                    self._outgoing.end()
                    self._outgoing.close()
                    raise simple_websocket.ConnectionClosed(self.close_reason, self.close_message)
                self._read()
            self._pace.frame_begins(self._incoming)
            frame: str | bytes = self.input_buffer.pop(0)
            if not isinstance(frame, str):
                return frame
            if self.taker is not None and self.taker(frame):
                continue
            if frame[:1] in _PACKETS:
                return frame

    def send(self, data: str | bytes) -> None:
        """Send a frame. Raises ConnectionClosed when nobody is there any more."""
        if self.connected and isinstance(data, str):
            self._outgoing.send(frames.text_frame(data))
        else:
            super().send(data)

    def write(self, frame: bytes) -> None:
        """Send a frame that is made already; to nobody, when nobody is there any more."""
        if self.connected:
            self._outgoing.send(frame)

    def close(self, reason: int | None = None, message: str | None = None) -> None:
        """Say farewell; the connection ends with the answer, or without one after a while."""
        super().close(reason, message)
        gevent.spawn_later(FAREWELL_SECONDS, self._outgoing.end)

    def _read(self) -> None:
        """Wait for bytes and take every frame out of them that is complete."""
        try:
            data = self._incoming.recv(RECEIVE_BYTES)
        except OSError:
            data = b""
        if not data:
            self.connected = False
            return
        self._pace.after_bytes(len(data))
        buffer = self._rest + data if self._rest else data
        at = 0
        while (frame := frames.head(buffer, at)) and frame.end <= len(buffer):
            self._take(buffer, at, frame)
            at = frame.end
        self._rest = buffer[at:] if self.connected else b""
        if frame and frame.end - at > LARGEST_FRAME and self.connected:
            self.close(CloseReason.MESSAGE_TOO_BIG, "Message is too big")

    def _take(self, buffer: bytes, start: int, frame: frames.Head) -> None:
        if frame.is_whole_text and not self._is_open_message:
            with suppress(UnicodeDecodeError):
                self.input_buffer.append(frames.text_of(buffer, frame))
                return
        if frame.leaves_open is not None:
            self._is_open_message = frame.leaves_open
        try:
            self.ws.receive_data(buffer[start : frame.end])
            self.connected = self._handle_events()
        except simple_websocket.ws.LocalProtocolError:
            self.connected = False


def install() -> None:
    """Have Engine.IO use these lines, and let one commit's deliveries go out joined."""
    _websocket_wsgi.simple_websocket = SimpleNamespace(
        Server=Line, ConnectionClosed=simple_websocket.ConnectionClosed
    )
    db.delivering = gathering.together
