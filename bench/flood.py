"""How a pair in their room fares while somebody floods the server: quiet, then each attack.

`python bench/flood.py` starts and stops everything it needs. It prints medians over the repeats
and ends with 1 when the pair's p99 was more than twice the quiet one, a call for help took more
than a second, or anything was lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import psutil
from canary import enter
from figures import environment, load_average, medians
from servers import LOAD_CORE, ROOT, on_core
from stage import staged

if TYPE_CHECKING:
    from canary import Canary
    from people import Pair
    from stage import Stage

ATTACKS = ("events", "frames", "silent", "logins")
MOST_RATIO = 2.0
MOST_HELP_MS = 1000.0
#: What an attack leaves behind (closed lines, filled buckets) is over after this.
PAUSE_SECONDS = 2.0
WARM_SECONDS = 2.0


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--attacks", nargs="+", choices=ATTACKS, default=ATTACKS)
    add("--repeats", type=int, default=5)
    add("--seconds", type=float, default=20, help="length of each phase")
    add("--out", type=Path, default=Path("bench.json"))
    return parser.parse_args()


class Server:
    """What the server costs while a phase runs."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.rss = self.fds = 0

    async def watch(self) -> None:
        """Keep the most memory and descriptors that are seen, until cancelled."""
        self.rss = self.fds = 0
        while True:
            self.rss = max(self.rss, self._process.memory_info().rss)
            self.fds = max(self.fds, self._process.num_fds())
            await asyncio.sleep(0.25)


@dataclass(slots=True)
class Trial:
    """One server, the pair that is measured, and somebody else whose sign-in the attacker has."""

    stage: Stage
    attacker: Pair
    canary: Canary
    server: Server
    seconds: float

    async def phase(self) -> dict[str, Any]:
        """Return the pair's figures, and the most that the server took meanwhile."""
        watching = asyncio.create_task(self.server.watch())
        figures = await self.canary.talk(self.seconds)
        watching.cancel()
        server = self.server
        return {**figures, "rss_mib": round(server.rss / 2**20, 1), "fds": server.fds}

    async def under(self, kind: str) -> dict[str, Any]:
        """Return the pair's figures under an attack, and what the attacker says of it."""
        command = [sys.executable, str(ROOT / "bench" / "attacks.py"), kind]
        command += ["--url", self.stage.url, "--seconds", str(self.seconds + 1)]
        command += ["--visit", self.attacker[1].visit, "--cookie", self.attacker[1].cookie]
        # The pair is to be measured and not the queue for its core: there the attacker gives way.
        attack = await asyncio.create_subprocess_exec(
            "nice", "-n", "19", *on_core(LOAD_CORE, command), stdout=subprocess.PIPE
        )
        assert attack.stdout  # noqa: S101  (a pipe was asked for)
        await attack.stdout.readline()
        figures = await self.phase()
        said, _ = await attack.communicate()
        await asyncio.sleep(PAUSE_SECONDS)
        return {**figures, "attacker": json.loads(said or "{}")}


async def _repeat(asked: argparse.Namespace, stage: Stage, people: list[Pair]) -> dict[str, Any]:
    canaries, attacker = people
    result: dict[str, Any] = {}
    with stage.serving("room") as pid:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
            canary = await enter(http, stage.url, canaries)
            trial = Trial(stage, attacker, canary, Server(pid), asked.seconds)
            await canary.talk(WARM_SECONDS)
            result["quiet"] = await trial.phase()
            for kind in asked.attacks:
                result[kind] = await trial.under(kind)
            result["quiet again"] = await trial.phase()
            for client in canary.clients:
                await client.close()
    return result


def _judge(kept: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return, for each phase, the ratio to the quiet one and whether it is good enough."""
    quiet = kept["quiet"]["delivery_ms"]["p99"]
    return {
        name: {
            "ratio": round(phase["delivery_ms"]["p99"] / quiet, 2),
            "good": phase["delivery_ms"]["p99"] <= MOST_RATIO * quiet
            and phase["help_ms"]["max"] <= MOST_HELP_MS,
        }
        for name, phase in kept.items()
    }


def _table(kept: dict[str, Any], verdicts: dict[str, Any]) -> str:
    lines = [
        "| | delivery p50, ms | p99 | max | p99 / quiet | help max, ms | RSS, MiB | descriptors |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, phase in kept.items():
        took, call = phase["delivery_ms"], phase["help_ms"]
        lines.append(
            f"| {name} | {took['p50']:.1f} | {took['p99']:.1f} | {took['max']:.1f} "
            f"| {verdicts[name]['ratio']:.2f} | {call['max']:.0f} "
            f"| {phase['rss_mib']:.0f} | {phase['fds']:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print the table, write every run; exit with 1 when it is not good enough."""
    asked = options()
    about = {**environment(), "database": asked.database}
    runs = []
    with staged(asked.database) as stage:
        people = stage.make_people(2)
        for number in range(asked.repeats):
            runs.append(asyncio.run(_repeat(asked, stage, people)))
            told = {name: phase["delivery_ms"].get("p99") for name, phase in runs[-1].items()}
            print(f"{number + 1}: p99 in ms {told}", flush=True)
    about["load_after"] = load_average()
    measured = [
        {n: {k: v for k, v in p.items() if k != "attacker"} for n, p in run.items()} for run in runs
    ]
    kept = medians([{n: _figures(p) for n, p in run.items()} for run in measured])
    verdicts = _judge(kept)
    result = {"environment": about, "medians": kept, "verdicts": verdicts, "runs": runs}
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(_table(kept, verdicts))
    for kind in asked.attacks:
        print(f"{kind}, last attacker: {runs[-1][kind]['attacker']}")
    lost = sum(phase["lost"] for run in runs for phase in run.values())
    print(f"{sum(p['sent'] for run in runs for p in run.values())} sent, {lost} lost")
    raise SystemExit(bool(lost) or not all(each["good"] for each in verdicts.values()))


def _figures(phase: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in phase.items() if name != "refused"}


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
