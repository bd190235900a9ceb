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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from client import Client
from figures import Cost, environment, percentiles
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


async def entries(
    http: aiohttp.ClientSession, url: str, person: Person, repeats: int, after: dict[str, int]
) -> tuple[list[float], int]:
    """Enter again and again on fresh sockets; return the seconds that each took, and the events."""
    took, events = [], 0
    for _ in range(repeats):
        client = Client(person.visit, person.cookie)
        await client.connect(http, url)
        start = time.perf_counter()
        answer = await client.ask("enter", after=after)
        took.append(time.perf_counter() - start)
        events = len(answer["events"])
        await client.close()
    return took, events


async def at_length(
    stage: Stage, pid: int, person: Person, length: int, repeats: int
) -> dict[str, Any]:
    """Return the figures of one visit's length."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        await entries(http, stage.url, person, 3, {})  # what is first is not measured
        cost = Cost(pid)
        whole, first = await entries(http, stage.url, person, repeats, {})
        used = cost.cpu_seconds
        after = {"room": length - LACKS}
        short, last = await entries(http, stage.url, person, repeats, after)
    return {
        "length": length,
        "first_page": first,
        "first_page_ms": percentiles(whole),
        "server_cpu_ms_with_connect": round(used / repeats * 1000, 2),
        "after_a_cut": last,
        "after_a_cut_ms": percentiles(short),
    }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Fill one visit for each length, serve, and enter them."""
    with staged(asked.database) as stage:
        people = stage.make_people(len(asked.lengths))
        visits = list(zip(people, asked.lengths, strict=True))
        with application(stage):
            for (therapist, _), length in visits:
                fill(therapist.visit, length)
        os.sched_setaffinity(0, {LOAD_CORE})
        with stage.serving("room") as pid:
            rows = [
                asyncio.run(at_length(stage, pid, therapist, length, asked.repeats))
                for (therapist, _), length in visits
            ]
    return {"environment": {**environment(), "database": asked.database}, "rows": rows}


def table(result: dict[str, Any]) -> str:
    """Return the figures as Markdown."""
    lines = [
        "| events in the visit | first page, ms p50 | p95 | p99 | after a cut, ms p50 | p99 |",
        "| ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in result["rows"]:
        whole, short = row["first_page_ms"], row["after_a_cut_ms"]
        cells = [whole["p50"], whole["p95"], whole["p99"], short["p50"], short["p99"]]
        lines.append(f"| {row['length']:,} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")
    return "\n".join(lines)


def is_within(rows: list[dict[str, Any]]) -> bool:
    """Tell whether the longest visit is entered in time, and about as fast as the shortest."""
    shortest, longest = rows[0]["first_page_ms"]["p50"], rows[-1]["first_page_ms"]["p50"]
    return bool(longest <= MOST_MS and longest <= shortest * MOST_GROWTH)


def main() -> None:
    """Measure, print the table, write the file; exit with 1 when it is too slow or grows."""
    asked = options()
    result = measure(asked)
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(table(result))
    raise SystemExit(not is_within(result["rows"]))


if __name__ == "__main__":
    main()
