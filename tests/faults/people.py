"""The members of a visit as clients: an outbox, a screen, and a line that is made anew.

They do what docs/protocol.md asks of a client and what the room's page does: one append in flight,
tried again with the same key until something is answered for good; events shown strictly by
number; a beat every few seconds, and `catch_up` when a number is known that is not shown.
"""

import asyncio
import json
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from bench.client import Client, RefusedError
from bench.people import Person as Account
from tests.faults.history import FAIL, OK, Event, Op, Screen, canonical
from tests.faults.wires import Wire

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN = "http://room.hearthside.example"
#: Answers that another try cannot change.
FINAL = frozenset({"bad_request", "not_found", "not_now", "too_large"})
#: How a line ends.
LOST = (RefusedError, TimeoutError, aiohttp.ClientError, OSError)
#: One append in so many is never tried again.
ONCE_IN = 10
SIGNALS = ("ok", "check_on_me", "help", "stop_music")

now = time.monotonic


@dataclass(frozen=True, slots=True)
class Habits:
    """How patient a client is, in seconds. The page's own numbers unless given."""

    beat: float = 5.0
    patience: float = 5.0
    first_pause: float = 0.5
    longest_pause: float = 4.0


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a visit, with the channels that they belong to."""

    account: Account
    channels: tuple[str, ...]


class Person:
    """One member at work."""

    def __init__(self, member: Member, wire: Wire, habits: Habits, seed: int) -> None:
        self.account, self.wire, self.habits = member.account, wire, habits
        self.random = random.Random(f"{seed} {member.account.email}")  # noqa: S311  (made-up talk)
        self.screen = Screen(member.account.visit, member.channels, member.account.email)
        self.participant = ""
        self.ops: dict[str, Op] = {}
        self.outbox: asyncio.Queue[Op] = asyncio.Queue()
        self.trying: Op | None = None
        self.up = asyncio.Event()
        self.arrivals = 0
        #: What the server refused, by code, and how often a push did not follow its forerunner.
        self.refusals: Counter[str] = Counter()
        self.unruly = 0
        self.on_shown: Callable[[Person, Event], None] = lambda _person, _event: None
        self._line: Client | None = None
        self._wake = asyncio.Event()
        #: Set on every arrival: what waits to be sent again need not wait any more.
        self._hurry = asyncio.Event()
        self._pushed: dict[str, int] = {}

    @property
    def visit(self) -> str:
        return self.account.visit

    # What is said.

    def say(self, *, once: bool | None = None) -> Op:
        """Put something new into the outbox."""
        key = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        channel = self.random.choice(("room", *self.screen.channels))
        kind, body = "message.posted", {"text": f"{key} in {channel}"}
        if self.screen.channels == ("room",) and self.random.random() < 0.1:
            kind, body = "signal.sent", {"signal": self.random.choice(SIGNALS)}
        if once is None:
            once = self.random.randrange(ONCE_IN) == 0
        op = Op(key, self.visit, channel, kind, canonical(body), self.participant, once, now())
        self.ops[key] = op
        self.outbox.put_nowait(op)
        return op

    async def chat(self, rate: float) -> None:
        """Say something `rate` times a second on average, whatever the line does."""
        while True:
            await asyncio.sleep(self.random.expovariate(rate))
            self.say()

    async def write(self) -> None:
        """Send what is in the outbox, one after the other."""
        while True:
            op = self.trying = await self.outbox.get()
            failures = 0
            while not await self._try(op):
                failures += 1
                self._hurry.clear()
                await self._rest(self._hurry, self._backoff(failures))
            self.trying = None
            self.outbox.task_done()

    async def _try(self, op: Op) -> bool:
        """Send it once; tell whether nothing more is to be done about it."""
        await self.up.wait()
        assert self._line, "up"
        op.invoked_at, op.tries = op.invoked_at or now(), op.tries + 1
        payload = {"channel": op.channel, "key": op.key, "kind": op.kind}
        answer = await self._ask(self._line, "append", **payload, body=json.loads(op.body))
        if answer["ok"]:
            op.outcome, op.acked_at = OK, now()
            op.seq, op.repeat = answer["seq"], answer["repeat"]
            return True
        if answer["code"] in FINAL:
            op.outcome = FAIL
            return True
        return op.once

    # What is heard.

    async def stay(self, http: aiohttp.ClientSession) -> None:
        """Have a line to the room, and a new one whenever it ends."""
        failures = 0
        while True:
            client = Client(self.visit, self.account.cookie, ORIGIN)
            client.on_event, client.on_end = self._hear, self._wake.set
            try:
                await self._arrive(client, http)
                failures = 0
                await self._live(client)
            except LOST:
                failures += 1
            finally:
                self._line = None
                self.up.clear()
                await client.close()
            await asyncio.sleep(self._backoff(failures + 1))

    async def _arrive(self, client: Client, http: aiohttp.ClientSession) -> None:
        self._pushed.clear()
        places = {channel: self.screen.last(channel) for channel in self.screen.channels}
        async with asyncio.timeout(self.habits.patience):
            await client.connect(http, self.wire.url)
            entrance = await client.ask("enter", after=places)
        self.participant = entrance["me"]["participant"]
        self._take(entrance["events"])
        self.screen.learn({name: each["head"] for name, each in entrance["channels"].items()})
        self._line = client
        self.arrivals += 1
        self.up.set()
        self._hurry.set()

    async def _live(self, client: Client) -> None:
        """Beat and catch up until the line ends."""
        next_beat = now() + self.habits.beat
        while not client.has_ended:
            self._wake.clear()
            if self.screen.behind:
                await self._catch_up(client, self.screen.behind[0])
            elif now() >= next_beat:
                next_beat = now() + self.habits.beat
                await self._beat(client)
            else:
                await self._rest(self._wake, next_beat - now())

    @staticmethod
    async def _rest(unless: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await unless.wait()
        except TimeoutError:
            return

    async def _beat(self, client: Client) -> None:
        answer = await self._ask(client, "beat", visible=True)
        if answer["ok"]:
            self.screen.learn(answer["heads"])
        elif answer["code"] in {"silent", "offline"}:
            raise TimeoutError

    async def _catch_up(self, client: Client, channel: str) -> None:
        after = self.screen.last(channel)
        answer = await self._ask(client, "catch_up", channel=channel, after=after)
        if answer["ok"]:
            self._take(answer["events"])
        elif answer["code"] in {"silent", "offline"}:
            raise TimeoutError
        else:
            await asyncio.sleep(self._backoff(1))

    async def _ask(self, client: Client, name: str, **payload: object) -> dict[str, Any]:
        """Return the answer; `silent` where none comes."""
        try:
            async with asyncio.timeout(self.habits.patience):
                answer = await client.request(name, **payload)
        except TimeoutError:
            answer = {"ok": False, "code": "silent"}
        except (aiohttp.ClientError, OSError):
            answer = {"ok": False, "code": "offline"}
        if not answer["ok"]:
            self.refusals[answer["code"]] += 1
        return answer

    def _hear(self, _client: Client, payload: dict[str, Any]) -> None:
        channel, seq = payload["channel"], payload["seq"]
        self.unruly += seq <= self._pushed.get(channel, 0)
        self._pushed[channel] = seq
        self._take([payload])
        if self.screen.behind:
            self._wake.set()

    def _take(self, payloads: list[dict[str, Any]]) -> None:
        for payload in payloads:
            for event in self.screen.receive(Event.from_wire(payload)):
                self.on_shown(self, event)

    def _backoff(self, failures: int) -> float:
        full = min(self.habits.longest_pause, self.habits.first_pause * 2 ** min(failures - 1, 10))
        return full * self.random.uniform(0.5, 1.0)
