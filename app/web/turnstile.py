"""Lets in a few at a time; the others wait in short queues, one for each address, by turns."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.kernel.errors import TooOften

if TYPE_CHECKING:
    from collections.abc import Iterator

#: When there may be room again, in seconds.
RETRY_AFTER = 5.0


@dataclass(slots=True)
class Turnstile:
    """At most `at_once` are inside; of one address at most `of_one` wait, of all `of_all`."""

    at_once: int
    of_one: int
    of_all: int
    inside: int = 0
    waiting: int = 0
    _queues: OrderedDict[str, deque[threading.Lock]] = field(default_factory=OrderedDict)

    @contextmanager
    def turn(self, address: str) -> Iterator[None]:
        """Wait for this address's turn, and be inside. Raises TooOften when too many wait."""
        if self.inside < self.at_once:
            self.inside += 1
        else:
            self._wait(address)
        try:
            yield
        finally:
            self._leave()

    def _wait(self, address: str) -> None:
        queue = self._queues.get(address, deque())
        if len(queue) >= self.of_one or self.waiting >= self.of_all:
            message = "Many people are signing in right now. Please try again in a moment."
            raise TooOften(message, retry_after=RETRY_AFTER)
        called = threading.Lock()
        called.acquire()
        queue.append(called)
        self._queues[address] = queue
        self.waiting += 1
        called.acquire()

    def _leave(self) -> None:
        """Let the next one in, of the address whose turn it is."""
        if not self._queues:
            self.inside -= 1
            return
        address, queue = self._queues.popitem(last=False)
        self.waiting -= 1
        queue.popleft().release()
        if queue:
            self._queues[address] = queue
