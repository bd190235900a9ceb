"""Whether a serving process grows while people come and go: memory, descriptors, greenlets.

For as long as asked, a steady number of clients connect, enter, write, mark, beat, look in over
HTTP, and go again: politely, without a word, or cut off in the middle of coming in. The process
is read every few seconds; a line is fitted after the warm-up. At last everybody goes, and what
the process holds is counted again. Ends with 1 when something grew beyond noise or was left over.
Each visit begins longer than what is shown of it at once: otherwise the answers would grow with
the conversations, and so would the memory that they take for a moment.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from census import Census
from figures import environment
from inside import application
from lives import live_for_ever
from procfs import descriptors, memory, threads
from seeding import fill
from servers import LOAD_CORE
from slope import Slope, fit
from stage import Stage, allow_many_files, staged

if TYPE_CHECKING:
    from people import Pair

SAMPLE_SECONDS = 5.0
#: Events of each visit when it begins. Entering shows at most 500.
LENGTH = 600
#: Presence gives a closed line its grace, and a silent one 15 s.
SETTLE_SECONDS = 30.0
#: What an hour may add: reliability.md T10 for memory, nothing to speak of for the rest.
MOST_PER_HOUR = {"rss_mib": 1.0, "anonymous_mib": 1.0, "descriptors": 2.0, "greenlets": 2.0}
#: Kept on purpose, one for each person or patient, whoever is there.
KEPT = {"buckets", "data_keys"}
#: What may be on its way at the moment of counting.
SLACK = 2


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--minutes", type=float, default=30)
    add("--warm-up", type=float, default=12, help="minutes before the first reading that counts")
    add("--clients", type=int, default=200, help="how many are there at any time")
    add("--out", type=Path, default=Path("churn.json"))
    return parser.parse_args()


@dataclass(slots=True)
class Readings:
    """What was read of the process, second by second."""

    seconds: list[float] = field(default_factory=list)
    of: dict[str, list[float]] = field(default_factory=dict)

    def add(self, at: float, **values: float) -> None:
        """Add one reading of each."""
        self.seconds.append(at)
        for name, value in values.items():
            self.of.setdefault(name, []).append(value)

    def slopes(self) -> dict[str, Slope]:
        """Return how each grows."""
        return {name: fit(self.seconds, values) for name, values in self.of.items()}


async def observe(pid: int, census: Census, asked: argparse.Namespace) -> Readings:
    """Read the process until the time is up; what is read while it warms up does not count."""
    start, readings = time.monotonic(), Readings()
    while (at := time.monotonic() - start) < asked.minutes * 60:
        await asyncio.sleep(SAMPLE_SECONDS)
        counted, held = await census.count(), memory(pid)
        row = {
            "rss_mib": held["rss"] / 2**20,
            "anonymous_mib": held["anonymous"] / 2**20,
            "descriptors": descriptors(pid),
            "greenlets": counted["greenlets"],
            "threads": threads(pid),
        }
        if at >= asked.warm_up * 60:
            readings.add(at, **row)
        if len(readings.seconds) % 12 == 1:
            print(f"{at / 60:5.1f} min  {counted['sockets']} sockets  {row}", flush=True)
    return readings


async def run(stage: Stage, people: list[Pair], pid: int, asked: argparse.Namespace) -> Any:  # noqa: ANN401  (figures)
    """Have everybody come and go; return the figures."""
    census = Census(pid, stage.folder / "room.log")
    done: Counter[str] = Counter()
    connector, jar = aiohttp.TCPConnector(limit=0), aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
        before = await _quiet(pid, census)
        everybody = [person for pair in people for person in pair]
        lives = [
            asyncio.create_task(live_for_ever(http, stage.url, person, done))
            for person in everybody[: asked.clients]
        ]
        try:
            readings = await observe(pid, census, asked)
        finally:
            for life in lives:
                life.cancel()
            ends = await asyncio.gather(*lives, return_exceptions=True)
    await asyncio.sleep(SETTLE_SECONDS)
    after = await _quiet(pid, census)
    failed = [repr(end) for end in ends if not isinstance(end, asyncio.CancelledError)]
    return {"readings": readings, "before": before, "after": after, "done": done, "failed": failed}


async def _quiet(pid: int, census: Census) -> dict[str, int]:
    """Return what the process holds while nobody is there."""
    return {**await census.count(), "descriptors": descriptors(pid)}


def left_over(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Return what the process holds more of than before anybody came."""
    more = {name: after[name] - before[name] for name in before if name not in KEPT}
    pools = {"threads", "descriptors"}  # a pool's threads and connections stay, up to their most
    return {name: count for name, count in more.items() if count > SLACK and name not in pools}


def table(slopes: dict[str, Slope]) -> str:
    """Return the slopes as Markdown."""
    lines = ["| figure | growth an hour | 95 % interval |", "| --- | ---: | ---: |"]
    for name, slope in slopes.items():
        lines.append(f"| {name} | {slope.per_hour:.2f} | {slope.low:.2f} to {slope.high:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Run, print the table, write the file; exit with 1 when something grew or was left over."""
    asked = options()
    allow_many_files()
    with staged(asked.database) as stage:
        people = stage.make_people((asked.clients + 1) // 2)
        with application(stage):
            for visit in stage.visits():
                fill(visit, LENGTH)
        os.sched_setaffinity(0, {LOAD_CORE})
        with stage.serving("room") as pid:
            found = asyncio.run(run(stage, people, pid, asked))
    readings: Readings = found.pop("readings")
    slopes = readings.slopes()
    grown = [name for name, most in MOST_PER_HOUR.items() if slopes[name].exceeds(most)]
    left = left_over(found["before"], found["after"])
    result = {
        "environment": {**environment(), "database": asked.database, "minutes": asked.minutes},
        **found,
        "slopes": {name: asdict(slope) for name, slope in slopes.items()},
        "readings": asdict(readings),
        "left_over": left,
    }
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(table(slopes))
    print(f"done: {dict(found['done'])}\nbefore: {found['before']}\nafter: {found['after']}")
    print(f"grown: {grown or 'nothing'}; left over: {left or 'nothing'}; failed: {found['failed']}")
    raise SystemExit(bool(grown or left or found["failed"]))


if __name__ == "__main__":
    main()
