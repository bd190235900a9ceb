"""The facts that a visit's log can hold: a closed set, frozen, in the past tense.

A published kind is never edited; a change is a new version beside the old one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from app.kernel.errors import BadRequest
from app.kernel.ids import is_id
from app.room.phases import PHASES
from app.web.payload import whole
from app.web.text import clean, is_storable

LONGEST_TEXT: Final = 4000
SIGNALS: Final = ("ok", "check_on_me", "help", "stop_music")


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `kind` and `v` name its form."""

    kind: ClassVar[str]
    v: ClassVar[int] = 1
    #: The fields' names, which every dataclass has.
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def body(self) -> dict[str, Any]:
        """Return the fact as the log keeps it: flat, so the fields themselves are enough."""
        return {name: getattr(self, name) for name in self.__match_args__}


@dataclass(frozen=True, slots=True)
class MessagePosted(Event):
    """Somebody wrote to the channel."""

    kind: ClassVar[str] = "message.posted"
    text: str

    @classmethod
    def parsed(cls, body: dict[str, Any]) -> MessagePosted:
        """Read 1 to 4,000 characters of storable text, trimmed."""
        text = body.get("text")
        if not isinstance(text, str):
            raise BadRequest("A message needs its text.", field="text")
        text = clean(text)
        if not text:
            raise BadRequest("Write something first.", field="text")
        if len(text) > LONGEST_TEXT:
            raise BadRequest(f"A message has at most {LONGEST_TEXT} characters.", field="text")
        if not is_storable(text):
            raise BadRequest("This text holds a character that cannot be kept.", field="text")
        return cls(text=text)


@dataclass(frozen=True, slots=True)
class MessageWithdrawn(Event):
    """An author took a message back; the message stays in the record."""

    kind: ClassVar[str] = "message.withdrawn"
    seq: int

    @classmethod
    def parsed(cls, body: dict[str, Any]) -> MessageWithdrawn:
        """Read the position of the message."""
        return cls(seq=whole(body.get("seq"), "seq", least=1))


@dataclass(frozen=True, slots=True)
class SignalSent(Event):
    """The patient or the sitter pressed one of the large buttons."""

    kind: ClassVar[str] = "signal.sent"
    signal: str

    @classmethod
    def parsed(cls, body: dict[str, Any]) -> SignalSent:
        """Read one of the known signals."""
        signal = body.get("signal")
        if signal not in SIGNALS:
            raise BadRequest(f"The signal is one of {', '.join(SIGNALS)}.", field="signal")
        return cls(signal=signal)


@dataclass(frozen=True, slots=True)
class PhaseEntered(Event):
    """The therapist led the visit into a phase."""

    kind: ClassVar[str] = "phase.entered"
    phase: str

    @classmethod
    def parsed(cls, body: dict[str, Any]) -> PhaseEntered:
        """Read one of the known phases."""
        phase = body.get("phase")
        if phase not in PHASES:
            raise BadRequest(f"The phase is one of {', '.join(PHASES)}.", field="phase")
        return cls(phase=phase)


@dataclass(frozen=True, slots=True)
class AboutParticipant(Event):
    """What the server noticed of one participant."""

    participant: str

    @classmethod
    def parsed(cls, body: dict[str, Any]) -> AboutParticipant:
        """Read the participant's id."""
        participant = body.get("participant")
        if not is_id(participant):
            raise BadRequest("participant must be an id.", field="participant")
        return cls(participant=str(participant))


@dataclass(frozen=True, slots=True)
class ParticipantEntered(AboutParticipant):
    """Somebody came into the room, for the first time or after leaving."""

    kind: ClassVar[str] = "participant.entered"


@dataclass(frozen=True, slots=True)
class ParticipantLost(AboutParticipant):
    """Nothing was heard of somebody any more."""

    kind: ClassVar[str] = "participant.lost"


@dataclass(frozen=True, slots=True)
class ParticipantReturned(AboutParticipant):
    """Somebody lost was heard of again."""

    kind: ClassVar[str] = "participant.returned"


@dataclass(frozen=True, slots=True)
class ParticipantLeft(AboutParticipant):
    """Somebody left on purpose."""

    kind: ClassVar[str] = "participant.left"


@dataclass(frozen=True, slots=True)
class ReadinessCleared(Event):
    """The therapist cleared the readiness check for dosing."""

    kind: ClassVar[str] = "readiness.cleared"
    clearance: str

    @classmethod
    def parsed(cls, body: dict[str, Any]) -> ReadinessCleared:
        """Read the id of the clearance."""
        return cls(clearance=str(body.get("clearance")))


@dataclass(frozen=True, slots=True)
class VisitEnded(Event):
    """The visit is over; the log takes nothing more."""

    kind: ClassVar[str] = "visit.ended"

    @classmethod
    def parsed(cls, _body: dict[str, Any]) -> VisitEnded:
        """Read nothing."""
        return cls()


#: What participants may append.
BY_PEOPLE: Final = {
    kind.kind: kind for kind in (MessagePosted, MessageWithdrawn, SignalSent, PhaseEntered)
}
#: What only the server appends.
BY_SERVER: Final = {
    kind.kind: kind
    for kind in (
        ParticipantEntered,
        ParticipantLost,
        ParticipantReturned,
        ParticipantLeft,
        ReadinessCleared,
        VisitEnded,
    )
}


def parse(kind: str, body: object) -> Event:
    """Return the event that a participant wants to append.

    Raises BadRequest for a kind that does not exist or that only the server appends, for unknown
    fields, and for wrong values.
    """
    form = BY_PEOPLE.get(kind)
    if form is None:
        raise BadRequest("This kind of event cannot be added.", field="kind")
    if not isinstance(body, dict):
        raise BadRequest("body must be an object.", field="body")
    if any(name not in form.__match_args__ for name in body):
        raise BadRequest("body holds a field that this kind does not have.", field="body")
    return form.parsed(body)


def restore(kind: str, body: dict[str, Any]) -> Event:
    """Return the event that the log kept. Raises KeyError for a kind that was never published."""
    form = BY_PEOPLE.get(kind) or BY_SERVER[kind]
    return form(**body)
