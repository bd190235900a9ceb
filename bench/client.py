"""A light client of the room: Engine.IO and Socket.IO by hand over one WebSocket."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import aiohttp

    Hearer = Callable[["Client", dict[str, Any]], None]

_PREFIX = "/room,"
_EVENT = f'42{_PREFIX}["event",'
_ACK = f"43{_PREFIX}"
PATIENCE_SECONDS = 30.0


class RefusedError(Exception):
    """The server answered `enter`, `beat` or the connection with a refusal."""


class Client:
    """One person's open socket in one visit."""

    def __init__(self, visit: str, cookie: str = "") -> None:
        self.visit = visit
        self.head = 0
        self.on_event: Hearer = lambda _client, _event: None
        self.cookie = cookie
        self._next_ack = 0
        self._acks: dict[int, Callable[[dict[str, Any]], None]] = {}

    async def connect(self, http: aiohttp.ClientSession, url: str) -> None:
        """Open the socket and join the namespace. Raises RefusedError."""
        self._socket = await http.ws_connect(
            f"{url}/socket.io/?EIO=4&transport=websocket",
            headers={"Origin": url, "Cookie": self.cookie},
            compress=0,
            max_msg_size=0,
        )
        await self._socket.receive_str()
        await self._socket.send_str(f"40{_PREFIX}")
        answer = await self._socket.receive_str()
        if not answer.startswith(f"40{_PREFIX}"):
            raise RefusedError(answer)
        self._reader = asyncio.create_task(self._read())

    async def enter(self) -> None:
        """Enter the room like a device that comes back: ask only for what it lacks."""
        heads = (await self.ask("beat", visible=True))["heads"]
        self.head = heads["room"]
        entrance = await self.ask("enter", after=heads)
        for event in entrance["events"]:
            self._hear(event)

    async def ask(self, name: str, **payload: object) -> dict[str, Any]:
        """Send one event about this visit and wait for its answer. Raises RefusedError."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        body = json.dumps({"visit": self.visit, **payload})
        await self.send(name, body, answer.set_result)
        got = await asyncio.wait_for(answer, PATIENCE_SECONDS)
        if not got["ok"]:
            raise RefusedError(f"{name}: {got}")
        return got

    async def send(self, name: str, body: str, answered: Callable[[dict[str, Any]], None]) -> None:
        """Send one event, already encoded; `answered` is called with the acknowledgement."""
        self._next_ack += 1
        self._acks[self._next_ack] = answered
        await self._socket.send_str(f'42{_PREFIX}{self._next_ack}["{name}",{body}]')

    async def tell(self, name: str, **payload: object) -> None:
        """Send one event about this visit that has no answer."""
        body = json.dumps({"visit": self.visit, **payload})
        await self._socket.send_str(f'42{_PREFIX}["{name}",{body}]')

    async def close(self) -> None:
        """Close the socket."""
        self._reader.cancel()
        await self._socket.close()

    def cut(self) -> None:
        """Break the line without a word, as a phone does that loses its network."""
        line = self._socket.get_extra_info("socket") if hasattr(self, "_socket") else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    async def _read(self) -> None:
        async for frame in self._socket:
            data = frame.data
            if data.startswith(_EVENT):
                self._hear(json.loads(data[len(_EVENT) : -1]))
            elif data.startswith(_ACK):
                number, _, answer = data[len(_ACK) :].partition("[")
                self._acks.pop(int(number))(json.loads(answer[:-1]))
            elif data == "2":
                await self._socket.send_str("3")

    def _hear(self, event: dict[str, Any]) -> None:
        if event["channel"] == "room":
            self.on_event(self, event)
