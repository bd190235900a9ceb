"""What members of a grown clinic notice when Redis is killed and when processes are restarted.

Everybody writes on a fixed schedule all the while, through nginx, each pair's two members at
different processes. Latencies count from the moment something was due.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import psutil
import redis
from clinic import grown_clinic
from figures import environment, load_average, percentiles
from load import now
from screen import Said, Screen
from stage import allow_many_files

if TYPE_CHECKING:
    from clinic import Clinic

    from tests.servers import LiveServer

    Pages = list[tuple[Screen, Screen]]

#: Each fifth thing that a patient says is a call for help.
HELP_EVERY = 5
SETTLED_WITHIN = 60.0
PATIENCE = 90.0


@dataclass(slots=True)
class Span:
    """A stretch of time in which something was done to the clinic."""

    name: str
    begin: float = field(default_factory=now)
    end: float = 0.0
    proof: dict[str, Any] = field(default_factory=dict)


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--pairs", type=int, default=250)
    add("--every", type=float, default=5.0, help="seconds between two things that a person says")
    add("--outages", default="1,10,35", help="seconds without Redis, with commas; '' for none")
    add("--restarts", type=int, default=1, help="rounds in which each process is restarted")
    add("--after", type=float, default=5.0, help="seconds after a fault that count with it")
    add("--kills", type=int, default=0, help="times that the first process is killed")
    add("--out", type=Path, default=Path("grown.json"))
    return parser.parse_args()


async def talk(screen: Screen, every: float, *, is_patient: bool) -> None:
    """Say something every so often, whatever becomes of it."""
    due = now() + random.random() * every
    for number in range(1_000_000):
        await asyncio.sleep(max(0.0, due - now()))
        if is_patient and number % HELP_EVERY == 0:
            screen.say(Said("signal.sent", {"signal": "help"}, due))
        else:
            screen.say(Said("message.posted", {"text": f"{number} ".ljust(200, "x")}, due))
        due += every


async def open_all(clinic: Clinic, http: aiohttp.ClientSession) -> Pages:
    """Open everybody's page, one after the other, so that nginx puts pairs on both sides."""
    pages = [tuple(Screen(person, http, clinic.url) for person in pair) for pair in clinic.people]
    for pair in pages:
        for screen in pair:
            screen.start()
            await asyncio.wait_for(screen.is_live.wait(), PATIENCE)
    return pages  # type: ignore[return-value]  (pairs are of two)


async def outage(clinic: Clinic, seconds: float, after: float) -> Span:
    """Kill Redis, start it again after a while, and wait a little more."""
    span = Span(f"Redis away {seconds:g} s")
    clinic.redis.end(signal.SIGKILL)
    killed = now()
    span.proof["dead_at_first"] = not answers(clinic.redis.url)
    await asyncio.sleep(max(0.0, seconds - (now() - killed)))
    span.proof["dead_at_last"] = not answers(clinic.redis.url)
    await asyncio.to_thread(clinic.redis.start)
    span.proof["away_seconds"] = round(now() - killed, 2)
    await asyncio.sleep(after)
    span.end = now()
    return span


async def end(server: LiveServer, how: signal.Signals, screens: list[Screen], after: float) -> Span:
    """End a process, start it again when it has ended, wait until all are back."""
    span = Span("restart" if how is signal.SIGTERM else "kill")
    before = server.pid
    psutil.Process(before).send_signal(how)
    while server.exit_code is None:  # noqa: ASYNC110  (a process gives no event)
        await asyncio.sleep(0.05)
    span.proof = {"exit_code": server.exit_code, "ended_in": round(now() - span.begin, 2)}
    await asyncio.to_thread(server.start)
    span.proof |= {"other_pid": server.pid != before, "away_for": round(now() - span.begin, 2)}
    await asyncio.wait_for(asyncio.gather(*(s.is_live.wait() for s in screens)), PATIENCE)
    await asyncio.sleep(after)
    span.end = now()
    return span


def answers(url: str) -> bool:
    """Tell whether a Redis answers, asked by somebody who has no part in it."""
    with suppress(redis.RedisError), redis.Redis.from_url(url, retry=None) as client:
        return bool(client.ping())
    return False


async def settle(pages: Pages) -> bool:
    """Wait until all is stored and seen; return whether that came."""
    deadline = now() + SETTLED_WITHIN
    while now() < deadline:
        if all(
            (said.acked_at or said.refusal) and (said.refusal or said.key in other.seen)
            for pair in pages
            for screen, other in (pair, pair[::-1])
            for said in screen.said
        ):
            return True
        await asyncio.sleep(0.1)
    return False


