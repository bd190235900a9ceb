"""Keeps what is long (a page, a socket that joins) from following each other without a pause.

Greenlets that became ready together run one after the other, and nothing else is looked at
meanwhile: fifty pages at once would hold up a call for help by fifty pages. Here each waits for a
round of the event loop of its own, so that between two of them everybody else gets a turn.
"""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from gevent import monkey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

#: The shortest wait that goes once round the loop, through what came over the network.
_ONE_ROUND = 1e-6

#: About so long a refused request is held before it gets its answer, and so many at most are.
_HELD_SECONDS = 1.0
_MOST_HELD = 500

_start = threading.Lock()


def wait_for_a_round() -> None:
    """Wait until nobody else has begun something long in this round."""
    with _start:
        next_round()


def next_round() -> None:
    """Let everybody else have a turn, in the middle of something long."""
    time.sleep(_ONE_ROUND)


def by_stretches(things: Sequence[T], size: int) -> Iterator[T]:
    """Yield each thing; after every `size` of them let everybody else have a turn."""
    for number, thing in enumerate(things):
        if number and number % size == 0:
            next_round()
        yield thing


class _Held:
    count = 0


def linger() -> None:
    """Hold somebody who is about to be refused, so that asking again at once costs them the time.

    Not all for as long: fifty that were refused together would come back together.
    """
    if _Held.count >= _MOST_HELD or not monkey.is_module_patched("threading"):
        return
    _Held.count += 1
    try:
        time.sleep(_HELD_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311  (no secret)
    finally:
        _Held.count -= 1
    wait_for_a_round()
