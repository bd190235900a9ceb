"""What a running process holds, as the kernel counts it."""

from __future__ import annotations

import re
from pathlib import Path

_SMAPS = re.compile(r"^(Rss|Pss|Private_Dirty): +(\d+) kB$", re.MULTILINE)


def memory(pid: int) -> dict[str, int]:
    """Return the process's resident and proportional memory, in bytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    found = {name.lower(): int(kib) * 1024 for name, kib in _SMAPS.findall(text)}
    return {"rss": found["rss"], "pss": found["pss"]}


def descriptors(pid: int) -> int:
    """Return how many files and sockets the process holds open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def threads(pid: int) -> int:
    """Return how many threads of the system the process has."""
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
