"""Carries pushes and hints between the web processes, through Redis.

It may lose them, and does while Redis is away: what must arrive is found again in the log (see
`room.following`). So nothing ever waits for Redis: telling is putting into a queue.
"""

from __future__ import annotations

import json
import logging
import random
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gevent
import redis
from gevent.queue import Empty, Full, Queue

from app.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

CHANNEL = "hearthside"
#: What waits for a Redis that is slow or away; more is dropped.
MOST_WAITING = 10_000
#: So much is passed on in one go.
MOST_TOGETHER = 200
#: What waited so long was found in the database meanwhile, or is of no use any more.
STALE_SECONDS = 2.0
#: The longest pause before Redis is tried again.
LONGEST_PAUSE = 1.0
#: A process that has nothing to tell says so, and one that hears nothing for longer comes anew.
TICK_SECONDS = 3.0
SILENCE_SECONDS = 10.0

log = logging.getLogger("hearthside.bus")


class Bus:
    """One process's end of the bus. Without an address it carries nothing."""

    def __init__(self) -> None:
        """Begin unconnected."""
        self._me = new_id()
        self._client: redis.Redis | None = None
        self._waiting: Queue[tuple[float, str]] = Queue(MOST_WAITING)
        self._hearers: dict[str, Callable[..., None]] = {}

    def connect(self, url: str | None) -> None:
        """Use the Redis at `url`, or none."""
        # A Redis that takes a command and never answers is away too.
        self._client = (
            redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=SILENCE_SECONDS)
            if url
            else None
        )

    @property
    def has_others(self) -> bool:
        """Whether there may be other processes; not whether Redis answers just now."""
        return self._client is not None

    def hear(self, kind: str, hearer: Callable[..., None]) -> None:
        """Have `hearer` called with what other processes tell of this kind."""
        self._hearers[kind] = hearer

    def tell(self, kind: str, *values: Any) -> None:  # noqa: ANN401  (any JSON values)
        """Tell the other processes, if there are any and it gets through."""
        if self._client is None:
            return
        try:
            self._waiting.put_nowait((time.monotonic(), json.dumps([kind, values])))
        except Full:
            log.warning("the bus is full: something was not passed on")

    def start(self) -> None:
        """Begin to pass on and to listen, for as long as the process lives."""
        if self._client is not None:
            gevent.spawn(self._trying, self._pass_on)
            gevent.spawn(self._trying, self._listen)

    def _trying(self, work: Callable[[redis.Redis], None]) -> None:
        assert self._client is not None, "start() checks"  # noqa: S101  (for the type checker)
        while True:
            try:
                work(self._client)
            except redis.RedisError as error:
                log.warning("Redis is away (%s)", type(error).__name__)
                gevent.sleep(random.uniform(0.1, LONGEST_PAUSE))  # noqa: S311  (jitter)

    def _pass_on(self, client: redis.Redis) -> None:
        while True:
            # Together what waits: a publication costs the same, however much is in it.
            client.publish(CHANNEL, f'["{self._me}",[{",".join(self._next())}]]')

    def _next(self) -> list[str]:
        """Return what is to be told, as soon as there is something; nothing, as a tick."""
        with suppress(Empty):
            waited = [self._waiting.get(timeout=TICK_SECONDS)]
            while not self._waiting.empty() and len(waited) < MOST_TOGETHER:
                waited.append(self._waiting.get_nowait())
            oldest = time.monotonic() - STALE_SECONDS
            return [message for told_at, message in waited if told_at >= oldest]
        return []

    def _listen(self, client: redis.Redis) -> None:
        with client.pubsub(ignore_subscribe_messages=True) as heard:  # type: ignore[no-untyped-call]  # ships no type here
            heard.subscribe(CHANNEL)
            heard_at = time.monotonic()
            while time.monotonic() - heard_at < SILENCE_SECONDS:
                message = heard.get_message(timeout=SILENCE_SECONDS)
                if message is not None:
                    heard_at = time.monotonic()
                    self._receive(message["data"])
        raise redis.TimeoutError("It does not even pass on our own ticks.")

    def _receive(self, data: bytes) -> None:
        sender, messages = json.loads(data)
        if sender == self._me:
            return
        for kind, values in messages:
            try:
                self._hearers[kind](*values)
            except Exception as error:  # noqa: BLE001  (one message must not deafen the process)
                log.error("cannot hear %s: %s", kind, type(error).__name__)  # noqa: TRY400  (no values in logs)


bus = Bus()
