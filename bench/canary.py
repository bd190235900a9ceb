"""A pair who talk and call for help while something goes on, and how long everything takes."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from client import Client
from figures import percentiles

if TYPE_CHECKING:
    import aiohttp
    from people import Pair

#: Messages a second each way, on a fixed schedule.
RATE = 10
HELP_EVERY = 2.0
#: What has not arrived so long after the end is lost.
PATIENCE = 15.0

now = time.perf_counter


@dataclass(slots=True)
class Sent:
    """One thing said: when it was due, and when the other heard it."""

    due: float
    heard: float | None = None
    refusal: str = ""


@dataclass(slots=True)
class Canary:
    """A therapist and a patient in one visit."""

    clients: tuple[Client, Client]
    said: dict[str, Sent] = field(default_factory=dict)
    calls: dict[str, Sent] = field(default_factory=dict)

    async def talk(self, seconds: float) -> dict[str, Any]:
        """Talk for a while; return the figures, in milliseconds from the scheduled time."""
        self.said, self.calls = {}, {}
        for client in self.clients:
            client.on_event = self._hear
        start = now() + 0.05
        for number in range(int(2 * RATE * seconds)):
            due = start + number / (2 * RATE)
            await asyncio.sleep(max(0.0, due - now()))
            text = {"text": "x" * 200}
            await self._say(self.clients[number % 2], "message.posted", text, due, self.said)
            if number % int(2 * RATE * HELP_EVERY) == 0:
                help_now = {"signal": "help"}
                await self._say(self.clients[1], "signal.sent", help_now, due, self.calls)
        await self._wait()
        return {
            "sent": len(self.said) + len(self.calls),
            "lost": sum(each.heard is None for each in (*self.said.values(), *self.calls.values())),
            "refused": sorted({each.refusal for each in self.said.values() if each.refusal}),
            "delivery_ms": percentiles(_took(self.said)),
            "help_ms": percentiles(_took(self.calls)),
        }

    async def _say(
        self, client: Client, kind: str, body: object, due: float, kept: dict[str, Sent]
    ) -> None:
        key = str(uuid.UUID(int=random.getrandbits(128), version=4))
        sent = kept[key] = Sent(due)
        payload = {"visit": client.visit, "channel": "room", "key": key, "kind": kind, "body": body}

        def answered(answer: dict[str, Any]) -> None:
            sent.refusal = "" if answer["ok"] else answer["code"]

        await client.send("append", json.dumps(payload), answered)

    def _hear(self, client: Client, event: dict[str, Any]) -> None:
        sent = self.said.get(event["key"]) or self.calls.get(event["key"])
        speaks = event["by"]["role"] == ("patient" if client is self.clients[1] else "therapist")
        if sent is not None and sent.heard is None and not speaks:
            sent.heard = now()

    async def _wait(self) -> None:
        deadline = now() + PATIENCE
        while now() < deadline:
            if all(each.heard for each in (*self.said.values(), *self.calls.values())):
                return
            await asyncio.sleep(0.05)


def _took(sent: dict[str, Sent]) -> list[float]:
    return [each.heard - each.due for each in sent.values() if each.heard is not None]


async def enter(http: aiohttp.ClientSession, url: str, pair: Pair) -> Canary:
    """Return the pair in their room."""
    therapist, patient = (Client(person.visit, person.cookie) for person in pair)
    for client in (therapist, patient):
        await client.connect(http, url)
        await client.enter()
    return Canary((therapist, patient))
