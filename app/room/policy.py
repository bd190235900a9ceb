"""Who may do what in a room, in sentences and one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.accounts.policy import gives_or_receives_care
from app.kernel.actor import Role
from app.kernel.errors import NotFound
from app.room.seats import CHANNELS, ROOM

if TYPE_CHECKING:
    from app.room.seats import Seat

#: Everybody of visits may try a room's door; which visit opens is found through the person.
may_enter_rooms = gives_or_receives_care

_EVERYBODY: Final = frozenset({Role.PATIENT, Role.THERAPIST, Role.PRESCRIBER})

#: Kind -> (who may append it, in which channels).
MAY_APPEND: Final[dict[str, tuple[frozenset[str], tuple[str, ...]]]] = {
    "message.posted": (_EVERYBODY, CHANNELS),
    "message.withdrawn": (_EVERYBODY, CHANNELS),
    "signal.sent": (frozenset({Role.PATIENT}), (ROOM,)),
    "phase.entered": (frozenset({Role.THERAPIST}), (ROOM,)),
}


def require_may_append(seat: Seat, channel: str, kind: str) -> None:
    """Raise NotFound unless this seat may append this kind to this channel."""
    seat.require(channel)
    roles, channels = MAY_APPEND[kind]
    if seat.role not in roles or channel not in channels:
        raise NotFound
