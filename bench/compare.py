"""Room and bare relay side by side: the same load, in turns, each server alone on a core.

`python bench/compare.py` starts and stops everything it needs, prints a table of medians and
writes every run to a file.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import environment, load_average, medians
from people import read_pairs, sign_in_all
from servers import LOAD_CORE, ROOT, SERVER_CORE, answers, free_port, on_core, postgres, running
from tables import table

SYSTEMS = ("relay", "room")
#: Messages in flight over all pairs in the closed loop, shared between them.
IN_FLIGHT = 200


@dataclass(slots=True)
class Bench:
    """One comparison: its folder, its settings, and what the real server is started with."""

    folder: Path
    asked: argparse.Namespace
    environ: dict[str, str]
    url: str

    def prepare(self) -> None:
        """Make the pairs and sign everybody in, away from any measurement."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
        command += ["--pairs", str(max(self.asked.pairs)), "--out", str(self._pairs)]
        subprocess.run(command, cwd=ROOT, env=self.environ, check=True)  # noqa: S603  (our own)
        cookies: dict[str, str] = {}
        with self._serving("room", on_core_of_its_own=False):
            asyncio.run(sign_in_all(read_pairs(self._pairs), self.url, cookies))
        self._cookies.write_text(json.dumps(cookies), "utf-8")

    def measure(self, system: str, pairs: int) -> dict[str, Any]:
        """Return one run's figures: a fresh server, then the load against it."""
        out = self.folder / "run.json"
        with self._serving(system) as pid:
            command = [sys.executable, str(ROOT / "bench" / "room.py"), "--url", self.url]
            command += ["--pairs-file", str(self._pairs), "--pairs", str(pairs), "--both"]
            command += ["--rate", str(self.asked.rate), "--seconds", str(self.asked.seconds)]
            command += ["--window", str(max(1, IN_FLIGHT // pairs)), "--server-pid", str(pid)]
            command += ["--cookies", str(self._cookies), "--out", str(out)]
            command += ["--relay"] if system == "relay" else []
            silent = subprocess.DEVNULL
            subprocess.run(on_core(LOAD_CORE, command), check=False, stdout=silent)  # noqa: S603
        result: dict[str, Any] = json.loads(out.read_text("utf-8"))
        out.unlink()
        return result

    @property
    def _pairs(self) -> Path:
        return self.folder / "pairs.jsonl"

    @property
    def _cookies(self) -> Path:
        return self.folder / "cookies.json"

    def _serving(self, system: str, *, on_core_of_its_own: bool = True) -> Any:  # noqa: ANN401
        port = self.environ["PORT"]
        relay = [sys.executable, str(ROOT / "bench" / "relay.py"), "--port", port]
        command = relay if system == "relay" else [sys.executable, "serve.py"]
        if on_core_of_its_own:
            command = on_core(SERVER_CORE, command)
        log = self.folder / f"{system}.log"
        return running(command, log, answers(self.url), cwd=ROOT, env=self.environ)


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--pairs", type=_numbers, default=[10, 50, 200], help="sizes, as 10,50,200")
    add("--repeats", type=int, default=3)
    add("--minutes", type=float, default=7.5, help="begin no repeat that would end later")
    add("--rate", type=float, default=200, help="messages a second in the open loop")
    add("--seconds", type=float, default=5, help="length of each phase")
    add("--out", type=Path, default=Path("bench.json"))
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def compare(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure everything and return all runs and their medians."""
    start = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearthside-bench-")))
        environ = {**os.environ, "HOST": "127.0.0.1", "PORT": str(free_port())}
        environ["INSTANCE_PATH"] = str(folder)
        environ.pop("DATABASE_URL", None)
        environ.pop("REDIS_URL", None)
        if asked.database == "postgresql":
            environ["DATABASE_URL"] = stack.enter_context(postgres())
        about = {**environment(), "commit": _commit(), "database": asked.database}
        bench = Bench(folder, asked, environ, f"http://127.0.0.1:{environ['PORT']}")
        bench.prepare()
        runs = _runs(bench, start)
    kept = {
        f"{pairs}": {
            system: medians([r for r in runs if (r["pairs"], r["system"]) == (pairs, system)])
            for system in SYSTEMS
        }
        for pairs in asked.pairs
    }
    about["load_after"] = load_average()
    about["repeats"] = len(runs) // len(kept) // len(SYSTEMS)
    about["minutes"] = round((time.monotonic() - start) / 60, 1)
    return {"environment": about, "medians": kept, "runs": runs}


def _runs(bench: Bench, start: float) -> list[dict[str, Any]]:
    """Measure every size in turns; a repeat that would end too late is not begun."""
    runs = []
    for repeat in range(bench.asked.repeats):
        begun = time.monotonic()
        for pairs in bench.asked.pairs:
            for system in SYSTEMS if repeat % 2 else reversed(SYSTEMS):
                run = bench.measure(system, pairs)
                done = run["closed"]["throughput"]
                print(f"{repeat + 1}: {pairs} pairs, {system}: {done} messages/s", flush=True)
                runs.append(run)
        now = time.monotonic()
        if now - start + (now - begun) > bench.asked.minutes * 60:
            break
    return runs


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def main() -> None:
    """Compare, print the table, write the file; exit with 1 when a promise was broken."""
    asked = options()
    result = compare(asked)
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(table(result))
    phases = [run[name] for run in result["runs"] for name in ("open", "closed")]
    raise SystemExit(any(any(phase["faults"].values()) for phase in phases))


if __name__ == "__main__":
    main()
