"""A grown clinic to measure: PostgreSQL, Redis, two processes, and nginx before them.

The servers are those that the tests start, with the nginx.conf that a clinic is given.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from people import read_pairs, sign_in_all
from servers import ROOT, postgres

sys.path.append(str(ROOT))
from tests.nginx import Nginx
from tests.servers import LiveServer, RedisServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from people import Pair

_KEYS = {
    "KEY_RING": "bench:" + "A" * 43,
    "SECRET_KEY": "only-for-figures-and-long-enough-to-be-taken",
}


@dataclass(slots=True)
class Clinic:
    """What there is to measure, and to break."""

    url: str
    redis: RedisServer
    processes: list[LiveServer]
    people: list[Pair]


@contextmanager
def grown_clinic(pairs: int, processes: int = 2) -> Iterator[Clinic]:
    """Yield a clinic with so many pairs, signed in; gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearthside-bench-")))
        nginx = stack.enter_context(Nginx(folder))
        redis = stack.enter_context(RedisServer(folder))
        told = {"REDIS_URL": redis.url, "ORIGINS": nginx.url, "BEHIND_PROXY": "1", **_KEYS}
        told["DATABASE_URL"] = stack.enter_context(postgres())
        servers = []
        for number in range(processes):
            own = folder / f"process-{number}"
            own.mkdir()
            servers.append(LiveServer(own, **told))
        _make_pairs(folder / "pairs.jsonl", pairs, servers[0].environ)
        for server in servers:
            stack.enter_context(server)
        nginx.start([server.port for server in servers])
        people = asyncio.run(sign_in_all(read_pairs(folder / "pairs.jsonl"), nginx.url, {}))
        yield Clinic(nginx.url, redis, servers, people)


def _make_pairs(file: Path, pairs: int, environ: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi"]
    for more in (["db", "upgrade"], ["demo", "load", "--pairs", str(pairs), "--out", str(file)]):
        subprocess.run([*command, *more], cwd=ROOT, env=environ, check=True)  # noqa: S603  (our own)
