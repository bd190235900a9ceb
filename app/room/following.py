"""Brings each channel's events to this process's sockets: in order, each once, none left out.

The log is the truth. Whatever says that there is something new (a commit of this process, a hint
of another one, the look every second) only makes this process read on from where it stands.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, NoReturn

import gevent
from gevent.event import Event as Wake

from app.kernel.db import UNAVAILABLE, db
from app.room import log, queries
from app.web import sockets
from app.web.bus import bus

if TYPE_CHECKING:
    from app.room.log import Committed
    from app.room.seats import Seat

    Place = tuple[str, str]

#: How long an event of another process can stay unseen while Redis is away.
LOOK_SECONDS = 0.5

logger = logging.getLogger("hearthside.following")


class Following:
    """Where this process stands in each channel that one of its sockets hears."""

    def __init__(self) -> None:
        """Begin with nobody listening."""
        self._heads: dict[Place, int] = {}
        self._readers: dict[str, dict[str, Seat]] = {}
        self._behind: set[Place] = set()
        self._wake = Wake()

    def forget(self) -> None:
        """Follow nothing any more, as when the process starts."""
        self._heads.clear()
        self._readers.clear()
        self._behind.clear()

    def size(self) -> dict[str, int]:
        """Return how much is followed, by what."""
        return {
            "followed": len(self._heads),
            "read_visits": len(self._readers),
            "behind": len(self._behind),
        }

    @property
    def visits(self) -> list[str]:
        """The visits that this process's sockets are in."""
        return list(self._readers)

    def begin(self, sid: str, seat: Seat) -> None:
        """Follow a visit for a socket that has just joined its groups."""
        self._readers.setdefault(seat.visit_id, {})[sid] = seat
        heads = log.heads(seat.visit_id)
        for channel in seat.channels:
            self._heads.setdefault((seat.visit_id, channel), heads[channel])

    def end(self, sid: str, visit_id: str) -> None:
        """Stop following for a socket that left or has gone."""
        readers = self._readers.get(visit_id, {})
        readers.pop(sid, None)
        if readers:
            return
        self._readers.pop(visit_id, None)
        for place in [each for each in self._heads if each[0] == visit_id]:
            del self._heads[place]

    def heads(self, seat: Seat) -> dict[str, int] | None:
        """Return how far this process has brought each of the seat's channels.

        None when it does not follow them all. Another process may have gone on since the last look.
        """
        known = {channel: self._heads.get((seat.visit_id, channel)) for channel in seat.channels}
        heads = {channel: head for channel, head in known.items() if head is not None}
        return heads if len(heads) == len(known) else None

    def committed(self, fact: Committed) -> None:
        """Bring an event that this process has just committed to the channel's members."""
        place, seq = (fact.visit_id, fact.channel), fact.seq
        if self._heads.get(place) == seq - 1:
            self._push(place, seq, fact.payload)
        else:
            self.hinted(*place, seq)
        bus.tell("head", *place, seq)

    def hinted(self, visit_id: str, channel: str, seq: int) -> None:
        """Note that a channel goes on to `seq`; the follower reads it."""
        head = self._heads.get((visit_id, channel))
        if head is not None and seq > head:
            self._behind.add((visit_id, channel))
            self._wake.set()

    def follow(self) -> NoReturn:
        """Read on whatever is behind, at once when told; look every so often, told or not."""
        look_at = 0.0
        while True:
            self._wake.wait(max(0.0, look_at - time.monotonic()))
            self._wake.clear()
            try:
                if time.monotonic() >= look_at:
                    self.look()
                    look_at = time.monotonic() + LOOK_SECONDS
                self.read_on()
            except UNAVAILABLE:
                logger.warning("the log cannot be read; trying again")
                gevent.sleep(LOOK_SECONDS)
            finally:
                db.done()

    def look(self) -> None:
        """Find out which of the followed channels go on."""
        for place, head in log.heads_of(self.visits).items():
            self.hinted(*place, head)

    def read_on(self) -> None:
        """Bring everything that is behind to its members."""
        while self._behind:
            place = self._behind.pop()
            try:
                self._read(place)
            except UNAVAILABLE:
                self._behind.add(place)
                raise

    def _read(self, place: Place) -> None:
        visit_id, channel = place
        readers = self._readers.get(visit_id, {}).values()
        reader = next((seat for seat in readers if channel in seat.channels), None)
        while reader is not None and place in self._heads:
            found = queries.page(reader, channel, after=self._heads[place], limit=500)
            for payload in found["events"]:
                if self._heads.get(place) == payload["seq"] - 1:
                    self._push(place, payload["seq"], payload)
            if not found["more"]:
                return

    def _push(self, place: Place, seq: int, payload: dict[str, Any]) -> None:
        self._heads[place] = seq
        sockets.push_here("event", payload, to=":".join(place))


following = Following()
