"""What an append costs the database itself as the log grows, to ten million events.

The statements are the application's own (`app.room.statements`), in one transaction a batch as it
makes them, in turns for batches of one and of fifty over as many open visits; each is timed, and
the commit with its sync to disk and without. At each size the plans of all questions to the log
are read too. Ends with 1 when a batch costs more than a third more at the largest size than at
the smallest, or when a plan reads a whole table.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import time
from collections import defaultdict
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from ballast import BODY_BYTES, Ballast, random_key
from figures import environment
from inside import application
from plans import asked_of, plan_of, scans
from seeding import seats_of
from servers import LOAD_CORE
from stage import staged

from app.kernel import clock, sqlite
from app.kernel.db import db
from app.room import log, queries
from app.room.seats import ROOM
from app.room.statements import COLUMNS, statements

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.room.seats import Seat

BATCHES = (1, 50)
STEPS = ("lock", "used", "write", "commit")
#: What counts as constant, in figures that are noisy.
MOST_GROWTH = 1.33


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--database", choices=["sqlite", "postgresql"], default="sqlite")
    add("--sizes", type=_numbers, default=[10_000, 1_000_000, 10_000_000], help="stored events")
    add("--visits", type=int, default=100, help="visits that are open, and appended to")
    add("--rounds", type=int, default=300, help="batches of each kind at each size")
    add("--out", type=Path, default=Path("growth.json"))
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def append(connection: Connection, seats: list[Seat]) -> dict[str, float]:
    """Append one event in the name of each seat as one batch; return what each step took."""
    speak, now = statements(connection), time.perf_counter
    took: dict[str, float] = {}
    start = now()
    with connection.begin() as transaction:
        stands = {(v, c): head for v, c, head, _ in speak.lock(sorted({s.visit_id for s in seats}))}
        took["lock"] = now() - start
        rows = [_row(seat, stands[seat.visit_id, ROOM] + 1) for seat in seats]
        keys = [(row["visit_id"], row["actor_id"], row["key"]) for row in rows]
        took["used"] = _timed(lambda: speak.used(keys))
        written = [tuple(row[column] for column in COLUMNS) for row in rows]
        heads = [(row["visit_id"], ROOM, row["seq"]) for row in rows]
        took["write"] = _timed(lambda: speak.write(written, heads))
        took["commit"] = _timed(transaction.commit)
    return took


def _timed(work: Any) -> float:  # noqa: ANN401  (any call)
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _row(seat: Seat, seq: int) -> dict[str, Any]:
    return {
        "visit_id": seat.visit_id,
        "channel": ROOM,
        "seq": seq,
        "kind": "message.posted",
        "v": 1,
        "actor_id": seat.participant_id,
        "key": random_key(),
        "at": clock.now(),
        "body": os.urandom(BODY_BYTES),
    }


def set_sync(connection: Connection, *, on: bool) -> None:
    """Have commits on this connection wait for the disk, or not."""
    # Past SQLAlchemy, which would begin a transaction: SQLite changes this outside of one only.
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        driver.execute(f"PRAGMA synchronous={'FULL' if on else 'OFF'}")
    else:
        driver.execute(f"SET synchronous_commit = {'on' if on else 'off'}")
    driver.commit()


def at_size(engine: Engine, seats: list[Seat], rounds: int) -> dict[str, Any]:
    """Return the milliseconds of each step, by size of batch and with or without the sync."""
    took: dict[tuple[int, bool], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with engine.connect() as connection:
        for number in range(rounds * len(BATCHES) * 2):
            batch, is_synced = BATCHES[number % len(BATCHES)], number // len(BATCHES) % 2 == 0
            sqlite.say_what_follows(writes=False)
            set_sync(connection, on=is_synced)
            sqlite.say_what_follows(writes=True)
            for step, seconds in append(connection, random.sample(seats, batch)).items():
                took[batch, is_synced][step].append(seconds * 1000)
        sqlite.say_what_follows(writes=False)
    return {
        f"{batch}{'' if is_synced else ' without sync'}": {
            **{step: round(median(each), 3) for step, each in steps.items()},
            # Not the median of sums: what disturbs hits another step each time.
            "all": round(sum(median(each) for each in steps.values()), 3),
            "mean": round(sum(fmean(each) for each in steps.values()), 3),
        }
        for (batch, is_synced), steps in sorted(took.items(), key=str)
    }


def plans(engine: Engine, seats: list[Seat]) -> dict[str, list[str]]:
    """Return the plan of every question that an append, a page and an entrance put to the log."""
    with asked_of(engine) as asked, engine.connect() as connection:
        sqlite.say_what_follows(writes=True)
        append(connection, random.sample(seats, max(BATCHES)))
        sqlite.say_what_follows(writes=False)
        seat = seats[0]
        log.read(seat, ROOM, limit=0)
        log.heads_of([each.visit_id for each in seats])
        log.read_edges(seat, ROOM, ("phase.entered", "signal.sent"))
        queries.people(seat.visit_id)
        db.done()
    with engine.connect() as connection:
        return {
            " ".join(statement.split())[:100]: plan_of(connection, statement, values)
            for statement, values in asked.items()
        }


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Grow the log from size to size, and measure at each."""
    rows = []
    with staged(asked.database) as stage:
        stage.load_pairs(asked.visits)
        os.sched_setaffinity(0, {LOAD_CORE})
        with application(stage):
            url = db.engine.url.render_as_string(hide_password=False)
            seats = [seats_of(visit)[0] for visit in stage.visits()]
            there = _stored()
            for size in asked.sizes:
                start = time.monotonic()
                Ballast(url).bring_to(size, there)
                there = _stored()
                filled = round(time.monotonic() - start, 1)
                at_size(db.engine, seats, 20)  # what is first is not measured
                took = at_size(db.engine, seats, asked.rounds)
                rows.append({"stored": there, "ms": took, "plans": plans(db.engine, seats)})
                print(f"{there:,} events, filled in {filled} s: {_told(took)}", flush=True)
    return {"environment": {**environment(), "database": asked.database}, "rows": rows}


