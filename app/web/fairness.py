"""Who asks for most of the work, and so lets others go first.

Nobody is refused for being busy. But somebody who asks for most of what a process does, while
others are there, is served one event at a time, in the pauses of the others, and for about half
of the time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW_SECONDS = 0.1
#: Fewer events in a window are never much.
LEAST_HEAVY = 10
#: What of all events is most of them.
HEAVY_SHARE = 0.6
#: Who asked for something so long ago is still there (three beats).
THERE_SECONDS = 15.0


@dataclass(slots=True)
class Shares:
    """How many events each person asked for, counted in short windows."""

    now: Callable[[], float] = time.monotonic
    _counts: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, float] = field(default_factory=dict)
    _heavy: str | None = None
    _ends: float = 0.0

    def count(self, person_id: str) -> bool:
        """Count one event; return whether this person asked for most of the last window's."""
        now = self.now()
        if now >= self._ends:
            self._turn_over(now)
        self._counts[person_id] = self._counts.get(person_id, 0) + 1
        return person_id == self._heavy

    def clear(self) -> None:
        """Forget everybody."""
        self._counts.clear()
        self._seen.clear()
        self._heavy = None

    def _turn_over(self, now: float) -> None:
        counts = self._counts
        for person in counts:
            self._seen[person] = self._ends
        self._seen = {p: at for p, at in self._seen.items() if now - at < THERE_SECONDS}
        bound = max(LEAST_HEAVY, HEAVY_SHARE * sum(counts.values()))
        is_alone = len(self._seen) < 2
        busy = (person for person, count in counts.items() if count > bound)
        self._heavy = None if is_alone else next(busy, None)
        self._counts = {}
        self._ends = now + WINDOW_SECONDS
