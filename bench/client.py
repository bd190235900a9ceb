"""A light client of the room: Engine.IO and Socket.IO by hand over one WebSocket."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Callable

    Hearer = Callable[["Client", dict[str, Any]], None]

_PREFIX = "/room,"
_EVENT = f'42{_PREFIX}["event",'
_ACK = f"43{_PREFIX}"
PATIENCE_SECONDS = 30.0
#: A line that is dead cannot say goodbye: nobody waits long for it.
GOODBYE_SECONDS = 1.0
#: What is answered to everything that still waits when the line ends.
OFFLINE = {"ok": False, "code": "offline", "message": "The line has ended."}


class RefusedError(Exception):
    """The server answered `enter`, `beat` or the connection with a refusal."""


class Client:
    """One person's open socket in one visit. `origin` is the server's address unless given."""

    def __init__(self, visit: str, cookie: str = "", origin: str | None = None) -> None:
        self.visit = visit
        self.head = 0
        self.has_ended = False
        self.on_event: Hearer = lambda _client, _event: None
        self.on_end: Callable[[], None] = lambda: None
        self.cookie, self._origin = cookie, origin
        self._next_ack = 0
        self._acks: dict[int, Callable[[dict[str, Any]], None]] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    async def connect(self, http: aiohttp.ClientSession, url: str) -> None:
        """Open the socket and join the namespace. Raises RefusedError, and what aiohttp raises."""
        self._socket = line = await http.ws_connect(
            f"{url}/socket.io/?EIO=4&transport=websocket",
            headers={"Origin": self._origin or url, "Cookie": self.cookie},
            compress=0,
            max_msg_size=0,
            timeout=aiohttp.ClientWSTimeout(ws_close=GOODBYE_SECONDS),
        )
        await _text(line)
        await line.send_str(f"40{_PREFIX}")
        answer = await _text(line)
        if not answer.startswith(f"40{_PREFIX}"):
            raise RefusedError(answer)
        self._reader = asyncio.create_task(self._read(line))

    async def enter(self) -> None:
        """Enter the room like a device that comes back: ask only for what it lacks."""
        heads = (await self.ask("beat", visible=True))["heads"]
        self.head = heads["room"]
        entrance = await self.ask("enter", after=heads)
        for event in entrance["events"]:
            self.on_event(self, event)

    async def ask(self, name: str, **payload: object) -> dict[str, Any]:
        """Send one event about this visit and wait for its answer. Raises RefusedError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            got = await self.request(name, **payload)
        if not got["ok"]:
            raise RefusedError(f"{name}: {got}")
        return got

    async def request(self, name: str, **payload: object) -> dict[str, Any]:
        """Send one event about this visit; return the answer, a refusal too, however late."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        def answered(got: dict[str, Any]) -> None:
            if not answer.done():  # nobody waits any more
                answer.set_result(got)

        await self.send(name, json.dumps({"visit": self.visit, **payload}), answered)
        return await answer

    async def send(self, name: str, body: str, answered: Callable[[dict[str, Any]], None]) -> None:
        """Send one event, already encoded; `answered` is called with the acknowledgement.

        Raises ConnectionError when the line has ended.
        """
        if self._socket is None:
            raise ConnectionError
        self._next_ack += 1
        self._acks[self._next_ack] = answered
        await self._socket.send_str(f'42{_PREFIX}{self._next_ack}["{name}",{body}]')

    async def tell(self, name: str, **payload: object) -> None:
        """Send one event about this visit that has no answer. Raises ConnectionError as `send`."""
        if self._socket is None:
            raise ConnectionError
        body = json.dumps({"visit": self.visit, **payload})
        await self._socket.send_str(f'42{_PREFIX}["{name}",{body}]')

    async def gone(self) -> None:
        """Wait until the line has ended, whoever ended it."""
        await asyncio.wait([self._reader])

    async def close(self) -> None:
        """Close the socket."""
        if self._reader is not None:
            self._reader.cancel()
        if self._socket is not None:
            await self._socket.close()

    def cut(self) -> None:
        """Break the line without a word, as a phone does that loses its network."""
        line = self._socket.get_extra_info("socket") if self._socket is not None else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    async def _read(self, line: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for frame in line:
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    break
                data = frame.data
                if data.startswith(_EVENT):
                    self.on_event(self, json.loads(data[len(_EVENT) : -1]))
                elif data.startswith(_ACK):
                    number, _, answer = data[len(_ACK) :].partition("[")
                    self._acks.pop(int(number))(json.loads(answer[:-1]))
                elif data == "2":
                    await line.send_str("3")
        finally:
            self._end()

    def _end(self) -> None:
        self.has_ended = True
        waiting, self._acks = self._acks, {}
        for answered in waiting.values():
            answered(dict(OFFLINE))
        self.on_end()


async def _text(line: aiohttp.ClientWebSocketResponse) -> str:
    """Return the next text. Raises RefusedError when the line ends instead."""
    frame = await line.receive()
    if frame.type is not aiohttp.WSMsgType.TEXT:
        raise RefusedError("The line has ended.")
    return str(frame.data)
