"""gevent's HTTP server, with an end to everything that a client may leave unfinished.

gevent waits for ever for the rest of a request, and for room to write the answer. Here a request's
head and body have a deadline, an idle connection ends, and only so many connections of one address
may be in the middle of a request's head.
"""

from __future__ import annotations

import resource
import socket
from collections import Counter
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import gevent
from gevent.pywsgi import WSGIHandler, WSGIServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

#: How long a fresh connection may take for its first request's head, in all.
HEAD_SECONDS = 10.0
#: How long a connection may wait for its next request, or an answer for room to be written. Above
#: what proxies keep their idle connections (60 s).
IDLE_SECONDS = 75.0
#: A body may take so long, and so much longer for its length: the slowest line that is waited for.
BODY_SECONDS = 30.0
LEAST_BYTES_A_SECOND = 4000
#: Connections of one address that may be waited for.
WAITING_PER_ADDRESS = 100
_TOO_MANY = (
    b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 10\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n"
)

_waiting: Counter[str] = Counter()


class Handler(WSGIHandler):
    """One connection."""

    server: Server
    _is_fresh = True

    def read_requestline(self) -> str:
        """Return the next request's first line; nothing when it does not come in time."""
        seconds = HEAD_SECONDS if self._is_fresh else IDLE_SECONDS
        self._is_fresh = False
        with _waited_for(self.client_address):
            line: str = gevent.with_timeout(seconds, super().read_requestline, timeout_value="")
        return line

    def read_request(self, raw_requestline: str) -> Any:  # noqa: ANN401  (stubs and code differ)
        """Take in the rest of the head; tell whether it is a request, and came in time."""
        read = super().read_request
        with _waited_for(self.client_address):
            return gevent.with_timeout(HEAD_SECONDS, read, raw_requestline, timeout_value=False)

    def handle_one_response(self) -> None:
        """Answer the request. Where too many wait already, this connection does not wait on."""
        with self._body_in_time():
            super().handle_one_response()
        if self.server.is_full(self.client_address):
            self.close_connection = True

    def _body_in_time(self) -> AbstractContextManager[None]:
        length = self.content_length or 0
        if not length and not self.headers.get("transfer-encoding"):
            return nullcontext()
        return _cut_short(self.socket, BODY_SECONDS + length / LEAST_BYTES_A_SECOND)


class Server(WSGIServer):
    """The server."""

    handler_class = Handler

    def __init__(self, *args: Any, behind_proxy: bool = False, **options: Any) -> None:  # noqa: ANN401  (passed on)
        """Take what gevent's server takes; let the process have as many files as it may.

        Behind a proxy all connections are of one address, and the proxy has a limit of its own.
        """
        self._behind_proxy = behind_proxy
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        super().__init__(*args, **options)

    def handle(self, sock: socket.socket, address: Any) -> None:  # noqa: ANN401  (of any family)
        """Serve one connection, or turn it away when its address has too many unfinished ones."""
        sock.settimeout(IDLE_SECONDS)
        if not self.is_full(address):
            super().handle(sock, address)
            return
        with sock:
            gevent.with_timeout(1.0, sock.sendall, _TOO_MANY, timeout_value=None)

    def is_full(self, address: object) -> bool:
        """Tell whether an address has as many unfinished connections as it may."""
        return not self._behind_proxy and _waiting[_key(address)] >= WAITING_PER_ADDRESS


@contextmanager
def _cut_short(line: socket.socket, seconds: float) -> Iterator[None]:
    """Let nothing more be read of a line after so long; what is answered still goes out."""
    late = gevent.get_hub().loop.timer(seconds)
    late.start(line.shutdown, socket.SHUT_RD)
    try:
        yield
    finally:
        late.close()


@contextmanager
def _waited_for(address: object) -> Iterator[None]:
    """Count a connection as unfinished while something of it is waited for."""
    key = _key(address)
    _waiting[key] += 1
    try:
        yield
    finally:
        _waiting[key] -= 1
        if not _waiting[key]:
            del _waiting[key]


def _key(address: object) -> str:
    """Return the machine of an address; a server on a Unix socket sees none, its proxy counts."""
    return str(address[0]) if isinstance(address, tuple) else ""
