"""Events in words: what a line of the conversation or of the transcript says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.room.events import (
    MessagePosted,
    ParticipantEntered,
    ParticipantLeft,
    ParticipantLost,
    ParticipantReturned,
    PhaseEntered,
    ReadinessCleared,
    SignalSent,
    VisitEnded,
)
from app.room.phases import NAMES

if TYPE_CHECKING:
    from app.room.events import Event

SIGNAL_WORDS: Final = {
    "ok": "I’m OK",
    "check_on_me": "Check on me",
    "help": "I need help now",
    "stop_music": "Stop the music",
}

_PLAIN: Final = {
    ParticipantEntered: "{who} came into the room",
    ParticipantLost: "The connection to {who} was lost",
    ParticipantReturned: "{who} is back",
    ParticipantLeft: "{who} left the room",
    ReadinessCleared: "{who} cleared the readiness check",
    VisitEnded: "The visit has ended",
}


def sentence(event: Event, who: str) -> str:
    """Return the event as one plain sentence."""
    if isinstance(event, MessagePosted):
        return event.text
    if isinstance(event, PhaseEntered):
        return f"{NAMES[event.phase]}"
    if isinstance(event, SignalSent):
        return f"{who}: “{SIGNAL_WORDS[event.signal]}”"
    return _PLAIN[type(event)].format(who=who)
