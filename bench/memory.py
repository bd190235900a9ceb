"""What one connected client costs in memory: the room and the bare relay, one after the other.

Each server is warmed up by clients that come and go, so that nothing that a process loads once is
counted; then its memory is read with 100 clients connected, and with 1,000, all in rooms of two
and beating. The difference is the clients' own. Ends with 1 when the room needs more than the
limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import aiohttp
from client import Client
from figures import environment, medians
from load import BEAT_SECONDS, Traffic, beat_for_ever, open_loop
from procfs import memory
from room import connect
from servers import LOAD_CORE
from stage import Stage, allow_many_files, staged

if TYPE_CHECKING:
    from people import Pair

SYSTEMS = ("relay", "room")
#: Issue 3: the room's memory per client beside the relay's.
MOST = 1.3
#: Messages a second, over all pairs, while the clients settle.
RATE = 50
#: A closed socket is forgotten after the grace of presence.
LEAVING_SECONDS = 8.0


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--first", type=int, default=100, help="clients at the first reading")
    add("--clients", type=int, default=1000, help="clients at the second reading")
    add("--repeats", type=int, default=3)
    add("--settle", type=float, default=3 * BEAT_SECONDS, help="seconds before each reading")
    add("--system", choices=SYSTEMS, action="append", help="measure only this one")
    add("--out", type=Path, default=Path("memory.json"))
    return parser.parse_args()


class Crowd:
    """Clients that are connected to one server."""

    def __init__(self, stage: Stage, people: list[Pair], http: aiohttp.ClientSession) -> None:
        self._url = stage.url
        self._people = people
        self._http = http
        self.clients: list[Client] = []

    async def grow(self, size: int) -> None:
        """Have more come, pair by pair, until there are `size`."""
        pairs = self._people[len(self.clients) // 2 : size // 2]
        new = [Client(one.visit, one.cookie) for pair in pairs for one in pair]
        await connect(self._url, new, self._http)
        self.clients += new

    async def live(self, seconds: float) -> None:
        """Have everybody beat, and some messages go to and fro."""
        beats = asyncio.create_task(beat_for_ever(self.clients))
        pairs = list(zip(self.clients[::2], self.clients[1::2], strict=True))
        await open_loop(Traffic(pairs), RATE, seconds)
        beats.cancel()

    async def go(self) -> None:
        """Have everybody go."""
        await asyncio.gather(*(client.close() for client in self.clients))
        self.clients.clear()
        await asyncio.sleep(LEAVING_SECONDS)


async def watch(stage: Stage, people: list[Pair], pid: int, asked: argparse.Namespace) -> Any:  # noqa: ANN401  (figures)
    """Return the memory per client of the server with this number, in KiB."""
    connector = aiohttp.TCPConnector(limit=0)
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
        crowd = Crowd(stage, people, http)
        await crowd.grow(asked.first)
        await crowd.live(asked.settle)
        await crowd.go()
        readings = []
        for size in (asked.first, asked.clients):
            await crowd.grow(size)
            await crowd.live(asked.settle)
            readings.append(memory(pid))
        await crowd.go()
    more = asked.clients - asked.first
    few, many = readings
    return {
        **{f"{name}_kib_per_client": (many[name] - few[name]) / more / 1024 for name in few},
        **{f"{name}_mib_with_all": many[name] / 2**20 for name in few},
        "rss_mib_when_they_are_gone": memory(pid)["rss"] / 2**20,
    }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure each system in turn, as often as asked; return all runs and the medians."""
    runs: list[dict[str, Any]] = []
    systems = asked.system or SYSTEMS
    with staged(asked.database) as stage:
        people = stage.make_people(asked.clients // 2)
        os.sched_setaffinity(0, {LOAD_CORE})
        for repeat in range(asked.repeats):
            for system in systems:
                with stage.serving(system) as pid:
                    run = asyncio.run(watch(stage, people, pid, asked))
                runs.append({"system": system, **run})
                print(f"{repeat + 1}: {system}: {run['rss_kib_per_client']:.1f} KiB", flush=True)
    kept = {each: medians([run for run in runs if run["system"] == each]) for each in systems}
    about = {**environment(), "database": asked.database, "clients": asked.clients}
    return {"environment": about, "medians": kept, "runs": runs}


def ratio(result: dict[str, Any]) -> float | None:
    """Return the median of the repeats' ratios, room to relay; None when one was left out."""
    of = {each: [r for r in result["runs"] if r["system"] == each] for each in SYSTEMS}
    pairs = list(zip(of["room"], of["relay"], strict=False))
    name = "rss_kib_per_client"
    return median(room[name] / relay[name] for room, relay in pairs) if pairs else None


def table(result: dict[str, Any]) -> str:
    """Return the medians as Markdown."""
    lines = [
        "| system | RSS, KiB per client | PSS | anonymous | RSS with all, MiB | when gone |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for system, run in result["medians"].items():
        cells = [run[f"{name}_kib_per_client"] for name in ("rss", "pss", "anonymous")]
        cells += [run["rss_mib_with_all"], run["rss_mib_when_they_are_gone"]]
        lines.append(f"| {system} | {' | '.join(f'{cell:.1f}' for cell in cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, write the file; exit with 1 above the limit."""
    asked = options()
    allow_many_files()
    result = measure(asked)
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(table(result))
    found = ratio(result)
    if found is not None:
        print(f"\nroom / relay: {found:.2f} (at most {MOST})")
    raise SystemExit(found is not None and found > MOST)


if __name__ == "__main__":
    main()