def _stored() -> int:
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM visit_events").scalar_one()
    return int(found)


def _told(took: dict[str, Any]) -> str:
    return ", ".join(f"batch of {name} {steps['all']} ms" for name, steps in took.items())


def table(result: dict[str, Any]) -> str:
    """Return the medians as Markdown."""
    lines = [
        f"| events stored | batch of | {' | '.join(STEPS)} | all | mean |",
        f"| ---: | --- | {' | '.join('---:' for _ in STEPS)} | ---: | ---: |",
    ]
    for row in result["rows"]:
        for name, steps in row["ms"].items():
            told = " | ".join(f"{steps[step]:.2f}" for step in (*STEPS, "all", "mean"))
            lines.append(f"| {row['stored']:,} | {name} | {told} |")
    return "\n".join(lines)


def grown(rows: list[dict[str, Any]]) -> list[str]:
    """Return which batches cost clearly more at the largest size than at the smallest."""
    first, last = rows[0]["ms"], rows[-1]["ms"]
    cost = {name: (first[name]["all"], last[name]["all"]) for name in first}
    return [name for name, (small, large) in cost.items() if large > small * MOST_GROWTH]


def main() -> None:
    """Measure, print the table and what scans, write the file; exit with 1 on growth or scans."""
    asked = options()
    result = measure(asked)
    asked.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(table(result))
    found = grown(result["rows"])
    read_whole = {
        statement: scans(plan)
        for statement, plan in result["rows"][-1]["plans"].items()
        if scans(plan)
    }
    print(f"grown: {found or 'nothing'}; read whole: {read_whole or 'nothing'}")
    raise SystemExit(bool(found or read_whole))


if __name__ == "__main__":
    main()
