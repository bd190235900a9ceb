"""What a running process holds, as the kernel counts it."""

from __future__ import annotations

import re
from pathlib import Path

_SMAPS = re.compile(r"^(Rss|Pss|Anonymous): +(\d+) kB$", re.MULTILINE)


def memory(pid: int) -> dict[str, int]:
    """Return the process's memory, in bytes.

    `rss` is all that is resident; `pss` counts pages shared with n processes as an n-th of each,
    so it moves with what else runs on the machine; `anonymous` is what is in no file: its own.
    """
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
    return {name.lower(): int(kib) * 1024 for name, kib in _SMAPS.findall(text)}


def descriptors(pid: int) -> int:
    """Return how many files and sockets the process holds open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def threads(pid: int) -> int:
    """Return how many threads of the system the process has."""
    return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
