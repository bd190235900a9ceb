"""What the room does when a floor below tells it something; hints to open pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.db import after_commit, db
from app.kernel.ids import new_id
from app.room import log
from app.room.actions import take_seat
from app.room.events import ReadinessCleared
from app.room.models import Participant, VisitChannel
from app.room.seats import CHANNELS, ROOM
from app.web import sockets

if TYPE_CHECKING:
    from app.readiness.actions import CheckCleared, ReadinessChanged
    from app.scheduling.actions import VisitCancelled, VisitPlanned, VisitRestored


def prepare_visit(planned: VisitPlanned) -> None:
    """Give a new visit its channels, and its patient and therapist their seats."""
    visit = planned.visit
    db.session.add_all(VisitChannel(visit_id=visit.id, channel=each) for each in CHANNELS)
    for person in (visit.therapist, visit.patient.person):
        db.session.add(
            Participant(
                id=new_id(),
                visit_id=visit.id,
                person_id=person.id,
                role=person.role,
                state="left",
            )
        )
    db.session.flush()  # events may follow in the same transaction


def close_room(cancelled: VisitCancelled) -> None:
    """Let nothing into the log of a cancelled visit."""
    log.close(cancelled.visit.id)
    hint(cancelled.visit.id, "visit")


def reopen_room(restored: VisitRestored) -> None:
    """Let events into the log again."""
    log.reopen(restored.visit.id)
    hint(restored.visit.id, "visit")


def log_clearance(cleared: CheckCleared) -> None:
    """Put the clearance of the readiness check into the visit's log."""
    seat = take_seat(cleared.visit_id, by=cleared.by)
    event = ReadinessCleared(clearance=cleared.clearance_id)
    log.append(seat, ROOM, event, key=new_id())


def hint_readiness(changed: ReadinessChanged) -> None:
    """Tell open pages of the visit that its readiness changed."""
    hint(changed.visit_id, "readiness")


def hint(visit_id: str, what: str) -> None:
    """Tell the pages that watch a visit, after the commit, that they should look again."""
    payload = {"visit": visit_id, "what": what}
    after_commit(lambda: sockets.push("changed", payload, to=hints(visit_id)))


def hints(visit_id: str) -> str:
    """Return the name of the socket group that watches a visit."""
    return f"{visit_id}:hints"
