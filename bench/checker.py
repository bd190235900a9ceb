"""What was lost, doubled, reordered, altered or leaked: found from what every receiver heard.

Pure: it is given what was sent and what was heard, and answers with counts. Its own test plants
each fault and asks for it back.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

FAULTS = ("lost", "doubled", "reordered", "gaps", "altered", "leaked", "disagreeing")


@dataclass(slots=True)
class Message:
    """One message as its sender knows it. Times are the generator's own, in seconds."""

    key: str
    visit: str
    text: str
    due: float
    seq: int | None = None
    acked_at: float | None = None
    delivered_at: float | None = None
    refusal: str | None = None

    @property
    def settled(self) -> bool:
        """Tell whether nothing more is awaited."""
        return self.refusal is not None or None not in (self.acked_at, self.delivered_at)


@dataclass(slots=True)
class Receiver:
    """One person's screen: where it stood at first, and every event it was given since."""

    visit: str
    head: int
    heard: list[dict[str, Any]] = field(default_factory=list)


def check(
    messages: dict[str, Message],
    receivers: list[Receiver],
    earlier: dict[str, Message] | None = None,
) -> dict[str, int]:
    """Return how often each fault happened, over all receivers.

    `earlier` are messages of a phase before, which a slow server may deliver only now.
    """
    found: Counter[str] = Counter(dict.fromkeys(FAULTS, 0))
    expected: dict[str, list[Message]] = {}
    for message in messages.values():
        if message.acked_at is not None:
            expected.setdefault(message.visit, []).append(message)
    known = {**(earlier or {}), **messages}
    places: dict[tuple[str, int], str] = {}
    for receiver in receivers:
        _check_order(receiver, found)
        _check_content(receiver, known, found)
        heard = {event["key"] for event in receiver.heard}
        due = expected.get(receiver.visit, [])
        found["lost"] += sum(message.key not in heard for message in due)
        for event in receiver.heard:
            place = (receiver.visit, event["seq"])
            found["disagreeing"] += places.setdefault(place, event["key"]) != event["key"]
    return dict(found)


def _check_order(receiver: Receiver, found: Counter[str]) -> None:
    """Count numbers that came twice, came late, or never came."""
    last = receiver.head
    numbers: set[int] = set()
    keys: set[str] = set()
    for event in receiver.heard:
        seq, key = event["seq"], event["key"]
        if seq in numbers or key in keys:
            found["doubled"] += 1
        elif seq < last:
            found["reordered"] += 1
        numbers.add(seq)
        keys.add(key)
        last = max(last, seq)
    found["gaps"] += len(set(range(receiver.head + 1, last + 1)) - numbers)


def _check_content(receiver: Receiver, messages: dict[str, Message], found: Counter[str]) -> None:
    """Count what came changed, at another place than acknowledged, or from another visit."""
    for event in receiver.heard:
        if event["visit"] != receiver.visit:
            found["leaked"] += 1
        if event["kind"] != "message.posted":
            continue
        message = messages.get(event["key"])
        if message is None or message.visit != receiver.visit:
            found["leaked"] += 1
        elif message.text != event["body"]["text"]:
            found["altered"] += 1
        elif message.seq not in (None, event["seq"]):
            found["disagreeing"] += 1
