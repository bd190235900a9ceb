"""Who listens to whom: the one table of domain events."""

from __future__ import annotations

from app.kernel.announce import listen
from app.readiness.actions import CheckCleared, ReadinessChanged
from app.room import listeners as room
from app.room.following import following
from app.room.log import Committed
from app.room.standing import standing
from app.scheduling.actions import VisitCancelled, VisitPlanned, VisitRestored
from app.web.bus import bus


def connect() -> None:
    """Connect every listener. Doing it again changes nothing."""
    bus.hear("head", following.hinted)
    bus.hear("standing", standing.bring)
    listen(VisitPlanned, room.prepare_visit)
    listen(VisitCancelled, room.close_room)
    listen(VisitRestored, room.reopen_room)
    listen(Committed, following.committed)
    listen(CheckCleared, room.log_clearance)
    listen(ReadinessChanged, room.hint_readiness)
