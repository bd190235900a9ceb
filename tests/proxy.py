"""A network between a browser and the server that a test can cut and mend."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.programs import free_port


class Line:
    """A TCP relay on a port of its own.

    Cut, it drops what is open and takes nothing new. Deaf, it leaves open what is open and lets
    nothing more through there, while new connections work: what a sleeping phone wakes up to.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._to_port: int | None = None
        self._open: set[socket.socket] = set()
        self._deaf: set[socket.socket] = set()
        self._turn = threading.Lock()
        self._listener: socket.socket | None = None

    def lead_to(self, port: int) -> None:
        """Lead to a server on this machine."""
        self._to_port = port
        self.mend()

    def mend(self) -> None:
        """Let connections through."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Drop every open connection and refuse new ones."""
        listener, self._listener = self._listener, None
        if listener:
            # Wakes the thread that waits in accept.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._turn:
            dropped, self._open = self._open, set()
        for end in dropped:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def go_deaf(self) -> None:
        """Swallow from now on what is sent over the connections that are open."""
        with self._turn:
            self._deaf |= self._open

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to_port), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            self._join(near, far)

    def _join(self, near: socket.socket, far: socket.socket) -> None:
        with self._turn:
            self._open |= {near, far}
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if source not in self._deaf:
                    sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._turn:
            self._open.discard(source)
            self._deaf.discard(source)
        source.close()


@contextmanager
def a_line() -> Iterator[Line]:
    """Yield a line that leads nowhere yet."""
    line = Line()
    try:
        yield line
    finally:
        line.cut()
