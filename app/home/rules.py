"""What a patient can do now: pure rules from times to one step."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

#: How long before a visit its check becomes the thing to do: answers are good for a day.
CHECK_OPENS: Final = timedelta(hours=24)
#: How long before a visit the way into its room stands first.
ROOM_OPENS: Final = timedelta(hours=1)
#: How long after its planned end a visit that nobody has ended still counts as going on.
RUNS_OVER: Final = timedelta(hours=2)


class Step(StrEnum):
    """The one thing a patient can do now."""

    ROOM = "room"
    CHECK = "check"
    WAIT = "wait"
    NOTHING = "nothing"


def next_step(starts_at: datetime, now: datetime, *, to_answer: int, is_expected: bool) -> Step:
    """Return what comes first for a patient. `is_expected`: the therapist is in the room."""
    if is_expected:
        return Step.ROOM
    if now < starts_at - CHECK_OPENS:
        return Step.NOTHING
    if to_answer:
        return Step.CHECK
    return Step.WAIT if now < starts_at - ROOM_OPENS else Step.ROOM
