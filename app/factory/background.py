"""What runs beside the requests in a serving process."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import gevent

from app.accounts import access
from app.room import presence_watch
from app.room.following import following
from app.room.standing import standing
from app.web import reaper
from app.web.bus import bus
from app.web.errors import report_incident

if TYPE_CHECKING:
    from collections.abc import Callable

#: The pause before a watcher that met a fault of ours goes on.
PAUSE_SECONDS = 1.0


def start() -> None:
    """Start the watchers, each in its own greenlet, for as long as the process lives."""
    gevent.spawn(keep, access.watch)
    gevent.spawn(keep, presence_watch.watch)
    gevent.spawn(keep, following.follow)
    gevent.spawn(keep, standing.watch)
    gevent.spawn(keep, reaper.watch)
    bus.start()


def keep(watch: Callable[[], object], pause: Callable[[float], None] = gevent.sleep) -> NoReturn:
    """Run a watcher, and again whatever ends it: nothing else would tell people what it tells."""
    while True:
        try:
            watch()
        except Exception as error:  # noqa: BLE001  (a watcher that is gone is worse than any fault)
            report_incident(error)
        pause(PAUSE_SECONDS)
