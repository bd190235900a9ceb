"""The load: messages of pairs on a fixed schedule (open loop) or as fast as answered (closed)."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from checker import Message, Receiver

if TYPE_CHECKING:
    from collections.abc import Callable

    from client import Client

    Pair = tuple[Client, Client]

TEXT_BYTES = 200
DRAIN_SECONDS = 10.0
BEAT_SECONDS = 5.0

now = time.perf_counter


class Traffic:
    """What is sent in one phase and what every screen hears of it."""

    def __init__(self, pairs: list[Pair], before: Traffic | None = None) -> None:
        self.pairs = pairs
        self.earlier = {**before.earlier, **before.messages} if before else {}
        self.messages: dict[str, Message] = {}
        self.receivers = {
            client: Receiver(client.visit, client.head) for pair in pairs for client in pair
        }
        self.settled: Callable[[Message], None] = lambda _message: None
        self.lateness = 0.0
        self._senders: dict[str, Client] = {}
        self._turns = [0] * len(pairs)
        for client in self.receivers:
            client.on_event = self._hear

    async def send(self, index: int, due: float) -> None:
        """Send the next message of a pair, whose members take turns; it was due at `due`."""
        pair = self.pairs[index]
        self._turns[index] ^= 1
        sender = pair[self._turns[index]]
        key = str(uuid.UUID(int=random.getrandbits(128), version=4))
        message = Message(key, sender.visit, f"{key} ".ljust(TEXT_BYTES, "x"), due)
        self.messages[key], self._senders[key] = message, sender
        self.lateness = max(self.lateness, now() - due)
        body = (
            f'{{"visit":"{sender.visit}","channel":"room","key":"{key}",'
            f'"kind":"message.posted","body":{{"text":"{message.text}"}}}}'
        )
        await sender.send("append", body, lambda answer: self._acknowledge(message, answer))

    async def drain(self) -> None:
        """Wait until nothing is awaited any more, or for as long as patience lasts."""
        deadline = now() + DRAIN_SECONDS
        while now() < deadline and not all(m.settled for m in self.messages.values()):  # noqa: ASYNC110  (counts many)
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.1)  # a message that comes twice comes right after the first

    def refusals(self) -> dict[str, int]:
        """Return how many messages were refused, by code, and how many never answered."""
        codes = Counter(m.refusal for m in self.messages.values() if m.refusal)
        silent = sum(m.refusal is None and m.acked_at is None for m in self.messages.values())
        return {**codes, **({"unanswered": silent} if silent else {})}

    def _acknowledge(self, message: Message, answer: dict[str, Any]) -> None:
        if answer["ok"]:
            message.acked_at, message.seq = now(), answer["seq"]
        else:
            message.refusal = answer["code"]
        if message.settled:
            self.settled(message)

    def _hear(self, client: Client, event: dict[str, Any]) -> None:
        if event["channel"] != "room":
            return
        self.receivers[client].heard.append(event)
        client.head = max(client.head, event["seq"])
        key = event["key"]
        message = self.messages.get(key)
        if message is None or self._senders[key] is client or message.delivered_at is not None:
            return
        message.delivered_at = now()
        if message.settled:
            self.settled(message)


async def open_loop(traffic: Traffic, rate: float, seconds: float) -> None:
    """Send `rate` messages a second in total, whatever the server does, spread over the pairs."""
    start = now() + 0.05
    for number in range(int(rate * seconds)):
        due = start + number / rate
        ahead = due - now()
        if ahead > 0:
            await asyncio.sleep(ahead)
        await traffic.send(number % len(traffic.pairs), due)
    await traffic.drain()


async def closed_loop(traffic: Traffic, window: int, seconds: float) -> None:
    """Keep `window` messages of each pair in flight: the next goes out when one is settled."""
    free: asyncio.Queue[int] = asyncio.Queue()
    index_of = {pair[0].visit: index for index, pair in enumerate(traffic.pairs)}
    traffic.settled = lambda message: free.put_nowait(index_of[message.visit])
    for _ in range(window):
        for index in range(len(traffic.pairs)):
            free.put_nowait(index)
    end = now() + seconds
    try:
        async with asyncio.timeout(seconds):
            while now() < end:
                await traffic.send(await free.get(), now())
    except TimeoutError:
        pass
    await traffic.drain()


async def beat_for_ever(clients: list[Client]) -> None:
    """Have every client give its sign of life every five seconds, evenly spread."""
    pause = BEAT_SECONDS / len(clients)
    body = '{{"visit":"{}","visible":true}}'
    while True:
        due = now()
        for client in clients:
            due += pause
            await asyncio.sleep(max(0.0, due - now()))
            await client.send("beat", body.format(client.visit), lambda _answer: None)
