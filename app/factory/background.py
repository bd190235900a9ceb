"""What runs beside the requests in a serving process."""

from __future__ import annotations

import gevent

from app.accounts import access
from app.room import presence_watch
from app.room.following import following
from app.room.standing import standing
from app.web import reaper
from app.web.bus import bus


def start() -> None:
    """Start the watchers, each in its own greenlet, for as long as the process lives."""
    gevent.spawn(access.watch)
    gevent.spawn(presence_watch.watch)
    gevent.spawn(following.follow)
    gevent.spawn(standing.watch)
    gevent.spawn(reaper.watch)
    bus.start()
