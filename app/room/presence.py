"""Coming, going, and falling silent: one presence a participant, whatever the number of tabs.

The database holds what is known (`state`, `since`, `last_seen_at`), so that it outlives a
restart; the tabs of this process are held in memory. Each change here is one work of the group
commit: it reads the row under lock, and what it finds decided already it leaves alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audit.actions import record
from app.kernel import clock
from app.kernel.db import after_commit, db
from app.kernel.errors import NotNow
from app.kernel.ids import derived_id
from app.room import log, wire
from app.room.events import (
    ParticipantEntered,
    ParticipantLeft,
    ParticipantLost,
    ParticipantReturned,
)
from app.room.listeners import hint
from app.room.models import Participant
from app.room.seats import ROOM
from app.room.standing import standing

if TYPE_CHECKING:
    from datetime import datetime

    from app.room.events import AboutParticipant
    from app.room.seats import Seat

HERE, AWAY, LOST, LEFT = "here", "away", "lost", "left"

_ARRIVALS: dict[str, type[AboutParticipant]] = {
    LEFT: ParticipantEntered,
    LOST: ParticipantReturned,
}


def show(seat: Seat, state: str) -> Participant:
    """Have the participant be `here` (screen visible) or `away` (screen hidden)."""
    row = _row(seat)
    if row.state in _ARRIVALS:
        _log(seat, row, _ARRIVALS[row.state](participant=row.id))
        record("room.entered", by=seat.actor, about="visit", about_id=seat.visit_id)
    row.last_seen_at = clock.now()
    _change(seat, row, state)
    return row


def leave(seat: Seat) -> Participant:
    """Have the participant leave on purpose."""
    row = _row(seat)
    if row.state != LEFT:
        _log(seat, row, ParticipantLeft(participant=row.id))
        _change(seat, row, LEFT)
    return row


def lose(seat: Seat, *, silent_since: datetime) -> Participant:
    """Have the participant be lost, unless something was heard of them since."""
    row = _row(seat)
    seen = row.last_seen_at
    if row.state in {HERE, AWAY} and (seen is None or seen <= silent_since):
        _log(seat, row, ParticipantLost(participant=row.id))
        _change(seat, row, LOST)
    return row


def _row(seat: Seat) -> Participant:
    return db.session.get_one(
        Participant, seat.participant_id, with_for_update=True, populate_existing=True
    )


def _log(seat: Seat, row: Participant, event: AboutParticipant) -> None:
    """Put the change into the log; a visit that has ended keeps its log as it is.

    The key is made of the state that ends, so two processes that notice the same log it once.
    """
    key = derived_id(row.id, f"{event.kind}:{row.state}:{row.since}")
    try:
        log.append(seat, ROOM, event, key=key)
    except NotNow:
        return


def _change(seat: Seat, row: Participant, state: str) -> None:
    if row.state == state:
        return
    row.state, row.since = state, clock.now()
    payload = {"visit": seat.visit_id, **wire.presence(row)}
    after_commit(lambda: standing.tell("presence", payload))
    hint(seat.visit_id, "presence")
