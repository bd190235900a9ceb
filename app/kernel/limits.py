"""How often something may be asked for: token buckets held in memory, per process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from app.kernel.errors import TooOften

#: Buckets that are kept before the fullest (so, idle) ones are dropped.
MOST_BUCKETS = 50_000

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
    """At most `burst` at once and `rate` a second on average, per key."""

    rate: float
    burst: float
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

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

    def _level(self, key: str) -> tuple[float, float]:
        now = time.monotonic()
        tokens, at = self._buckets.get(key, (self.burst, now))
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets = {k: v for k, v in self._buckets.items() if now - v[1] < 60}
        return min(self.burst, tokens + (now - at) * self.rate), now
