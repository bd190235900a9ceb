"""Programs that a comparison starts, each on a core of its own, and stops by their number."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 60.0
SERVER_CORE = 0
LOAD_CORE = 1


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def on_core(core: int, command: Sequence[str]) -> list[str]:
    """Return the command, kept to one core."""
    return ["taskset", "-c", str(core), *command]


@contextmanager
def running(
    command: Sequence[str], log: Path, ready: Callable[[], bool], **options: object
) -> Iterator[int]:
    """Yield the number of a started program that answers; stop it at the end.

    Raises RuntimeError with its output when it ends early or never answers.
    """
    with log.open("ab") as output:
        program = subprocess.Popen(  # type: ignore[call-overload]  # noqa: S603  (our own programs)
            list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
        )
    try:
        deadline = time.monotonic() + READY_WITHIN
        while not ready():
            if program.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text("utf-8", "replace")[-4000:])
            time.sleep(0.05)
        yield program.pid
    finally:
        program.send_signal(signal.SIGINT)
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def answers(url: str) -> Callable[[], bool]:
    """Return the question whether the server says that it is ready."""

    def _ask() -> bool:
        try:
            with urlopen(f"{url}/readyz", timeout=5) as answer:  # noqa: S310  (our own server)
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    return _ask


@contextmanager
def postgres() -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL with its durable defaults, on the load's core."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    programs = found[-1].parent if found else Path(shutil.which("initdb") or "initdb").parent
    account = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    options = {**account, **({"extra_groups": []} if account else {})}
    with tempfile.TemporaryDirectory(prefix="hearthside-pg-") as folder:
        if account:
            shutil.chown(folder, **account)
        making = f"{programs}/initdb -D {folder}/data -U postgres -A trust -E UTF8 --locale=C.UTF-8"
        subprocess.run(  # type: ignore[call-overload]  # noqa: S603  (our own programs)
            making.split(), check=True, stdout=subprocess.DEVNULL, cwd=folder, **options
        )
        serving = f"{programs}/postgres -D {folder}/data -k {folder} -c listen_addresses="
        command = on_core(LOAD_CORE, serving.split())
        log = Path(f"{folder}.log")
        socket_file = Path(folder) / ".s.PGSQL.5432"
        with running(command, log, socket_file.exists, cwd=folder, **options):
            time.sleep(1)  # the socket is there a moment before it answers
            yield f"postgresql://postgres@/postgres?host={folder}"
        log.unlink()
