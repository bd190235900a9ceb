"""What a serving process holds right now, by number: told in one line of its log on SIGUSR1.

For operators and for measuring: what grows without clients growing is a leak. No door on the
network shows it, and no line of it names anybody.
"""

from __future__ import annotations

import gc
import logging
import threading

import gevent
from greenlet import greenlet

from app.kernel import limits
from app.kernel.vault import vault
from app.room.following import following
from app.room.seating import seating
from app.room.tabs import tabs
from app.web.callers import callers
from app.web.sockets import socketio

log = logging.getLogger("hearthside.census")


def count() -> dict[str, int]:
    """Return how many there are of each thing that this process keeps in memory."""
    server = socketio.server
    return {
        "greenlets": sum(isinstance(each, greenlet) and not each.dead for each in gc.get_objects()),
        "threads": threading.active_count() + gevent.get_hub().threadpool.size,
        "lines": len(server.eio.sockets),
        "environs": len(server.environ),
        **callers.size(),
        **seating.size(),
        **following.size(),
        "present": len(tabs.present),
        "buckets": limits.size(),
        "data_keys": vault.size(),
    }


def tell() -> None:
    """Write the count to the log."""
    log.info(" ".join(f"{name}={number}" for name, number in count().items()))
