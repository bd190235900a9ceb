"""Room and bare relay side by side: the same load, in turns, each server alone on a core.

`python bench/compare.py` starts and stops everything it needs, prints a table of medians and
writes every run to a file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import environment, load_average, medians
from servers import LOAD_CORE, ROOT, on_core
from stage import Stage, staged
from tables import table

SYSTEMS = ("relay", "room")
#: Messages in flight over all pairs in the closed loop, shared between them.
IN_FLIGHT = 200


@dataclass(slots=True)
class Bench:
    """One comparison: where it takes place and what was asked for."""

    stage: Stage
    asked: argparse.Namespace

    def measure(self, system: str, pairs: int) -> dict[str, Any]:
        """Return one run's figures: a fresh server, then the load against it."""
        out = self.stage.folder / "run.json"
        with self.stage.serving(system) as pid:
            command = [sys.executable, str(ROOT / "bench" / "room.py"), "--url", self.stage.url]
            command += ["--pairs-file", str(self.stage.pairs_file), "--pairs", str(pairs)]
            command += ["--both", "--rate", str(self.asked.rate)]
            command += ["--seconds", str(self.asked.seconds)]
            command += ["--window", str(max(1, IN_FLIGHT // pairs)), "--server-pid", str(pid)]
            command += ["--cookies", str(self.stage.cookies_file), "--out", str(out)]
            command += ["--relay"] if system == "relay" else []
            silent = subprocess.DEVNULL
            subprocess.run(on_core(LOAD_CORE, command), check=False, stdout=silent)  # noqa: S603
        result: dict[str, Any] = json.loads(out.read_text("utf-8"))
        out.unlink()
        return result


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--pairs", type=_numbers, default=[10, 50, 200, 500], help="sizes, as 10,50")
    add("--repeats", type=int, default=5)
    add("--minutes", type=float, default=25, help="begin no repeat that would end later")
    add("--rate", type=float, default=200, help="messages a second in the open loop")
    add("--seconds", type=float, default=5, help="length of each phase")
    add("--out", type=Path, default=Path("bench.json"))
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def compare(asked: argparse.Namespace) -> dict[str, Any]:
    """Measure everything and return all runs and their medians."""
    start = time.monotonic()
    with staged(asked.database) as stage:
        about = {**environment(), "database": asked.database}
        bench = Bench(stage, asked)
        stage.make_people(max(asked.pairs))
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
