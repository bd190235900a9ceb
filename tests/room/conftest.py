"""A room with everybody in it, and time that a test can move."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from app.kernel import clock
from app.room import presence_watch
from app.room.tabs import tabs
from tests.cast import Clinic, Figure
from tests.room.verify import Room
from tests.sockets import Socket


class Time:
    """The clock on the wall and the one that measures spans, moved together."""

    def __init__(self, traveller: time_machine.Traveller, measured: Callable[[], float]) -> None:
        self._traveller = traveller
        self._measured = measured
        self._moved = 0.0

    def measure(self) -> float:
        return self._measured() + self._moved

    def goes_by(self, seconds: float) -> None:
        """Let time pass, and the watch for silence look as it does every few seconds."""
        self._traveller.shift(seconds)
        self._moved += seconds
        presence_watch.lose_the_silent()
        presence_watch.save_signs_of_life()
        presence_watch.lose_the_forgotten()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """Time that passes as a test says."""
    with time_machine.travel(clock.now(), tick=True) as traveller:
        moved = Time(traveller, tabs.now)
        monkeypatch.setattr(tabs, "now", moved.measure)
        yield moved


@pytest.fixture
def room(clinic: Clinic, socket: Callable[..., Socket]) -> Room:
    """Ada's visit with Mara, Theo and Ada in it."""
    return Room(clinic, socket)


@pytest.fixture
def tab(socket: Callable[..., Socket]) -> Callable[[Figure], Socket]:
    """Open one more tab for somebody, not yet in any room."""
    return socket
