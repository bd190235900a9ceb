"""One run: everybody talks, first undisturbed and then through one fault after the other."""

import asyncio
import random
from collections.abc import Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import aiohttp

from bench.people import sign_in
from tests.faults.history import Event, Evidence, Op
from tests.faults.nemesis import Fault, Field, VoidError, kinds_for
from tests.faults.people import Habits, Member, Person, now
from tests.faults.stage import Stage
from tests.faults.wires import Wire

#: By when everybody must have everything, once a fault is mended.
CONVERGED_WITHIN = 30.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of. Times are in seconds; `seconds` 0 means each kind of fault once."""

    seed: int
    seconds: float = 0.0
    rate: float = 40.0
    control: float = 4.0
    #: Part of the name of the only kinds of fault wanted.
    only: str = ""
    habits: Habits = field(default_factory=Habits)


@dataclass(slots=True)
class Strike:
    """One fault as it went. `void` says which proof is missing, if one is."""

    kind: str
    began: float
    mended: float = 0.0
    void: str = ""
    #: Seconds until everybody had all that there was when it was mended; None: not in time.
    recovered: float | None = None


@dataclass(slots=True)
class Course:
    """How a run went."""

    plan: Plan
    people: list[Person]
    control_ended: float = 0.0
    strikes: list[Strike] = field(default_factory=list)
    #: Seconds until everybody had everything at the end; None: not in time.
    settled: float | None = None
    evidence: Evidence | None = None

    @property
    def ops(self) -> Iterable[Op]:
        return self.people[0].ops.values()


async def run(stage: Stage, plan: Plan) -> Course:
    """Let it happen, and gather the evidence."""
    members = await _signed_in(stage)
    async with (
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
        ) as http,
        _people(stage, members, plan) as people,
        asyncio.TaskGroup() as group,
    ):
        course = Course(plan, people)
        works = [group.create_task(work) for p in people for work in (p.stay(http), p.write())]
        await _everybody_in(people)
        talk = [group.create_task(p.chat(plan.rate / len(people))) for p in people]
        await asyncio.sleep(plan.control)
        course.control_ended = now()
        await _disturb(course, Field(stage, people, random.Random(plan.seed)))  # noqa: S311  (which fault is next)
        _cancel(talk)
        course.settled = await _settle(stage, people)
        course.evidence = await _gather(stage, course)
        _cancel(works)
    return course


async def _signed_in(stage: Stage) -> list[Member]:
    accounts = [member.account for member in stage.members]
    accounts = await sign_in(accounts, stage.servers[0].url, {})
    pairs = zip(stage.members, accounts, strict=True)
    return [replace(member, account=account) for member, account in pairs]


@asynccontextmanager
async def _people(stage: Stage, members: list[Member], plan: Plan):
    """Everybody behind a wire of their own, the first of each visit at another process."""
    ports = [server.port for server in stage.servers]
    wires = [Wire(ports, turn) for turn in range(len(members))]
    for wire in wires:
        await wire.open()
    try:
        pairs = zip(members, wires, strict=True)
        people = [Person(member, wire, plan.habits, plan.seed) for member, wire in pairs]
        ops: dict[str, Op] = {}
        for person in people:
            person.ops, person.on_shown = ops, _noting(ops)
        yield people
    finally:
        for wire in wires:
            await wire.close()


async def _everybody_in(people: list[Person]) -> None:
    async with asyncio.timeout(60):
        for person in people:
            await person.up.wait()


def _noting(ops: dict[str, Op]):
    """Note when each of the others has an event on the screen."""

    def shown(person: Person, event: Event) -> None:
        op = ops.get(event.key)
        if op is not None and op.by != person.participant:
            op.seen[person.screen.name] = now()

    return shown


def _cancel(tasks: list[asyncio.Task]) -> None:
    for task in tasks:
        task.cancel()


async def _disturb(course: Course, battle: Field) -> None:
    """Strike with every kind, shuffled, and again until the time is over."""
    kinds = kinds_for(battle.stage, course.plan.only)
    end = now() + course.plan.seconds
    while not course.strikes or now() < end:
        for kind in battle.random.sample(kinds, len(kinds)):
            course.strikes.append(await _strike(kind(battle), course))
            await asyncio.sleep(battle.random.uniform(0.2, 1.0))


async def _strike(fault: Fault, course: Course) -> Strike:
    strike = Strike(fault.kind, now())
    lasting = fault.long if course.plan.seconds else fault.brief
    try:
        await fault.inject()
        await fault.prove()
        await asyncio.sleep(fault.random.uniform(*lasting))
    except VoidError as missing:
        strike.void = str(missing)
    finally:
        await fault.heal()
    strike.mended = now()
    strike.recovered = await _converge(fault.field.stage, fault.field.people)
    try:
        await fault.confirm()
    except VoidError as missing:
        strike.void = strike.void or str(missing)
    return strike


async def _converge(stage: Stage, people: list[Person]) -> float | None:
    """Wait until everybody is in and shows all that is in the database now; return the seconds."""
    start = now()
    heads = await asyncio.to_thread(stage.heads)
    while not all(_shows(person, heads[person.visit]) for person in people):
        if now() - start > CONVERGED_WITHIN:
            return None
        await asyncio.sleep(0.02)
    return now() - start


def _shows(person: Person, heads: dict[str, int]) -> bool:
    screen = person.screen
    return person.up.is_set() and all(screen.last(c) >= heads[c] for c in screen.channels)


async def _gather(stage: Stage, course: Course) -> Evidence:
    """Read record and screens of one moment: the server goes on to note who comes and goes."""
    deadline = now() + CONVERGED_WITHIN
    while True:
        rows = await asyncio.to_thread(stage.record)
        evidence = Evidence(list(course.ops), rows, [p.screen.still() for p in course.people])
        if evidence.is_of_one_moment or now() > deadline:
            return evidence
        await asyncio.sleep(0.2)


async def _settle(stage: Stage, people: list[Person]) -> float | None:
    """Wait until every outbox is empty and everybody shows everything."""
    start = now()
    try:
        async with asyncio.timeout(CONVERGED_WITHIN):
            for person in people:
                await person.outbox.join()
    except TimeoutError:
        return None
    return now() - start if await _converge(stage, people) is not None else None
