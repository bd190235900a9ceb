"""How a process could tell the others that there is something new: Redis, or PostgreSQL's NOTIFY.

Writers commit a row each on a fixed schedule, over several connections, and give a hint of it: by
`PUBLISH` after the commit, by `NOTIFY` inside the transaction, by `NOTIFY` of its own after it, or
not at all. A process of its own listens. Times count from when a row was due.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import queue
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import redis
from clinic import RedisServer
from figures import environment, percentiles
from servers import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

WAYS = ("redis", "notify_inside", "notify_after", "none")
MEASURED = ("writer", "postgresql", "redis", "listener")
CHANNEL = "hints"
PAUSE = 0.2
DRAIN_SECONDS = 2.0


def options() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--rates", default="50,200,1000", help="rows a second in total, with commas")
    add("--seconds", type=float, default=10.0)
    add("--writers", type=int, default=16, help="connections that write")
    add("--out", type=Path, default=Path("hints.json"))
    return parser.parse_args()


def heard_by_redis(url: str) -> Iterator[str]:
    """Yield every hint, until the connection ends."""
    with redis.Redis.from_url(url, retry=None) as client, client.pubsub() as heard:
        heard.subscribe(CHANNEL)
        for message in heard.listen():
            yield "ready" if message["type"] == "subscribe" else message["data"].decode()


def heard_by_postgresql(url: str) -> Iterator[str]:
    """Yield every hint, until the connection ends."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        yield "ready"
        for notice in connection.notifies():
            yield notice.payload


def listen(way: str, addresses: dict[str, str], told: Any, found: Any) -> None:  # noqa: ANN401  (queues of processes)
    """Listen until told to stop, coming back when cut off; then give each hint's time."""
    hear = heard_by_redis if way == "redis" else heard_by_postgresql
    heard: dict[str, float] = {}

    def go_on() -> None:
        while True:
            with suppress(redis.RedisError, psycopg.OperationalError):
                for hint in hear(addresses["redis" if way == "redis" else "postgresql"]):
                    if hint == "ready":
                        found.put(os.getpid())
                    heard.setdefault(hint, time.monotonic())
            time.sleep(PAUSE)

    threading.Thread(target=go_on, daemon=True).start()
    told.get()
    found.put(heard)


class Writers:
    """Commits on a schedule."""

    def __init__(self, way: str, addresses: dict[str, str], rate: float, seconds: float) -> None:
        self._way, self._addresses = way, addresses
        self.due: queue.SimpleQueue[tuple[str, float] | None] = queue.SimpleQueue()
        self.committed: dict[str, tuple[float, float]] = {}
        self._rate, self._seconds = rate, seconds

    def run(self, writers: int) -> None:
        """Write everything, each row when it is due."""
        threads = [threading.Thread(target=self._write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        start = time.monotonic() + 0.2
        for number in range(int(self._rate * self._seconds)):
            due = start + number / self._rate
            time.sleep(max(0.0, due - time.monotonic()))
            self.due.put((str(number), due))
        for _ in threads:
            self.due.put(None)
        for thread in threads:
            thread.join()

    def _write(self) -> None:
        with (
            psycopg.connect(self._addresses["postgresql"]) as connection,
            redis.Redis.from_url(self._addresses["redis"]) as client,
        ):
            while (task := self.due.get()) is not None:
                hint, due = task
                connection.execute("INSERT INTO facts (hint) VALUES (%s)", (hint,))
                if self._way == "notify_inside":
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, hint))
                connection.commit()
                self.committed[hint] = (due, time.monotonic())
                if self._way == "redis":
                    client.publish(CHANNEL, hint)
                elif self._way == "notify_after":
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, hint))
                    connection.commit()


def servers(addresses: dict[str, str]) -> tuple[psutil.Process, psutil.Process]:
    """Return the main processes of PostgreSQL and of Redis."""
    with psycopg.connect(addresses["postgresql"]) as connection:
        backend = psutil.Process(connection.info.backend_pid)
    with redis.Redis.from_url(addresses["redis"]) as client:
        return backend.parent(), psutil.Process(client.info("server")["process_id"])


def busy_seconds(program: psutil.Process) -> float:
    """Return its processor seconds, with those of its children, gone ones too."""
    times = program.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in program.children():
        with suppress(psutil.NoSuchProcess):
            total += child.cpu_times().user + child.cpu_times().system
    return float(total)


def cut(way: str, addresses: dict[str, str]) -> None:
    """End the listener's connection."""
    if way == "redis":
        with redis.Redis.from_url(addresses["redis"]) as client:
            client.client_kill_filter(_type="pubsub")
        return
    with psycopg.connect(addresses["postgresql"], autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )


def measure(
    way: str, addresses: dict[str, str], rate: float, asked: argparse.Namespace, *, cuts: bool
) -> dict[str, Any]:
    """Return one run's figures."""
    told, found = multiprocessing.Queue(), multiprocessing.Queue()
    args = (way, addresses, told, found)
    listener = multiprocessing.Process(target=listen, args=args, daemon=True)
    listener.start()
    pid = found.get(timeout=30)
    writers = Writers(way, addresses, rate, asked.seconds)
    measured = (psutil.Process(), *servers(addresses), psutil.Process(pid))
    before = [busy_seconds(each) for each in measured]
    if cuts:
        threading.Timer(asked.seconds / 2, cut, (way, addresses)).start()
    writers.run(asked.writers)
    time.sleep(DRAIN_SECONDS)
    after = [busy_seconds(each) for each in measured]
    told.put("stop")
    heard = found.get(timeout=30)
    while isinstance(heard, int):  # it said that it is ready again
        heard = found.get(timeout=30)
    listener.join()
    rows = writers.committed
    per_row = [round((b - a) / len(rows) * 1000, 3) for a, b in zip(before, after, strict=True)]
    return {
        "way": way,
        "rate": rate,
        "cut_off": cuts,
        "rows": len(rows),
        "not_heard": len(rows.keys() - heard.keys()) if way != "none" else None,
        "commit_ms": percentiles([done - due for due, done in rows.values()]),
        "heard_ms": percentiles([heard[h] - due for h, (due, _) in rows.items() if h in heard]),
        "cpu_ms_per_row": dict(zip(MEASURED, per_row, strict=True)),
    }


def main() -> None:
    """Measure every way at every rate, then each way with its listener cut off."""
    asked = options()
    runs = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearthside-bench-")))
        broker = stack.enter_context(RedisServer(folder))
        addresses = {"redis": broker.url, "postgresql": stack.enter_context(postgres())}
        with psycopg.connect(addresses["postgresql"]) as connection:
            connection.execute("CREATE TABLE facts (id bigserial PRIMARY KEY, hint text)")
        rates = [float(rate) for rate in asked.rates.split(",")]
        plan = [(way, rate, False) for rate in rates for way in WAYS]
        plan += [(way, rates[0], True) for way in WAYS if way != "none"]
        for way, rate, cuts in plan:
            runs.append(measure(way, addresses, rate, asked, cuts=cuts))
            print(json.dumps(runs[-1]), flush=True)
    asked.out.write_text(json.dumps({"environment": environment(), "runs": runs}, indent=2) + "\n")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
