"""What was tried and what was shown: the evidence that the checker judges."""

import json
from dataclasses import dataclass, field, replace
from typing import Any, Self

#: An append that was acknowledged, one that was refused for good, and one of which nobody knows.
OK, FAIL, UNKNOWN = "ok", "fail", "unknown"


def canonical(body: dict[str, Any]) -> str:
    """A body as text that is equal exactly when the bodies are."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False)


@dataclass(slots=True)
class Op:
    """One append as its sender knows it. Times are monotonic, in seconds."""

    key: str
    visit: str
    channel: str
    kind: str
    body: str
    by: str
    #: Never tried again, so that there are appends whose fate nobody learns.
    once: bool = False
    said_at: float = 0.0
    outcome: str = UNKNOWN
    tries: int = 0
    invoked_at: float | None = None
    acked_at: float | None = None
    seq: int | None = None
    repeat: bool = False
    #: When each of the other members had it on the screen.
    seen: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: a row of the record, or what a screen shows."""

    visit: str
    channel: str
    seq: int
    key: str
    kind: str
    by: str
    body: str

    @classmethod
    def from_wire(cls, payload: dict[str, Any]) -> Self:
        """Read the server's `event`."""
        return cls(
            visit=payload["visit"],
            channel=payload["channel"],
            seq=payload["seq"],
            key=payload["key"],
            kind=payload["kind"],
            by=payload["by"]["participant"],
            body=canonical(payload["body"]),
        )


@dataclass(slots=True)
class Screen:
    """What one member was shown, in the order of showing, applied as a client must."""

    visit: str
    channels: tuple[str, ...]
    name: str = ""
    shown: dict[str, list[Event]] = field(default_factory=dict)
    #: What came although it is none of theirs.
    strange: list[Event] = field(default_factory=list)
    #: What came under a number that shows something else.
    contradicting: list[Event] = field(default_factory=list)
    _ahead: dict[tuple[str, int], Event] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shown = {channel: [] for channel in self.channels}

    def last(self, channel: str) -> int:
        """The last number that is shown."""
        shown = self.shown[channel]
        return shown[-1].seq if shown else 0

    def learn(self, heads: dict[str, int]) -> None:
        """Note how far the channels go."""
        for channel, head in heads.items():
            self._known[channel] = max(head, self._known.get(channel, 0))

    @property
    def behind(self) -> list[str]:
        """The channels that are known to go on after what is shown."""
        return [channel for channel, head in self._known.items() if head > self.last(channel)]

    def receive(self, event: Event) -> list[Event]:
        """Take an event; return what is shown now that was not before."""
        if event.visit != self.visit or event.channel not in self.shown:
            self.strange.append(event)
            return []
        self.learn({event.channel: event.seq})
        if event.seq > self.last(event.channel):
            self._ahead[event.channel, event.seq] = event
        elif self.shown[event.channel][event.seq - 1] != event:
            self.contradicting.append(event)
        return list(self._in_turn(event.channel))

    def still(self) -> Self:
        """A copy that nothing is added to any more."""
        copied = replace(self, strange=self.strange[:], contradicting=self.contradicting[:])
        copied.shown = {channel: shown[:] for channel, shown in self.shown.items()}
        return copied

    def _in_turn(self, channel: str):
        while event := self._ahead.pop((channel, self.last(channel) + 1), None):
            self.shown[channel].append(event)
            yield event


@dataclass(slots=True)
class Evidence:
    """All that a run left behind."""

    ops: list[Op]
    rows: list[Event]
    screens: list[Screen]

    @property
    def is_of_one_moment(self) -> bool:
        """Whether every screen goes as far as the record, and no further."""
        heads = {(row.visit, row.channel): row.seq for row in sorted(self.rows, key=_seq)}
        return all(
            screen.last(channel) == heads.get((screen.visit, channel), 0)
            for screen in self.screens
            for channel in screen.channels
        )


def _seq(row: Event) -> int:
    return row.seq
