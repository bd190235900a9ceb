"""Who is there and how far each has read: brought to this process's sockets, and mended.

A change is pushed at once, to other processes through Redis, which may lose it. So where there
are other processes, each compares every second what it brought with what the database holds, and
brings what differs. What it brings twice changes nothing on a screen.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NoReturn, cast

import gevent
from sqlalchemy import bindparam, select

from app.kernel.db import UNAVAILABLE, db
from app.room import wire
from app.room.following import following
from app.room.models import Mark, Participant
from app.room.seats import ROOM
from app.web import sockets
from app.web.bus import bus

if TYPE_CHECKING:
    from sqlalchemy import Table

    Payload = dict[str, Any]
    #: Kind, participant, channel.
    What = tuple[str, str, str]
    How = tuple[str | int | None, ...]

#: With this pause everything lost is mended within two seconds, the promise for events too.
LOOK_SECONDS = 1.0
#: So many visits are asked after in one statement.
MOST_AT_ONCE = 200

_people = cast("Table", Participant.__table__)
_marks = cast("Table", Mark.__table__)
_FOLLOWED = _people.c.visit_id.in_(bindparam("visits", expanding=True))
_PRESENCE = select(
    _people.c.id, _people.c.visit_id, _people.c.state, _people.c.since, _people.c.last_seen_at
).where(_FOLLOWED)
_RECEIPTS = (
    select(_marks, _people.c.visit_id)
    .join(_people, _people.c.id == _marks.c.participant_id)
    .where(_FOLLOWED)
)

logger = logging.getLogger("hearthside.standing")


class Standing:
    """What this process has brought to its sockets of each visit that they are in."""

    def __init__(self) -> None:
        """Begin with nothing brought."""
        self._brought: dict[str, dict[What, How]] = {}
        self._lately: set[What] = set()

    def tell(self, kind: str, payload: Payload) -> None:
        """Bring a change (a `presence` or a `receipt`) that this process has committed."""
        self.bring(kind, payload)
        bus.tell("standing", kind, payload)

    def bring(self, kind: str, payload: Payload) -> None:
        """Bring a change to the sockets of this process."""
        if payload["visit"] in self._brought:
            what = _what(kind, payload)
            self._lately.add(what)
            self._brought[payload["visit"]][what] = _how(payload)
        sockets.push_here(kind, payload, to=f"{payload['visit']}:{payload.get('channel', ROOM)}")

    def look(self) -> None:
        """Bring whatever the database holds that was not brought yet."""
        visits = following.visits
        # What sockets were given when they entered a new one is not known here: so, everything.
        self._brought = {visit: self._brought.get(visit, {}) for visit in visits}
        for start in range(0, len(visits), MOST_AT_ONCE):
            self._lately.clear()
            for kind, payload in _held(visits[start : start + MOST_AT_ONCE]):
                what = _what(kind, payload)
                # What was brought during the reading may be newer than what was read.
                if what not in self._lately and self._differs(what, payload):
                    self.bring(kind, payload)

    def _differs(self, what: What, payload: Payload) -> bool:
        return self._brought[payload["visit"]].get(what) != _how(payload)

    def watch(self) -> NoReturn:
        """Look every second for as long as the process lives."""
        while True:
            gevent.sleep(LOOK_SECONDS)
            try:
                if bus.has_others:
                    self.look()
            except UNAVAILABLE:
                logger.warning("presence and receipts cannot be read; trying again")
            finally:
                db.done()


def _held(visits: list[str]) -> list[tuple[str, Payload]]:
    """Return what the database holds of these visits, as it is on the wire."""
    connection = db.session.connection()
    people = connection.execute(_PRESENCE, {"visits": visits}).all()
    marks = connection.execute(_RECEIPTS, {"visits": visits}).all()
    db.done()
    presence = [
        ("presence", {"visit": row.visit_id, **wire.presence(cast("Participant", row))})
        for row in people
    ]
    return presence + [("receipt", wire.receipt(row.visit_id, cast("Mark", row))) for row in marks]


def _what(kind: str, payload: Payload) -> What:
    return kind, payload["participant"], payload.get("channel", "")


def _how(payload: Payload) -> How:
    if "state" in payload:
        return payload["state"], payload["since"]
    return payload["delivered"], payload["read"]


standing = Standing()
