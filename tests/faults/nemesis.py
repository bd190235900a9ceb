"""The faults: each is brought about, proved by somebody who has no part in it, and mended.

A fault that nobody can prove is void: it is reported, and does not count as survived.
"""

import asyncio
import os
import random
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg
import redis
from sqlalchemy import make_url

from tests.faults.history import OK
from tests.faults.people import Person, now
from tests.faults.stage import Stage
from tests.servers import LiveServer

if TYPE_CHECKING:
    from tests.faults.wires import Link


class VoidError(Exception):
    """There is no proof that the fault happened."""


def require(holds: object, what: str) -> None:
    """Raise VoidError, saying what is missing, unless it holds."""
    if not holds:
        raise VoidError(what)


async def soon(holds, what: str, *, within: float = 5.0) -> None:
    """Wait until it holds. Raises VoidError at the deadline."""
    deadline = now() + within
    while not await holds() if asyncio.iscoroutinefunction(holds) else not holds():
        require(now() < deadline, what)
        await asyncio.sleep(0.02)


@dataclass
class Field:
    """What faults may strike."""

    stage: Stage
    people: list[Person]
    random: random.Random


class Fault:
    """One fault. Proofs are tried while it lasts (`prove`) and when it is mended (`confirm`)."""

    kind: ClassVar[str]
    #: How long it lasts, in seconds: in a short run, and in a long one.
    brief: ClassVar[tuple[float, float]] = (0.5, 1.5)
    long: ClassVar[tuple[float, float]] = (1.0, 10.0)

    def __init__(self, field: Field) -> None:
        self.field, self.random = field, field.random

    async def inject(self) -> None:
        raise NotImplementedError

    async def prove(self) -> None:
        raise NotImplementedError

    async def heal(self) -> None:
        """Mend what does not mend itself."""

    async def confirm(self) -> None:
        """Prove what only the end shows."""


class WebKilled(Fault):
    kind = "web process killed (kill -9)"
    long = (0.5, 5.0)

    async def inject(self) -> None:
        self.server: LiveServer = self.random.choice(self.field.stage.servers)
        self.pid = self.server.pid
        await asyncio.to_thread(self.server.kill)

    async def prove(self) -> None:
        require(self.server.exit_code == -signal.SIGKILL, "it did not end by the signal")
        require(not await answers(self.server), "something still answers")

    async def heal(self) -> None:
        await asyncio.to_thread(self.server.start)

    async def confirm(self) -> None:
        require(self.server.pid != self.pid, "the same process goes on")


class WebStopped(Fault):
    kind = "web process stopped (SIGSTOP)"
    brief = (1.0, 3.0)
    long = (1.0, 20.0)

    async def inject(self) -> None:
        self.server: LiveServer = self.random.choice(self.field.stage.servers)
        os.kill(self.server.pid, signal.SIGSTOP)

    async def prove(self) -> None:
        await soon(lambda: self._is_stopped, "the process is not stopped")
        require(not await answers(self.server), "it still answers")

    async def heal(self) -> None:
        os.kill(self.server.pid, signal.SIGCONT)

    async def confirm(self) -> None:
        require(not self._is_stopped, "the process is still stopped")

    @property
    def _is_stopped(self) -> bool:
        return psutil.Process(self.server.pid).status() == psutil.STATUS_STOPPED


class DatabaseKilled(Fault):
    kind = "PostgreSQL killed (kill -9)"
    long = (0.5, 5.0)

    async def inject(self) -> None:
        self.began = await asyncio.to_thread(self._began)
        await asyncio.to_thread(self.field.stage.database.kill)

    async def prove(self) -> None:
        require(await asyncio.to_thread(self._began) is None, "it still takes connections")

    async def heal(self) -> None:
        await asyncio.to_thread(self.field.stage.database.start)

    async def confirm(self) -> None:
        began = await asyncio.to_thread(self._began)
        require(began is not None and began != self.began, "the same server goes on")

    def _began(self) -> str | None:
        url = make_url(self.field.stage.url).set(drivername="postgresql")
        try:
            with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
                found = connection.execute("SELECT pg_postmaster_start_time()").fetchone()
        except psycopg.OperationalError:
            return None
        return str(found[0])