async def check(pages: Pages) -> dict[str, int]:
    """Compare what everybody saw with the record, and the record with what was acknowledged."""
    found = Counter(lost=0, doubled=0, unlike_the_record=0, unacknowledged=0, refused=0)
    for pair in pages:
        record = await pair[0].read_record()
        found["doubled"] += len(record) - len(set(record))
        for screen in pair:
            acked = {said.key for said in screen.said if said.acked_at is not None}
            found["lost"] += len(acked - set(record))
            found["refused"] += sum(said.refusal is not None for said in screen.said)
            found["unacknowledged"] += len(screen.said) - len(acked)
            found["unlike_the_record"] += screen.log != record[: len(screen.log)]
            found["lost"] += len(acked - set(screen.log))
    return dict(found)


def figures(pages: Pages, span: Span) -> dict[str, Any]:
    """Return what was noticed of what was due in a span."""
    acks, ages, messages, helps, gaps = [], [], [], [], []
    for pair in pages:
        for screen, other in (pair, pair[::-1]):
            due = [s for s in screen.said if span.begin <= s.due < span.end and s.acked_at]
            waits = [said.acked_at - said.due for said in due if said.acked_at]
            acks += waits
            gaps.append(max(waits, default=0.0))
            for said in due:
                if said.key in other.seen:
                    to = helps if said.kind == "signal.sent" else messages
                    to.append(other.seen[said.key] - said.due)
                    ages.append(other.ages[said.key])
    comings = Counter(
        int(at - span.begin)
        for pair in pages
        for screen in pair
        for at in screen.connects
        if span.begin <= at < span.end
    )
    return {
        "what": span.name,
        "seconds": round(span.end - span.begin, 1),
        "proof": span.proof,
        "acked": len(acks),
        "ack_ms": percentiles(acks),
        "seen_ms": percentiles(messages),
        "help_seen_ms": percentiles(helps),
        "age_when_seen_ms": percentiles(ages),
        "gap_ms_per_client": percentiles(gaps),
        "reconnects": sum(comings.values()),
        "reconnects_peak_per_second": max(comings.values(), default=0),
    }


def lines_of(server: LiveServer) -> int:
    """Return how many connections a process holds."""
    known = psutil.Process(server.pid).net_connections("tcp")
    return sum(c.status == psutil.CONN_ESTABLISHED and c.laddr.port == server.port for c in known)


async def run(clinic: Clinic, asked: argparse.Namespace) -> dict[str, Any]:
    """Do everything asked for while everybody writes, and return what was noticed."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        pages = await open_all(clinic, http)
        screens = [screen for pair in pages for screen in pair]
        lines = [lines_of(server) for server in clinic.processes]
        talks = [
            asyncio.create_task(talk(screen, asked.every, is_patient=bool(number)))
            for pair in pages
            for number, screen in enumerate(pair)
        ]
        spans = [Span("calm")]
        await asyncio.sleep(asked.every + asked.after)
        spans[0].end = now()
        for seconds in filter(None, asked.outages.split(",")):
            spans += [await outage(clinic, float(seconds), asked.after)]
        for server in clinic.processes * asked.restarts:
            spans += [await end(server, signal.SIGTERM, screens, asked.after)]
        for server in clinic.processes[:1] * asked.kills:
            spans += [await end(server, signal.SIGKILL, screens, asked.after)]
        for each in talks:
            each.cancel()
        settled = await settle(pages)
        result = {
            "people": len(screens),
            "lines_at_each_process": lines,
            "said": sum(len(screen.said) for screen in screens),
            "settled": settled,
            "faults": await check(pages),
            "not_back": sum(not screen.is_live.is_set() for screen in screens),
            "failed_to_connect": dict(sum((screen.failures for screen in screens), Counter())),
            "spans": [figures(pages, span) for span in spans],
        }
        await asyncio.gather(*(screen.close() for screen in screens))
    return result


def main() -> None:
    """Measure, write the file, print it; exit with 1 when a promise was broken."""
    asked = options()
    allow_many_files()
    begun = time.monotonic()
    about = environment()
    with grown_clinic(asked.pairs) as clinic:
        result = asyncio.run(run(clinic, asked))
    about |= {"load_after": load_average(), "minutes": round((time.monotonic() - begun) / 60, 1)}
    asked.out.write_text(json.dumps({"environment": about, **result}, indent=2) + "\n", "utf-8")
    print(asked.out.read_text("utf-8"))
    raise SystemExit(any(result["faults"].values()) or not result["settled"])


if __name__ == "__main__":
    main()
