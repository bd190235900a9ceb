"""How often something may be asked for: token buckets held in memory, per process."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.kernel.errors import TooOften

if TYPE_CHECKING:
    from collections.abc import Callable

#: The most buckets of one limit; those not used for longest make room.
MOST_BUCKETS = 50_000
#: With each use so many of the oldest are looked at, so that there are soon no more than needed.
LOOKED_AT = 2

_all: list[Limit] = []


def refill() -> None:
    """Fill every bucket of this process, as when it starts."""
    for limit in _all:
        limit.clear()


def size() -> int:
    """Return how many buckets this process holds."""
    return sum(len(limit) for limit in _all)


@dataclass(slots=True)
class Limit:
    """At most `burst` at once and `rate` a second on average, per key.

    A bucket that is full again says nothing, and is let go.
    """

    rate: float
    burst: float
    now: Callable[[], float] = time.monotonic
    #: Those used last are last.
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        """Be among those that `refill` fills."""
        _all.append(self)

    def __len__(self) -> int:
        return len(self._buckets)

    def spend(self, key: str, cost: float = 1.0) -> None:
        """Take `cost` tokens. Raises TooOften, with the seconds to wait, when there are too few."""
        tokens, at = self._level(key)
        if tokens < cost:
            raise TooOften(retry_after=round((cost - tokens) / self.rate, 1) or 0.1)
        self._buckets[key] = (tokens - cost, at)
        self._buckets.move_to_end(key)
        self._let_go(at)

    def check(self, key: str) -> None:
        """Raise TooOften when nothing is left for this key; spend nothing."""
        tokens, _ = self._level(key)
        if tokens < 1:
            raise TooOften(retry_after=round((1 - tokens) / self.rate, 1) or 0.1)

    def forget(self, key: str) -> None:
        """Give the key its full bucket back."""
        self._buckets.pop(key, None)

    def clear(self) -> None:
        """Give every key its full bucket back."""
        self._buckets.clear()

    def _let_go(self, now: float) -> None:
        for _ in range(LOOKED_AT):
            oldest = next(iter(self._buckets))
            tokens, at = self._buckets[oldest]
            is_full = tokens + (now - at) * self.rate >= self.burst
            if not is_full and len(self._buckets) <= MOST_BUCKETS:
                return
            del self._buckets[oldest]

    def _level(self, key: str) -> tuple[float, float]:
        now = self.now()
        tokens, at = self._buckets.get(key, (self.burst, now))
        return min(self.burst, tokens + (now - at) * self.rate), now
