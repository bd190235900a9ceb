"""Fills the log of a visit through the application's own way to write, many events at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import inside  # noqa: F401  (opens the application's modules, which come next)
from sqlalchemy import select

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.room import log
from app.room.events import MessagePosted, PhaseEntered, SignalSent
from app.room.ledger import shared_page
from app.room.models import Participant
from app.room.queries import seat_from
from app.room.seats import ROOM
from app.scheduling.models import Visit

if TYPE_CHECKING:
    from app.room.events import Event
    from app.room.seats import Seat

TEXT_BYTES = 200
AT_ONCE = 1000
#: Every so many events one is no message, so that the state has something to be found in.
SIGNAL_EVERY = 20


def seats_of(visit_id: str) -> list[Seat]:
    """Return the seats of a visit's people."""
    visit = db.session.get_one(Visit, visit_id)
    rows = db.session.scalars(select(Participant).where(Participant.visit_id == visit_id)).all()
    people = {visit.therapist_id: visit.therapist, visit.patient_id: visit.patient.person}
    seats = [
        seat_from(row, visit.patient_id, people[row.person_id].as_actor())
        for row in rows
        if row.person_id in people
    ]
    db.done()
    return seats


def fill(visit_id: str, length: int) -> None:
    """Bring a visit's channel `room` to at least this many events."""
    seats = seats_of(visit_id)
    head = log.heads(visit_id)[ROOM]
    db.done()
    for start in range(head + 1, length + 1, AT_ONCE):
        with transaction(), shared_page([]):
            for seq in range(start, min(start + AT_ONCE, length + 1)):
                log.append(seats[seq % len(seats)], ROOM, _event(seq), key=new_id())
        db.done()


def _event(seq: int) -> Event:
    if seq == 1:
        return PhaseEntered("settling")
    if seq % SIGNAL_EVERY == 0:
        return SignalSent("ok")
    return MessagePosted(f"{seq} ".ljust(TEXT_BYTES, "x"))
