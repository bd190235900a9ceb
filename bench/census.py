"""Asks a serving process to count what it holds: it answers in its log."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LINE = re.compile(r"hearthside\.census (.+)$", re.MULTILINE)
PATIENCE_SECONDS = 60.0


class Census:
    """The counts of one process, read from its log."""

    def __init__(self, pid: int, log: Path) -> None:
        """Read on from the log's present end."""
        self._pid = pid
        self._log = log
        self._at = log.stat().st_size

    async def count(self) -> dict[str, int]:
        """Return how many there are of each thing. Raises TimeoutError."""
        os.kill(self._pid, signal.SIGUSR1)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            await asyncio.sleep(0.05)
            with self._log.open("rb") as log:
                log.seek(self._at)
                text = log.read().decode("utf-8", "replace")
            found = _LINE.findall(text)
            if found and text.endswith("\n"):
                self._at += len(text.encode())
                return {n: int(v) for n, v in (pair.split("=") for pair in found[-1].split())}
        raise TimeoutError("the process did not count")
