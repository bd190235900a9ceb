"""The open tabs of this process, by participant: who was heard of when, and whether they look."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.kernel import clock
from app.room.presence import AWAY, HERE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.room.seats import Seat

#: No beat for this long is silence (three beats of 5 s).
SILENCE_SECONDS = 15.0
#: A reload or a short cut of the line is no loss.
GRACE_SECONDS = 5.0


@dataclass(slots=True)
class Tab:
    """One open page (or a browser that polls)."""

    visible: bool
    beat_at: float


@dataclass(slots=True)
class Present:
    """One participant with their tabs in this process."""

    seat: Seat
    shown: str | None = None
    tabs: dict[str, Tab] = field(default_factory=dict)
    heard_at: float = 0.0
    seen_at: datetime | None = None
    gone_at: float | None = None
    unsaved: bool = False

    @property
    def state(self) -> str:
        """Here as long as one tab is looked at."""
        return HERE if any(tab.visible for tab in self.tabs.values()) else AWAY

    def is_silent(self, now: float) -> bool:
        """Tell whether this participant must count as lost."""
        if self.gone_at is not None:
            return now - self.gone_at > GRACE_SECONDS
        return now - self.heard_at > SILENCE_SECONDS


class Tabs:
    """All participants with a tab in this process, and those who had one a moment ago."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with nobody; `now` measures spans."""
        self.now = now
        self.present: dict[str, Present] = {}

    def hear(self, seat: Seat, tab: str, *, visible: bool) -> Present:
        """Note a sign of life from a tab."""
        now = self.now()
        one = self.present.setdefault(seat.participant_id, Present(seat))
        one.tabs[tab] = Tab(visible, now)
        one.heard_at, one.gone_at, one.unsaved = now, None, True
        one.seen_at = clock.now()
        return one

    def drop(self, participant_id: str, tab: str) -> bool:
        """Note that a tab is closed; return whether it was the last."""
        one = self.present.get(participant_id)
        if one is None or one.tabs.pop(tab, None) is None:
            return False
        if one.tabs:
            return False
        one.gone_at = self.now()
        return True

    def forget(self, participant_id: str) -> None:
        """Drop a participant who left or was lost."""
        self.present.pop(participant_id, None)

    def silent(self) -> list[Present]:
        """Return those who must count as lost."""
        now = self.now()
        return [one for one in self.present.values() if one.is_silent(now)]

    def prune(self) -> None:
        """Drop tabs that stopped beating beside one that still beats."""
        now = self.now()
        for one in self.present.values():
            stale = [k for k, tab in one.tabs.items() if now - tab.beat_at > SILENCE_SECONDS]
            for key in stale[: len(one.tabs) - 1]:
                del one.tabs[key]


tabs = Tabs()