class RedisKilled(Fault):
    kind = "Redis killed (kill -9)"
    brief = (1.0, 3.0)
    long = (1.0, 35.0)

    async def inject(self) -> None:
        self.run = await asyncio.to_thread(self._run)
        await asyncio.to_thread(self.field.stage.redis.end, signal.SIGKILL)

    async def prove(self) -> None:
        require(await asyncio.to_thread(self._run) is None, "it still answers")

    async def heal(self) -> None:
        await asyncio.to_thread(self.field.stage.redis.start)

    async def confirm(self) -> None:
        run = await asyncio.to_thread(self._run)
        require(run is not None and run != self.run, "the same server goes on")

    def _run(self) -> str | None:
        with redis.Redis.from_url(self.field.stage.redis.url) as client:
            try:
                return client.info("server")["run_id"]
            except redis.ConnectionError:
                return None


class OneCut(Fault):
    kind = "one member cut off"

    async def inject(self) -> None:
        self.struck = self._whom()
        for person in self.struck:
            await soon(lambda person=person: person.wire.links, "no connection to cut")
        self.arrivals = {person: person.arrivals for person in self.struck}
        self.dropped = sum([person.wire.cut() for person in self.struck])

    def _whom(self) -> list[Person]:
        return [self.random.choice(self.field.people)]

    async def prove(self) -> None:
        require(self.dropped >= len(self.struck), "a connection was not there to be cut")
        for person in self.struck:
            await soon(lambda person=person: not person.up.is_set(), "somebody is still connected")

    async def heal(self) -> None:
        for person in self.struck:
            person.wire.mend()

    async def confirm(self) -> None:
        for person, before in self.arrivals.items():
            came = lambda person=person, before=before: person.arrivals > before  # noqa: E731
            await soon(came, "somebody did not come back", within=30)


class AllCut(OneCut):
    kind = "all members cut off"

    def _whom(self) -> list[Person]:
        return self.field.people


class HalfOpen(Fault):
    kind = "half-open connection"
    brief = (0.0, 0.0)
    long = (0.0, 5.0)

    async def inject(self) -> None:
        self.person = self.random.choice(self.field.people)
        await soon(self.person.up.is_set, "no connection to silence")
        self.arrivals = self.person.arrivals
        self.links: list[Link] = self.person.wire.go_silent()

    async def prove(self) -> None:
        """Both ends went on sending into nothing, and the server never heard of the end."""
        await soon(self._swallowed_both_ways, "nothing was sent", within=20)
        await soon(lambda: self.person.arrivals > self.arrivals, "no new line", within=30)
        require(any(link.is_half_open for link in self.links), "the server was told of the end")

    def _swallowed_both_ways(self) -> bool:
        return any(all(link.swallowed) for link in self.links)


class AckDropped(Fault):
    kind = "acknowledgement dropped after the commit"
    brief = (0.0, 0.0)
    long = (0.0, 0.0)

    async def inject(self) -> None:
        """Swallow the answer to the next append of somebody that they will try again."""
        self.person = self.random.choice(self.field.people)
        self.cuts_too = self.random.random() < 0.5
        self.op = None
        self.person.wire.swallows = self._swallow
        self.person.say(once=False)
        await soon(lambda: self.op, "no acknowledgement came by", within=30)

    def _swallow(self) -> bool:
        op = self.person.trying
        if self.op is not None or op is None or op.once:
            return False
        self.op = op
        if self.cuts_too:
            self.person.wire.cut()
            self.person.wire.mend()
        return True

    async def prove(self) -> None:
        """It is committed, and its sender does not know."""
        require(self.op.acked_at is None, "its sender was answered all the same")
        self.place = await asyncio.to_thread(self.field.stage.place_of, self.op.key)
        require(len(self.place) == 1, "it is not in the record")

    async def heal(self) -> None:
        self.person.wire.swallows = lambda: False

    async def confirm(self) -> None:
        """The next try is told that it was stored already, and where."""
        await soon(lambda: self.op.outcome == OK, "it was not answered", within=30)
        require(self.op.repeat, "it was not known as a repeat")
        require([self.op.seq] == self.place, "it was given another place")


def kinds_for(stage: Stage, only: str = "") -> list[type[Fault]]:
    """The faults that this variant can suffer, or those of them with `only` in their names."""
    kinds: list[type[Fault]] = [WebKilled, WebStopped, OneCut, AllCut, HalfOpen, AckDropped]
    if stage.database:
        kinds.append(DatabaseKilled)
    if stage.redis:
        kinds.append(RedisKilled)
    return [kind for kind in kinds if only in kind.kind]


async def answers(server: LiveServer) -> bool:
    """Tell whether the process says in half a second that it is alive."""

    def ask() -> bool:
        try:
            with urlopen(f"{server.url}/healthz", timeout=0.5) as answer:  # noqa: S310  (our own)
                return answer.status == 200
        except (URLError, OSError):
            return False

    return await asyncio.to_thread(ask)
