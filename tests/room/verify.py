"""Runs anything that happens in a room and asserts what must hold of its log whatever it was.

What was there stays as it was; the state before, folded with the new events, is the state folded
from nothing; catch-up from any cursor is the rest of the replay; everybody hears, live, exactly
the channels that they belong to, and strangers hear nothing.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from app.kernel.db import db
from app.kernel.errors import NotFound
from app.room import log, queries
from app.room.folds import Entry, RoomState, fold
from app.room.seats import CHANNELS, ROOM, Seat
from tests.cast import ADA, CLEO, MARA, NOOR, THEO, Clinic, Figure
from tests.sockets import Socket

MEMBERS = (MARA, THEO, ADA)
STRANGERS = (NOOR, CLEO)
#: Who belongs where, written down here again, so that a slip in the program's table shows.
HEARS = {MARA: set(CHANNELS), THEO: set(CHANNELS), ADA: {ROOM}}

Replay = dict[str, list[Entry]]


class Room:
    """Ada's visit with everybody in it, and strangers who listen in a room of their own."""

    def __init__(self, clinic: Clinic, open_socket: Callable[[Figure], Socket]) -> None:
        self.clinic = clinic
        self.visit = clinic.visit.id
        self.sockets = {figure: open_socket(figure) for figure in (*MEMBERS, *STRANGERS)}
        self.seats: dict[Figure, Seat] = {figure: clinic.seat(figure) for figure in MEMBERS}
        for figure in STRANGERS:
            assert self.sockets[figure].enter(clinic.cleos_visit.id)["ok"]
        for figure in MEMBERS:
            assert self.sockets[figure].enter(self.visit)["ok"]
        self._listening = set(MEMBERS)
        self._heard_from = {figure: self._heads() for figure in MEMBERS}

    def happens(self, act: Callable[[], Any]) -> list[Entry]:
        """Run it, verify the room, and return the new events of all channels."""
        before, state = self.replay(), self.state()
        act()
        after = self.replay()
        fresh = {channel: after[channel][len(before[channel]) :] for channel in CHANNELS}
        assert {c: after[c][: len(before[c])] for c in CHANNELS} == before
        assert fold(fresh[ROOM], state) == fold(after[ROOM]) == self.state()
        self._verify_numbers(after)
        self._verify_catch_up(after)
        self._verify_ears(after)
        return [entry for channel in CHANNELS for entry in fresh[channel]]

    def appends(self, figure: Figure, kind: str, body: Any, **envelope: Any) -> Any:
        """Append through the socket, verify the room, and return the acknowledgement."""
        answers: list[Any] = []
        socket = self.sockets[figure]
        self.happens(lambda: answers.append(socket.append(self.visit, kind, body, **envelope)))
        return answers[0]

    def leaves(self, figure: Figure) -> Any:
        """Have somebody leave, verify the room, and return the acknowledgement."""
        answers: list[Any] = []
        self._listening.discard(figure)
        leave = {"visit": self.visit}
        self.happens(lambda: answers.append(self.sockets[figure].send("leave", leave)))
        return answers[0]

    def replay(self) -> Replay:
        """All of the log, read by somebody who hears every channel."""
        found = {
            channel: log.read(self.seats[MARA], channel, limit=100_000) for channel in CHANNELS
        }
        db.done()
        return found

    def state(self) -> RoomState:
        """Where the visit stands, as the application says."""
        state = queries.state_of(self.seats[MARA])
        db.done()
        return state

    def participant(self, figure: Figure) -> str:
        """The id of somebody's place in the visit."""
        return self.seats[figure].participant_id

    def presence(self, figure: Figure) -> str:
        """What others are told of somebody's being there."""
        told = {one["participant"]: one["state"] for one in queries.people(self.visit)}
        db.done()
        return str(told[self.participant(figure)])

    def _heads(self) -> dict[str, int]:
        heads = log.heads(self.visit)
        db.done()
        return heads

    def _verify_numbers(self, replay: Replay) -> None:
        heads = self._heads()
        for channel in CHANNELS:
            assert [entry.seq for entry in replay[channel]] == [*range(1, heads[channel] + 1)]
        rows = db.session.scalar(
            text("SELECT count(*) FROM visit_events WHERE visit_id = :visit"),
            {"visit": self.visit},
        )
        db.done()
        assert rows == sum(heads.values())

    def _verify_catch_up(self, replay: Replay) -> None:
        for figure, seat in self.seats.items():
            for channel in CHANNELS:
                if channel not in HEARS[figure]:
                    with pytest.raises(NotFound):
                        queries.page(seat, channel, after=0, limit=500)
                    continue
                whole = queries.on_wire(seat, replay[channel])
                for cursor in range(len(whole) + 1):
                    page = queries.page(seat, channel, after=cursor, limit=500)
                    assert page == {
                        "events": whole[cursor:],
                        "head": len(whole),
                        "more": False,
                    }
        db.done()

    def _verify_ears(self, replay: Replay) -> None:
        for figure in MEMBERS:
            heard = self.sockets[figure].heard("event")
            if figure not in self._listening:
                continue
            assert {each["channel"] for each in heard} <= HEARS[figure]
            for channel in HEARS[figure]:
                start = self._heard_from[figure][channel]
                expected = queries.on_wire(self.seats[figure], replay[channel][start:])
                live = [each for each in heard if each["channel"] == channel]
                fresh = [each for each in live if each["seq"] > start]
                assert sorted(fresh, key=lambda each: each["seq"]) == expected
        for figure in STRANGERS:
            overheard = [
                each
                for name in ("event", "presence", "receipt", "typing", "rtc", "changed", "closed")
                for each in self.sockets[figure].heard(name)
                if each["visit"] == self.visit
            ]
            assert overheard == []
        db.done()
