"""A seat: one person's place in one visit, and the channels that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.kernel.actor import Role
from app.kernel.errors import NotFound

if TYPE_CHECKING:
    from app.kernel.actor import Actor

ROOM: Final = "room"
SITTER: Final = "sitter"
STAFF: Final = "staff"

#: Who hears what (protocol.md 1).
MEMBERS: Final[dict[str, frozenset[str]]] = {
    ROOM: frozenset({Role.PATIENT, Role.THERAPIST, Role.PRESCRIBER}),
    SITTER: frozenset({Role.THERAPIST, Role.PRESCRIBER}),
    STAFF: frozenset({Role.THERAPIST, Role.PRESCRIBER}),
}
CHANNELS: Final = tuple(MEMBERS)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who somebody is in a visit. `actor` is the person, `participant_id` their place."""

    visit_id: str
    patient_id: str
    participant_id: str
    role: str
    actor: Actor

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that this seat hears."""
        return tuple(name for name, members in MEMBERS.items() if self.role in members)

    @property
    def groups(self) -> list[str]:
        """The socket groups that belong to this seat: its channels, and itself."""
        return [self.group(channel) for channel in self.channels] + [self.participant_id]

    def group(self, channel: str) -> str:
        """Return the name of the socket group of a channel's members."""
        return f"{self.visit_id}:{channel}"

    def require(self, channel: str) -> None:
        """Raise NotFound when the seat does not belong to the channel."""
        if self.role not in MEMBERS.get(channel, ()):
            raise NotFound
