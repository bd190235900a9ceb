"""How an event looks on the line: Socket.IO's text packets (protocol 5) of the one namespace.

Only the usual forms are here; whatever else arrives is left to python-socketio.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from app.web.frames import text_frame

NAMESPACE = "/room"
#: How an event in its usual form begins.
EVENT = f"42{NAMESPACE},"
_ACK = f"43{NAMESPACE},"
#: So many digits has the number of an acknowledgement at most.
_MOST_DIGITS = 15

_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Packet(NamedTuple):
    """One event as it came; `ack` is the number that its answer must carry, if it wants one."""

    name: str
    arguments: list[Any]
    ack: str


def read(text: str) -> Packet | None:
    """Return the event that a text carries, None where it is not one in the usual form."""
    if not text.startswith(EVENT):
        return None
    begins = text.find("[", len(EVENT), len(EVENT) + _MOST_DIGITS + 1)
    ack = text[len(EVENT) : begins]
    if begins < 0 or not (ack == "" or (ack.isascii() and ack.isdigit())):
        return None
    try:
        data = json.loads(text[begins:])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        return None
    return Packet(data[0], data[1:], ack)


def event(name: str, payload: dict[str, Any]) -> bytes:
    """Return the frame of an event."""
    return text_frame(f"{EVENT}[{_encode(name)},{_encode(payload)}]")


def refusal(ack: str, payload: dict[str, Any]) -> str:
    """Return an answer as Engine.IO sends it itself, to who has no short way yet."""
    return f"{_ACK[1:]}{ack}[{_encode(payload)}]"


def answer(ack: str, payload: dict[str, Any] | None) -> bytes:
    """Return the frame that answers the event with this number."""
    inside = "" if payload is None else _encode(payload)
    return text_frame(f"{_ACK}{ack}[{inside}]")
