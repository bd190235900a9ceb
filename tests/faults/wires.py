"""A network for each member: a relay that can be cut, go silent, and swallow an acknowledgement.

In the loop of the members themselves, so that sixty of them need no threads. `tests/proxy.py` is
the one for a browser.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

#: How the acknowledgement of a first append begins and ends on the wire.
_ACK, _FIRST = b"43/room,", b'"repeat":false'
_TEXT = 0x81


class Frames:
    """Cuts what a WebSocket server sends into its answer's head and then whole frames."""

    def __init__(self) -> None:
        self._buffer = b""
        self._is_open = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes; yield what is whole."""
        self._buffer += data
        while size := self._size():
            whole, self._buffer = self._buffer[:size], self._buffer[size:]
            yield whole

    def _size(self) -> int:
        """How many bytes the next whole piece has; 0 while it is not whole."""
        if not self._is_open:
            end = self._buffer.find(b"\r\n\r\n")
            self._is_open = end >= 0
            return end + 4 if self._is_open else 0
        start, length = _lengths(self._buffer)
        return start + length if 0 < start + length <= len(self._buffer) else 0


def _lengths(buffer: bytes) -> tuple[int, int]:
    """The lengths of a frame's head and of what it carries; zeros while the head is not whole."""
    if len(buffer) < 2:
        return 0, 0
    short = buffer[1] & 0x7F
    more = {126: 2, 127: 8}.get(short, 0)
    if len(buffer) < 2 + more:
        return 0, 0
    return 2 + more, int.from_bytes(buffer[2 : 2 + more], "big") if more else short


class Link:
    """One connection through a wire: the member's end and the server's."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.near, self.far = near, far
        self.is_silent = False
        #: Bytes swallowed on the way to the server and on the way back.
        self.swallowed = [0, 0]

    @property
    def is_half_open(self) -> bool:
        """The member has gone, and the server was not told."""
        return self.near.transport.is_closing() and not self.far.transport.is_closing()

    def abort(self) -> None:
        """Reset both ends."""
        for end in (self.near, self.far):
            end.transport.abort()


class Wire:
    """A port of a member's own. Each new connection leads to the next of the servers' ports."""

    def __init__(self, ports: list[int], turn: int) -> None:
        self._ports, self._turn = ports, turn
        self.links: set[Link] = set()
        self.is_cut = False
        self.cuts = 0
        #: Asked whether an acknowledgement of an append is to be swallowed.
        self.swallows: Callable[[], bool] = lambda: False
        self._server: asyncio.Server | None = None
        self._pumps: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        assert self._server, "not open"
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def close(self) -> None:
        """Listen no more, and end what is open."""
        assert self._server, "not open"
        self._server.close()
        self.cut()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def cut(self) -> int:
        """Reset every connection and take no new one; return how many were open."""
        self.is_cut = True
        dropped = [link for link in self.links if not link.near.transport.is_closing()]
        for link in list(self.links):
            link.abort()
        self.cuts += len(dropped)
        return len(dropped)

    def mend(self) -> None:
        """Take connections again."""
        self.is_cut = False

    def go_silent(self) -> list[Link]:
        """Have what is open carry nothing any more, without a word to either end."""
        for link in self.links:
            link.is_silent = True
        return list(self.links)

    async def _accept(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        port = self._ports[self._turn % len(self._ports)]
        self._turn += 1
        try:
            if self.is_cut:
                raise ConnectionRefusedError
            far_reader, far = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            near.transport.abort()
            return
        link = Link(near, far)
        self.links.add(link)
        for pump in (self._up(reader, link), self._down(far_reader, link)):
            task = asyncio.create_task(pump)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)

    async def _up(self, reader: asyncio.StreamReader, link: Link) -> None:
        """Carry what the member sends."""
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if link.is_silent:
                    link.swallowed[0] += len(data)
                    continue
                link.far.write(data)
                await link.far.drain()
        link.near.close()
        if not link.is_silent:  # of a silent line's end the server learns nothing
            self._end(link)

    async def _down(self, reader: asyncio.StreamReader, link: Link) -> None:
        """Carry what the server sends, frame by frame."""
        frames = Frames()
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                for frame in frames.feed(data):
                    self._pass(frame, link)
                if not link.is_silent:  # its near end may have gone, of which nobody is told
                    await link.near.drain()
        self._end(link)

    def _pass(self, frame: bytes, link: Link) -> None:
        if link.is_silent or (_is_first_ack(frame) and self.swallows()):
            link.swallowed[1] += len(frame)
        else:
            link.near.write(frame)

    def _end(self, link: Link) -> None:
        self.links.discard(link)
        link.near.close()
        link.far.close()


def _is_first_ack(frame: bytes) -> bool:
    return frame[0] == _TEXT and _ACK in frame[:20] and _FIRST in frame
