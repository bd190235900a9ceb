"""What a bench stands on: a folder, a database, people who are signed in, and a server."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from people import read_pairs, sign_in_all
from servers import ROOT, SERVER_CORE, answers, free_port, on_core, postgres, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from people import Pair


@dataclass(slots=True)
class Stage:
    """One bench's folder and address, and what the application is started with."""

    folder: Path
    environ: dict[str, str]
    url: str

    @property
    def pairs_file(self) -> Path:
        """What `flask demo load` wrote."""
        return self.folder / "pairs.jsonl"

    @property
    def cookies_file(self) -> Path:
        """Everybody's sign-in."""
        return self.folder / "cookies.json"

    def load_pairs(self, pairs: int) -> None:
        """Make pairs of people, each with a visit that is open now."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
        command += ["--pairs", str(pairs), "--out", str(self.pairs_file)]
        subprocess.run(command, cwd=ROOT, env=self.environ, check=True)  # noqa: S603  (our own)

    def visits(self) -> list[str]:
        """Return the pairs' visits."""
        return [one.visit for one, _ in read_pairs(self.pairs_file)]

    def make_people(self, pairs: int) -> list[Pair]:
        """Make pairs and sign everybody in, away from any measurement."""
        self.load_pairs(pairs)
        cookies: dict[str, str] = {}
        with self.serving("room", on_core_of_its_own=False):
            people = asyncio.run(sign_in_all(read_pairs(self.pairs_file), self.url, cookies))
        self.cookies_file.write_text(json.dumps(cookies), "utf-8")
        return people

    def serving(
        self, system: str, *, on_core_of_its_own: bool = True
    ) -> AbstractContextManager[int]:
        """Serve the `room` or the bare `relay`; give the number of its process."""
        port = self.environ["PORT"]
        relay = [sys.executable, str(ROOT / "bench" / "relay.py"), "--port", port]
        command = relay if system == "relay" else [sys.executable, "serve.py"]
        if on_core_of_its_own:
            command = on_core(SERVER_CORE, command)
        log = self.folder / f"{system}.log"
        return running(command, log, answers(self.url), cwd=ROOT, env=self.environ)


@contextmanager
def staged(database: str) -> Iterator[Stage]:
    """Yield a stage on an empty database of the kind named, gone afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hearthside-bench-")))
        environ = {**os.environ, "HOST": "127.0.0.1", "PORT": str(free_port())}
        environ["INSTANCE_PATH"] = str(folder)
        environ.pop("DATABASE_URL", None)
        environ.pop("REDIS_URL", None)
        if database == "postgresql":
            environ["DATABASE_URL"] = stack.enter_context(postgres())
        yield Stage(folder, environ, f"http://127.0.0.1:{environ['PORT']}")


def allow_many_files() -> None:
    """Let this process, and those that it starts, open as many sockets as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
