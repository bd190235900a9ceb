"""Access that ends, ends everywhere within a second: requests, processes, open sockets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NoReturn

import gevent
from sqlalchemy import update

from app.accounts.models import AccessVersion
from app.kernel.db import UNAVAILABLE, after_commit, db
from app.web import sockets

if TYPE_CHECKING:
    from collections.abc import Callable

#: How often a process looks whether another one (or the command line) took access away.
WATCH_SECONDS = 0.4
#: How often every open socket is checked whatever happens, so that an expired sign-in closes.
SWEEP_SECONDS = 30.0

log = logging.getLogger("hearthside.access")


def access_changed() -> None:
    """Raise the version in this transaction; after it, look at every open socket again."""
    db.session.execute(
        update(AccessVersion).where(AccessVersion.id == 1).values(version=AccessVersion.version + 1)
    )
    after_commit(look_again)


def look_again() -> None:
    """Drop what this process remembers of people's access and close what is no longer allowed."""
    sockets.look_again()


def watch(pause: Callable[[float], None] = gevent.sleep) -> NoReturn:
    """Follow the version for as long as the process lives."""
    # The first look is taken whatever the version: nobody was watching until now.
    known, waited = _version(), SWEEP_SECONDS
    while True:
        pause(WATCH_SECONDS)
        waited += WATCH_SECONDS
        try:
            version = _version()
            if version != known or waited >= SWEEP_SECONDS:
                look_again()
                # Only now: a look that the database cut short is taken again.
                known, waited = version, 0.0
        except UNAVAILABLE:
            log.warning("the access version cannot be read; trying again")
        finally:
            db.done()


def _version() -> int:
    row = db.session.get(AccessVersion, 1)
    version = row.version if row else 0
    db.done()
    return version
