"""What an append costs the database itself as the log grows, to ten million events.

The statements are the application's own (`app.room.statements`), in one transaction a batch as it
makes them, for batches of one and of fifty over as many open visits; each is timed, and
the commit with its sync to disk and without. A log of each size lies ready, and all have their
turns, so that what disturbs the machine disturbs all alike. The plans of all questions to the log
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
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from ballast import BODY_BYTES, Ballast, random_key
from figures import environment, load_average
from inside import application
from plans import asked_of, plan_of, scans
from seeding import seats_of
from servers import LOAD_CORE
from stage import staged

from app.kernel import clock, sqlite
from app.kernel.db import Database, db
from app.room import log, queries
from app.room.seats import ROOM
from app.room.statements import COLUMNS, statements

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.room.seats import Seat

BATCHES = (1, 50)
#: So many of each kind before the next size has its turn.
ROUNDS_A_TURN = 10
STEPS = ("lock", "used", "write", "commit")
#: What counts as constant, in figures that are noisy.
MOST_GROWTH = 1.33


@dataclass(slots=True)
class Ground:
    """One log that is appended to: how many events were in it, and what appending took."""

    database: Database
    seats: list[Seat]
    stored: int
    plans: dict[str, list[str]]
    took: dict[str, dict[str, list[float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )


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


def take_turns(grounds: list[Ground], rounds: int) -> None:
    """Append at every size in turns, so that what disturbs the machine disturbs all alike."""
    for turn in range(rounds // ROUNDS_A_TURN + 1):
        for ground in grounds:
            with ground.database.engine.connect() as connection:
                for _ in range(ROUNDS_A_TURN):
                    one_round(connection, ground, is_measured=turn > 0)


def one_round(connection: Connection, ground: Ground, *, is_measured: bool) -> None:
    """Append one batch of each kind, with the sync and without."""
    for is_synced, batch in product((True, False), BATCHES):
        set_sync(connection, on=is_synced)
        sqlite.say_what_follows(writes=True)
        took = append(connection, random.sample(ground.seats, batch))
        sqlite.say_what_follows(writes=False)
        if is_measured:
            name = f"{batch}{'' if is_synced else ' without sync'}"
            for step, seconds in took.items():
                ground.took[name][step].append(seconds * 1000)


def figures(ground: Ground) -> dict[str, Any]:
    """Return the milliseconds of each step: medians, their sum, and the mean of all."""
    return {
        name: {
            **{step: round(median(each), 3) for step, each in steps.items()},
            # Not the median of sums: what disturbs hits another step each time.
            "all": round(sum(median(each) for each in steps.values()), 3),
            "mean": round(sum(fmean(each) for each in steps.values()), 3),
        }
        for name, steps in ground.took.items()
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
            " ".join(statement.split()): plan_of(connection, statement, values)
            for statement, values in asked.items()
        }


def prepare(stack: ExitStack, asked: argparse.Namespace, size: int) -> Ground:
    """Return a log of this size, with people in open visits."""
    start = time.monotonic()
    stage = stack.enter_context(staged(asked.database))
    stage.load_pairs(asked.visits)
    with application(stage):
        url = db.engine.url.render_as_string(hide_password=False)
        seats = [seats_of(visit)[0] for visit in stage.visits()]
        there = _stored(db)
        Ballast(url).bring_to(size, there)
        read = plans(db.engine, seats)
    database = Database()
    database.connect(url)
    stack.callback(database.disconnect)
    ground = Ground(database, seats, _stored(database), read)
    took = round(time.monotonic() - start)
    print(f"{ground.stored:,} events stored, in {took} s", flush=True)
    return ground


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Make a log of each size, and measure all of them in turns."""
    about = {**environment(), "database": asked.database, "rounds": asked.rounds}
    with ExitStack() as stack:
        grounds = [prepare(stack, asked, size) for size in asked.sizes]
        os.sync()  # what was filled in is not to be written while we measure
        os.sched_setaffinity(0, {LOAD_CORE})
        take_turns(grounds, asked.rounds)
        rows = [{"stored": g.stored, "ms": figures(g), "plans": g.plans} for g in grounds]
    return {"environment": {**about, "load_after": load_average()}, "rows": rows}


def _stored(database: Database) -> int:
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM visit_events").scalar_one()
    return int(found)


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
