"""One person's page, as the browser's code has it: a line that comes back, an outbox, a log.

It tries again with the pauses of static/js/lib/backoff.js, sends what is not acknowledged again
under the same key, and applies events strictly by their number.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import aiohttp
from client import Client, RefusedError
from load import now

if TYPE_CHECKING:
    from people import Person

ANSWER_WITHIN = 5.0
BEAT_EVERY = 5.0
FINAL = {"bad_request", "not_found", "not_now", "too_large"}
BROKEN = (aiohttp.ClientError, RefusedError, OSError, TimeoutError, TypeError)


def backoff(failures: int, cap: float = 4.0) -> float:
    """Return the seconds to wait before the next try."""
    full = min(cap, 0.5 * 2 ** min(failures - 1, 30))
    return full / 2 + random.random() * full / 2


@dataclass(slots=True)
class Said:
    """Something that a person said: when it was due, when it was stored, when others saw it."""

    kind: str
    body: dict[str, str]
    due: float
    key: str = field(default_factory=lambda: str(uuid.UUID(int=random.getrandbits(128), version=4)))
    tries: int = 0
    acked_at: float | None = None
    refusal: str | None = None


def _age(at: str) -> float:
    """Return the seconds since the server wrote this time; both are on one machine."""
    return time.time() - datetime.fromisoformat(at).timestamp()  # noqa: TID251  (not the application)


class Screen:
    """One person's page in one visit."""

    def __init__(self, person: Person, http: aiohttp.ClientSession, url: str) -> None:
        self.visit = person.visit
        self.said: list[Said] = []
        self.log: list[str] = []
        self.seen: dict[str, float] = {}
        #: How old each event was when it was seen: at least as long as it was stored by then.
        self.ages: dict[str, float] = {}
        self.connects: list[float] = []
        self.failures: Counter[str] = Counter()
        self.is_live = asyncio.Event()
        self._person, self._http, self._url = person, http, url
        self._client: Client | None = None
        self._ahead: dict[int, dict[str, Any]] = {}
        self._lanes: dict[str, asyncio.Queue[Said]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._catching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Open the line and keep it open."""
        self._tasks.append(asyncio.create_task(self._stay()))

    def say(self, said: Said) -> None:
        """Put something into the outbox; a signal does not wait behind messages."""
        self.said.append(said)
        if said.kind not in self._lanes:
            self._lanes[said.kind] = asyncio.Queue()
            self._tasks.append(asyncio.create_task(self._send(self._lanes[said.kind])))
        self._lanes[said.kind].put_nowait(said)

    async def read_record(self) -> list[str]:
        """Return the keys of the whole channel as the server has it now."""
        keys: list[str] = []
        more = True
        while more:
            answer = await self._ask("catch_up", channel="room", after=len(keys))
            if not answer["ok"]:
                raise RefusedError(f"catch_up: {answer}")
            keys += [event["key"] for event in answer["events"]]
            more = answer["more"]
        return keys

    async def close(self) -> None:
        """Close the page."""
        for task in self._tasks:
            task.cancel()
        if self._client is not None:
            await self._client.close()

    async def _stay(self) -> None:
        """Be in the room, again and again."""
        failures = 0
        while True:
            try:
                async with asyncio.timeout(2 * ANSWER_WITHIN):
                    await self._open()
            except BROKEN as error:
                failures += 1
                self.failures[f"{type(error).__name__} {error}"[:80]] += 1
            else:
                failures = 1
                await self._live()
            await asyncio.sleep(backoff(failures))

    async def _open(self) -> None:
        client = Client(self.visit, self._person.cookie)
        client.on_event = lambda _client, event: self._hear(event)
        try:
            await client.connect(self._http, self._url)
            self._client = client
            answer = await self._enter()
        except BaseException:
            client.cut()
            raise
        for event in answer["events"]:
            self._hear(event)
        if answer["more"]:
            self._catch_up()

    async def _enter(self) -> dict[str, Any]:
        answer = await self._ask("enter", after={"room": len(self.log)})
        if not answer["ok"]:
            raise RefusedError(f"enter: {answer}")
        return answer

    async def _live(self) -> None:
        """Beat until the line ends."""
        self.connects.append(now())
        self.is_live.set()
        beating = asyncio.create_task(self._beat())
        await self._client.gone()
        beating.cancel()
        self.is_live.clear()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_EVERY)
            answer = await self._ask("beat", visible=True)
            if answer.get("code") == "timeout":
                self._client.cut()
            elif answer["ok"] and answer["heads"]["room"] > len(self.log):
                self._catch_up()

    async def _send(self, lane: asyncio.Queue[Said]) -> None:
        """Send one lane of the outbox, one at a time, each until there is a lasting answer."""
        while True:
            said = await lane.get()
            while said.acked_at is None and said.refusal is None:
                await self.is_live.wait()
                line, said.tries = self._client, said.tries + 1
                what = {"channel": "room", "key": said.key, "kind": said.kind, "body": said.body}
                answer = await self._ask("append", **what)
                if answer["ok"]:
                    said.acked_at = now()
                elif answer["code"] in FINAL:
                    said.refusal = answer["code"]
                elif line is self._client and self.is_live.is_set():
                    await asyncio.sleep(max(backoff(said.tries), answer.get("retry_after", 0)))

    async def _ask(self, name: str, **payload: object) -> dict[str, Any]:
        """Return the answer; the code `timeout` when none comes in time or the line ends."""
        if self._client is None:
            return {"ok": False, "code": "timeout"}
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        body = json.dumps({"visit": self.visit, **payload})
        gone = asyncio.create_task(self._client.gone())
        try:
            await self._client.send(name, body, lambda got: answer.done() or answer.set_result(got))
            await asyncio.wait({answer, gone}, timeout=ANSWER_WITHIN, return_when="FIRST_COMPLETED")
        except BROKEN:
            pass
        finally:
            gone.cancel()
        return answer.result() if answer.done() else {"ok": False, "code": "timeout"}

    def _catch_up(self) -> None:
        if self._catching is None or self._catching.done():
            self._catching = asyncio.create_task(self._fetch())

    async def _fetch(self) -> None:
        more = True
        while more:
            answer = await self._ask("catch_up", channel="room", after=len(self.log))
            for event in answer.get("events", ()):
                self._hear(event)
            more = answer.get("more", False)

    def _hear(self, event: dict[str, Any]) -> None:
        """Apply an event in its turn; one that comes too early shows a gap."""
        if event["channel"] != "room" or event["seq"] <= len(self.log):
            return
        self._ahead[event["seq"]] = event
        while (next_one := self._ahead.pop(len(self.log) + 1, None)) is not None:
            self.log.append(next_one["key"])
            self.seen[next_one["key"]] = now()
            self.ages[next_one["key"]] = _age(next_one["at"])
        if self._ahead:
            self._catch_up()
