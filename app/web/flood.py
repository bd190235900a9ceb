"""What is decided of a frame before it is read: whether it is, and how soon the next one.

A refusal here costs little, so that it can be given often. Who goes on in spite of it is read ever
more slowly: the rest waits in their own machine.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.kernel.errors import TooLarge, TooOften, Unauthenticated
from app.kernel.limits import Limit
from app.web import pace
from app.web.fairness import Shares
from app.web.rounds import wait_for_a_round

if TYPE_CHECKING:
    from app.web.callers import Caller

#: The most that is taken as one event, in bytes.
LARGEST_EVENT = 64 * 1024
#: What joining the namespace costs beside an event: the database is asked who it is.
JOINING_COSTS = 20.0
#: Who asks for most, and has so many bytes more on the way already (a hundred messages), does not
#: wait for answers. They are refused, and told to come back after so many seconds.
FLOODING_BYTES = 32 * 1024
FLOODING_RETRY_AFTER = 1.0
#: An event, without the digit in front that says so to Engine.IO, and the number it wants back.
_EVENT = "2"
_NUMBERED = re.compile(r"4?2/room,(\d{1,15})\[")

#: What one person may ask for, on all sockets together.
per_person = Limit(rate=600, burst=1200)
#: What a socket may say before it has joined the namespace: once to join, and mistakes.
_per_stranger = Limit(rate=1, burst=10)
shares = Shares()


def admit(caller: Caller, size: int) -> bool:
    """Let an event be read; return whether its sender is to wait for the answer, and for others.

    Raises TooOften, TooLarge.
    """
    person = caller.actor.person_id
    is_heavy = shares.count(person)
    try:
        per_person.check(person)
        if is_heavy and pace.unread_bytes() > FLOODING_BYTES:
            raise TooOften(retry_after=FLOODING_RETRY_AFTER)  # noqa: TRY301  (both slow down)
    except TooOften:
        pace.refused()
        raise
    if size > LARGEST_EVENT:
        raise TooLarge
    if is_heavy:
        pace.yield_to_others()
    return is_heavy


def admit_other(caller: Caller | None, socket_id: str, packet: str) -> None:
    """Let in what is no event in its usual form, or comes from a socket that has not joined (None).

    Raises TooOften; Unauthenticated for an event of a socket that has not joined.
    """
    try:
        if caller is None:
            _per_stranger.spend(socket_id)
        else:
            cost = 1.0 if packet.startswith(_EVENT) else JOINING_COSTS
            per_person.spend(caller.actor.person_id, cost)
    except TooOften:
        pace.refused()
        raise
    if not packet.startswith(_EVENT):
        wait_for_a_round()
    elif caller is None:
        raise Unauthenticated


def number_of(packet: str) -> str | None:
    """Return the number under which an event that is not read wants its answer, if it wants one."""
    numbered = _NUMBERED.match(packet)
    return numbered[1] if numbered else None
