"""Watches for silence: saves who was heard of, and declares lost whom nobody hears any more."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NoReturn, cast

import gevent
from sqlalchemy import bindparam, select, update

from app.accounts.models import Person
from app.kernel import clock
from app.kernel.db import UNAVAILABLE, db
from app.room import presence
from app.room.commits import commits
from app.room.models import Participant
from app.room.queries import seat_from
from app.room.tabs import GRACE_SECONDS, SILENCE_SECONDS, tabs
from app.scheduling.models import Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Table

    from app.room.tabs import Present

_participants = cast("Table", Participant.__table__)

LOOK_SECONDS = 1.0
#: Shorter than the grace, so that a tab in another process is known of in time.
SAVE_SECONDS = 3.0
#: So many are saved in one work.
MOST_AT_ONCE = 50

#: Moves forward only: another process may have heard them later.
_SEEN = (
    update(_participants)
    .where(
        _participants.c.id == bindparam("who"), _participants.c.last_seen_at < bindparam("seen_at")
    )
    .values(last_seen_at=bindparam("seen_at"))
)

log = logging.getLogger("hearthside.presence")


def watch(pause: Callable[[float], None] = gevent.sleep) -> NoReturn:
    """Look every second for as long as the process lives."""
    waited = 0.0
    while True:
        pause(LOOK_SECONDS)
        waited += LOOK_SECONDS
        try:
            lose_the_silent()
            if waited >= SAVE_SECONDS:
                waited = 0.0
                save_signs_of_life()
                lose_the_forgotten()
        except UNAVAILABLE:
            log.warning("presence cannot be saved; trying again")
        finally:
            db.done()


def lose_the_silent() -> None:
    """Declare lost those of this process who fell silent."""
    tabs.prune()
    for one in tabs.silent():
        tabs.forget(one.seat.participant_id)
        # Another process may hear them still: then it has said so within the grace.
        silent_since = clock.now() - timedelta(seconds=GRACE_SECONDS)
        commits.run(partial(presence.lose, one.seat, silent_since=silent_since))


def save_signs_of_life() -> None:
    """Write down when everybody was last heard of; show again whom others lost.

    A few dozen at a time, each among the works that are committed anyway: all at once would hold
    up a message that is on its way.
    """
    heard = [one for one in tabs.present.values() if one.unsaved and one.gone_at is None]
    for start in range(0, len(heard), MOST_AT_ONCE):
        some = heard[start : start + MOST_AT_ONCE]
        mistaken = commits.run(partial(_save, some))
        for one in some:
            one.unsaved = False
            if one.seat.participant_id in mistaken:
                commits.run(partial(presence.show, one.seat, one.state))


def _save(heard: list[Present]) -> set[str]:
    """Write down when these were last heard of; return who of them counts as gone."""
    seen = [{"who": one.seat.participant_id, "seen_at": one.seen_at} for one in heard]
    db.session.connection().execute(_SEEN, seen)
    query = select(Participant.id).where(
        Participant.id.in_([one.seat.participant_id for one in heard]),
        Participant.state.in_((presence.LOST, presence.LEFT)),
    )
    return set(db.session.scalars(query))


def lose_the_forgotten() -> None:
    """Declare lost those whom a process that died held, by what the database knows."""
    silent_since = clock.now() - timedelta(seconds=SILENCE_SECONDS + SAVE_SECONDS)
    query = (
        select(Participant, Visit.patient_id, Person)
        .join(Visit, Visit.id == Participant.visit_id)
        .join(Person, Person.id == Participant.person_id)
        .where(
            Participant.state.in_((presence.HERE, presence.AWAY)),
            Participant.last_seen_at < silent_since,
        )
    )
    forgotten = [
        seat_from(row, patient_id, person.as_actor())
        for row, patient_id, person in db.session.execute(query)
    ]
    db.done()
    for seat in forgotten:
        if seat.participant_id not in tabs.present:
            commits.run(partial(presence.lose, seat, silent_since=silent_since))
