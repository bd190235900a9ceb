"""What entering a room costs as its log grows: from an empty page and after a short cut.

`enter` without `after` brings the first 500 events; with `after` 100 before the end, the last
100. Times run from sending to the whole answer having been read and decoded by the client, so
they are more than the server's own. Ends with 1 when the longest visit's median is above the
limit, or more than a third above the shortest one's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from client import Client
from figures import Cost, environment, load_average, percentiles
from inside import application
from seeding import fill
from servers import LOAD_CORE
from stage import staged

if TYPE_CHECKING:
    from people import Person
    from stage import Stage

#: Issue 3: the first page of a visit with 10,000 events.
MOST_MS = 50.0
#: What counts as constant, in figures that are noisy.
MOST_GROWTH = 1.33
#: A page that was cut off for a moment lacks so many.
LACKS = 100
#: So many entries of each kind before the next visit has its turn; the kernel counts processor
#: time in hundredths of a second.
A_TURN = 10


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--lengths", type=_numbers, default=[500, 2_000, 10_000, 100_000], help="events a visit")
    add("--repeats", type=int, default=40, help="entries of each kind at each length")
    add("--out", type=Path, default=Path("entering.json"))
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


@dataclass(slots=True)
class Place:
    """One visit, who enters it, and what entering took."""

    person: Person
    length: int
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    events: set[int] = field(default_factory=set)
    cpu_seconds: float = 0.0

    def figures(self) -> dict[str, Any]:
        """Return the milliseconds of both ways in."""
        return {
            "length": self.length,
            "events": sorted(self.events),
            "first_page_ms": percentiles(self.first),
            "after_a_cut_ms": percentiles(self.again),
            "server_cpu_ms": round(self.cpu_seconds / len(self.first) * 1000, 1),
        }


async def enter(
    http: aiohttp.ClientSession, url: str, place: Place, after: dict[str, int]
) -> float:
    """Enter on a fresh socket; return the seconds from asking to having the whole answer."""
    client = Client(place.person.visit, place.person.cookie)
    await client.connect(http, url)
    start = time.perf_counter()
    answer = await client.ask("enter", after=after)
    took = time.perf_counter() - start
    place.events.add(len(answer["events"]))
    await client.close()
    return took


async def take_turns(stage: Stage, pid: int, places: list[Place], repeats: int) -> None:
    """Enter all visits in turns, so that what disturbs the machine disturbs all alike."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        for place in places:  # what is first is not measured
            for _ in range(3):
                await enter(http, stage.url, place, {})
        for _ in range(repeats // A_TURN):
            for place in places:
                cost = Cost(pid)
                for _ in range(A_TURN):
                    place.first.append(await enter(http, stage.url, place, {}))
                place.cpu_seconds += cost.cpu_seconds
                after = {"room": place.length - LACKS}
                for _ in range(A_TURN):
                    place.again.append(await enter(http, stage.url, place, after))


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Fill one visit for each length, serve, and enter them."""
    with staged(asked.database) as stage:
        people = stage.make_people(len(asked.lengths))
        places = [Place(one, n) for (one, _), n in zip(people, asked.lengths, strict=True)]
        with application(stage):
            for place in places:
                fill(place.person.visit, place.length)
        os.sched_setaffinity(0, {LOAD_CORE})
        with stage.serving("room") as pid:
            asyncio.run(take_turns(stage, pid, places, asked.repeats))
    about = {**environment(), "database": asked.database, "load_after": load_average()}
    return {"environment": about, "rows": [place.figures() for place in places]}


def table(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [
        "| events in the visit | server CPU, ms | first page, p50 | p95 | after a cut, p50 | p95 |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in result["rows"]:
        whole, short = row["first_page_ms"], row["after_a_cut_ms"]
        cells = [row["server_cpu_ms"], whole["p50"], whole["p95"], short["p50"], short["p95"]]
        lines.append(f"| {row['length']:,} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")
    return "\n".join(lines)


def is_within(rows: list[dict[str, Any]]) -> bool:
    """Tell whether the longest visit is entered in time, at about the cost of the shortest."""
    shortest, longest = rows[0]["server_cpu_ms"], rows[-1]["server_cpu_ms"]
    is_constant = longest <= shortest * MOST_GROWTH
    return bool(is_constant and rows[-1]["first_page_ms"]["p50"] <= MOST_MS)


def main() -> None:
    """Measure, print the table, write the file; exit with 1 when it is too slow or grows."""
    asked = options()
    result = measure(asked)
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(table(result))
    raise SystemExit(not is_within(result["rows"]))


if __name__ == "__main__":
    main()
