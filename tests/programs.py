"""Programs that run beside the tests, and waiting for them with a deadline."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NoReturn

import pytest

READY_WITHIN = 30.0


def lacking(thing: str) -> NoReturn:
    """Skip the test that asks for this thing, or fail it where nothing may be lacking."""
    if os.environ.get("HEARTHSIDE_CI"):
        pytest.fail(f"{thing} is not installed", pytrace=False)
    pytest.skip(f"{thing} is not installed")


def wait_until(holds: Callable[[], object], *, within: float = READY_WITHIN, what: str) -> None:
    """Ask until it holds. Raises TimeoutError, saying what was waited for, at the deadline."""
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            message = f"{what}: not within {within:g} s"
            raise TimeoutError(message)
        time.sleep(0.02)


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def find_program(name: str, *folders: str) -> Path | None:
    """Return the newest program of this name in the folders (patterns), else on the path."""
    for pattern in folders:
        found = sorted(Path("/").glob(f"{pattern.lstrip('/')}/{name}"))
        if found:
            return found[-1]
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None


class Program:
    """A program running beside the tests, with its output kept in a log."""

    def __init__(self, command: list[str], log: Path, **options: object) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs, minus the signal's number where one ended it."""
        return self._process.poll()

    def wait_until_ready(self, ready: Callable[[], bool], *, what: str) -> None:
        """Wait for the program to answer. Raises RuntimeError with its log if it ends instead."""

        def answers() -> bool:
            if self._process.poll() is not None:
                message = f"{what} ended with {self._process.returncode}:\n{self.tail()}"
                raise RuntimeError(message)
            return ready()

        try:
            wait_until(answers, what=what)
        except TimeoutError as late:
            self.end(signal.SIGKILL)
            message = f"{late}\n{self.tail()}"
            raise TimeoutError(message) from None

    def tail(self) -> str:
        """Return the last of what the program said."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def end(self, how: signal.Signals) -> None:
        """Send the signal, wait for the end, and force it where it does not come."""
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
