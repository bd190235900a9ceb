"""`python -m tests.faults --minutes 60`: the long run, on both databases, one after the other.

Prints the figures, writes them all to a file, and ends with 1 when a promise was broken or a kind
of fault was never proved.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.faults.report import objections, report, table
from tests.faults.run import Plan, run
from tests.faults.stage import VARIANTS


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.faults")
    add = parser.add_argument
    add("--minutes", type=float, default=60, help="in all, shared by the variants (default: 60)")
    add("--seed", type=int, help="to have the same faults in the same order again")
    add("--variant", choices=list(VARIANTS), help="only one of them")
    add("--visits", type=int, default=20, help="visits of three people each (default: 20)")
    add("--rate", type=float, default=40, help="messages a second, all together (default: 40)")
    add("--only", default="", help="only faults with this in their names")
    add("--out", type=Path, default=Path("faults.json"), help="where the figures go")
    return parser.parse_args()


def main() -> int:
    asked = options()
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    variants = [asked.variant] if asked.variant else list(VARIANTS)
    plan = Plan(seed, asked.minutes * 60 / len(variants), asked.rate, control=10.0, only=asked.only)
    _say(f"seed {seed}")
    reports = [_one(variant, asked.visits, plan) for variant in variants]
    asked.out.write_text(json.dumps(reports, indent=2) + "\n", "utf-8")
    return int(any(objections(found) for found in reports))


def _one(variant: str, visits: int, plan: Plan) -> dict[str, Any]:
    with (
        tempfile.TemporaryDirectory(prefix="hearthside-faults-") as folder,
        VARIANTS[variant](Path(folder), visits) as stage,
    ):
        found = report(asyncio.run(run(stage, plan)), stage)
    _say(f"\n{table(found)}")
    for sentence in objections(found):
        _say(f"- **{sentence}**")
    for sentence in found["voids"]:
        _say(f"- void: {sentence}")
    return found


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
