"""Servers that tests stand up and take down: PostgreSQL, Redis, and the application itself.

What a machine lacks skips the test that asks for it; under HEARTHSIDE_CI it fails it.
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import psycopg
import redis
from sqlalchemy import URL, make_url

from tests.programs import Program, find_program, free_port, lacking

ROOT = Path(__file__).resolve().parents[1]


class Postgres:
    """A PostgreSQL in a folder of its own, reached by a socket in that folder alone.

    A durable one keeps, as PostgreSQL does unless told otherwise, what it has committed.
    """

    def __init__(self, folder: Path, programs: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._programs = programs
        # Where nothing must outlive the server, no write waits for the disk.
        hasty = "-F -c full_page_writes=off -c synchronous_commit=off"
        self._settings = "-c listen_addresses= " + ("" if durable else hasty)
        # PostgreSQL refuses to run as root.
        self._as = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if self._as:
            shutil.chown(folder, **self._as)
        self.url = URL.create(
            "postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)}
        ).render_as_string(hide_password=False)
        self._program: Program | None = None

    @property
    def pid(self) -> int:
        assert self._program, "not started"
        return self._program.pid

    def create(self) -> None:
        """Make the cluster."""
        command = f"{self._programs}/initdb -D {self._folder}/data -U postgres -A trust"
        options = "-E UTF8 --locale=C.UTF-8 --no-sync --no-instructions"
        subprocess.run(
            f"{command} {options}".split(),
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            extra_groups=[] if self._as else None,
            **self._as,
        )

    def start(self) -> None:
        """Start and wait until it takes connections."""
        command = f"{self._programs}/postgres -D {self._folder}/data -k {self._folder}"
        self._program = Program(
            f"{command} {self._settings} -c max_connections=200".split(),
            Path(f"{self._folder}.log"),
            cwd=self._folder,
            extra_groups=[] if self._as else None,
            **self._as,
        )
        self._program.wait_until_ready(self.answers, what="PostgreSQL")

    @property
    def exit_code(self) -> int | None:
        """How the server ended; None while it runs."""
        assert self._program, "not started"
        return self._program.exit_code

    def stop(self) -> None:
        """Stop at once, dropping every connection."""
        if self._program:
            self._program.end(signal.SIGINT)

    def kill(self) -> None:
        """End all its processes as a crash of the machine's memory would: nothing is written."""
        if self._program:
            parent = psutil.Process(self.pid)
            family = [parent, *parent.children(recursive=True)]
            for each in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
            self._program.end(signal.SIGKILL)
            psutil.wait_procs(family, timeout=10)

    def answers(self) -> bool:
        """Say whether it takes connections."""
        try:
            psycopg.connect(host=str(self._folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def postgres_in(folder: Path, *, durable: bool = False) -> Iterator[Postgres]:
    """Yield a running PostgreSQL that keeps everything in this folder."""
    initdb = find_program("initdb", "/usr/lib/postgresql/*/bin", "/usr/local/bin")
    if initdb is None:
        lacking("PostgreSQL")
    server = Postgres(folder, initdb.parent, durable=durable)
    server.create()
    server.start()
    try:
        yield server
    finally:
        server.stop()
        Path(f"{folder}.log").unlink()


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Yield a running PostgreSQL that a test may stop and start."""
    # Not under pytest's folders: the path of a socket has room for some hundred letters.
    with (
        tempfile.TemporaryDirectory(prefix="hearthside-pg-") as folder,
        postgres_in(Path(folder), durable=durable) as server,
    ):
        yield server


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL to make databases in: TEST_DATABASE_URL, or one of our own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with postgres() as server:
        yield server.url


@contextmanager
def postgres_database(server_url: str, *, template: str | None = None) -> Iterator[str]:
    """Yield the URL of an empty database, or a template's copy, dropped afterwards."""
    server = make_url(server_url)
    name = f"test_{secrets.token_hex(6)}"
    admin = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        source = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{source}')
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class RedisServer:
    """An empty Redis that keeps nothing, on a port of its own; a test may kill and start it."""

    def __init__(self, folder: Path) -> None:
        found = find_program("redis-server", "/usr/bin", "/usr/local/bin")
        if found is None:
            lacking("Redis")
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        command = f"{found} --bind 127.0.0.1 --port {self._port} --appendonly no --dir {folder}"
        self._command = [*command.split(), "--save", ""]
        self._log = folder / "redis.log"
        self._program: Program | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        self._program = Program(self._command, self._log)
        with redis.Redis(host="127.0.0.1", port=self._port) as client:
            self._program.wait_until_ready(lambda: self._answers(client), what="Redis")

    def end(self, how: signal.Signals) -> None:
        """End it, kindly or not."""
        if self._program:
            self._program.end(how)

    @staticmethod
    def _answers(client: redis.Redis) -> bool:
        try:
            return bool(client.ping())
        except redis.ConnectionError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)


class LiveServer:
    """The application as people meet it: `python serve.py` in a process and an instance folder.

    Its port and data stay the same over `kill` and `restart`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str | None = None,
        measured: bool = False,
        **settings: str,
    ) -> None:
        # What only a serving process runs counts as covered when a test ran it there.
        self._runner = ["-m", "coverage", "run"] if measured else []
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.environ = self._make_environ(database_url, settings)
        self._program: Program | None = None

    def _make_environ(self, database_url: str | None, settings: dict[str, str]) -> dict[str, str]:
        ours = ("DATABASE_URL", "REDIS_URL", "PRODUCTION", "COV_CORE_SOURCE", "TEST_DATABASE_URL")
        kept = {name: value for name, value in os.environ.items() if name not in ours}
        given = {"DATABASE_URL": database_url} if database_url else {}
        places = {"HOST": "127.0.0.1", "PORT": str(self.port), "INSTANCE_PATH": str(self.folder)}
        return {**kept, "PYTHONUNBUFFERED": "1", **places, **given, **settings}

    @property
    def pid(self) -> int:
        assert self._program, "not started"
        return self._program.pid

    @property
    def exit_code(self) -> int | None:
        """How the process ended; None while it runs."""
        assert self._program, "not started"
        return self._program.exit_code

    def start(self) -> None:
        """Start and wait until /readyz says so."""
        command = [sys.executable, *self._runner, "serve.py"]
        self._program = Program(command, self.log, cwd=ROOT, env=self.environ)
        self._program.wait_until_ready(self.is_ready, what="the application")

    def said(self) -> str:
        """Return all that the server wrote to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def is_ready(self) -> bool:
        """Say whether /readyz answers 200."""
        try:
            with urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310  (our own)
                return answer.status == 200
        except (URLError, OSError):
            return False

    def kill(self) -> None:
        """End it as a crash would: nothing is flushed, nobody is told."""
        if self._program:
            self._program.end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as an operator would."""
        if self._program:
            self._program.end(signal.SIGTERM)

    def restart(self) -> None:
        """Stop it, whatever its state, and start it on the same port and data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
