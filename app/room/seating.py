"""Which socket sits where: seats are held in memory and looked at again when access changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import NotFound, Refusal, Unauthenticated
from app.room import actions, presence, queries
from app.room.commits import commits
from app.room.following import following
from app.room.listeners import hints
from app.room.tabs import tabs
from app.scheduling.queries import coming_visits_of, visit_of
from app.web import sockets
from app.web.callers import callers

if TYPE_CHECKING:
    from app.kernel.actor import Actor
    from app.room.seats import Seat
    from app.web.callers import Caller


def seat_for(actor: Actor, visit_id: str) -> Seat:
    """Return the person's seat in a visit, given on the first asking.

    Raises NotFound when they may not know of the visit.
    """
    seat = queries.seat_of(actor, visit_id)
    if seat is None:
        db.done()
        seat = commits.run(partial(actions.take_seat, visit_id, by=actor))
    return seat


class Seating:
    """The seats of this process's sockets."""

    def __init__(self) -> None:
        """Begin with empty rooms."""
        self._seats: dict[str, dict[str, Seat]] = {}
        self._entered: dict[str, set[str]] = {}
        self._watched: dict[str, set[str]] = {}

    def forget(self) -> None:
        """Empty every room of this process, as when it starts."""
        self._seats.clear()
        self._entered.clear()
        self._watched.clear()
        following.forget()

    def size(self) -> dict[str, int]:
        """Return how much is held, by what."""
        return {
            "seated": len(self._seats),
            "entered": len(self._entered),
            "watching": len(self._watched),
        }

    def of(self, caller: Caller, visit_id: str) -> Seat:
        """Return the caller's seat in a visit. Raises NotFound when there is none for them."""
        held = self._seats.get(caller.sid, {}).get(visit_id)
        if held is not None:
            return held
        seat = seat_for(caller.actor, visit_id)
        callers.require_open(caller)
        self._seats.setdefault(caller.sid, {})[visit_id] = seat
        return seat

    def enter(self, caller: Caller, visit_id: str) -> Seat:
        """Subscribe the caller to what their seat hears.

        Raises Unauthenticated when the socket has gone meanwhile: nobody would ever end it.
        """
        seat = self.of(caller, visit_id)
        self._entered.setdefault(caller.sid, set()).add(visit_id)
        callers.join(caller, seat.groups)
        following.begin(caller.sid, seat)
        if not callers.has(caller):
            self.depart(caller)
            raise Unauthenticated
        return seat

    def has_entered(self, caller: Caller, seat: Seat) -> bool:
        """Tell whether this socket is in the room (and not only asks about it)."""
        return seat.visit_id in self._entered.get(caller.sid, ())

    def leave(self, caller: Caller, seat: Seat) -> None:
        """Unsubscribe the caller from a room."""
        self._entered.get(caller.sid, set()).discard(seat.visit_id)
        following.end(caller.sid, seat.visit_id)
        callers.part(caller, seat.groups)

    def watch(self, caller: Caller, visit_id: str | None) -> None:
        """Give the caller hints about one visit, or about all that they may see."""
        if visit_id is not None:
            visits = [visit_of(caller.actor, visit_id).id]
        else:
            visits = [v.id for v in coming_visits_of(caller.actor, after=clock.now())]
        callers.require_open(caller)
        self._watched.setdefault(caller.sid, set()).update(visits)
        callers.join(caller, [hints(each) for each in visits])

    def depart(self, caller: Caller) -> None:
        """Note that a socket has gone; its participant counts as lost only after a while."""
        self._watched.pop(caller.sid, None)
        for visit_id in self._entered.pop(caller.sid, ()):
            following.end(caller.sid, visit_id)
        for seat in self._seats.pop(caller.sid, {}).values():
            tabs.drop(seat.participant_id, caller.sid)

    def look_again(self, caller: Caller, actor: Actor | None) -> None:
        """Close what this caller may no longer be in. None: their sign-in has ended."""
        for seat in list(self._seats.get(caller.sid, {}).values()):
            why = _why_not(actor, seat.visit_id)
            if why is not None:
                self._close(caller, seat, why)
        for visit_id in list(self._watched.get(caller.sid, ())):
            if _why_not(actor, visit_id) is not None:
                self._watched[caller.sid].discard(visit_id)
                callers.part(caller, [hints(visit_id)])

    def _close(self, caller: Caller, seat: Seat, why: Refusal) -> None:
        del self._seats[caller.sid][seat.visit_id]
        self.leave(caller, seat)
        closed = {"visit": seat.visit_id, "code": why.code, "message": why.message}
        sockets.push("closed", closed, to=caller.sid)
        if tabs.drop(seat.participant_id, caller.sid):
            tabs.forget(seat.participant_id)
            commits.run(partial(presence.leave, seat))


def _why_not(actor: Actor | None, visit_id: str) -> Refusal | None:
    if actor is None:
        return Unauthenticated()
    try:
        visit_of(actor, visit_id)
    except NotFound:
        return NotFound("You are no longer part of this visit.")
    return None


seating = Seating()
sockets.departures.append(seating.depart)
sockets.second_looks.append(seating.look_again)
