"""The guarded door for socket events: one table, one check, one form of answer.

What Flask gives a request (sign-in, CSRF, errors) is given here instead, for every event alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from app.kernel.db import db
from app.kernel.errors import BadRequest, NotFound, TooLarge
from app.web import flood
from app.web.callers import callers
from app.web.errors import as_refusal, internal_answer, refusal_answer, report_incident
from app.web.payload import Payload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.kernel.actor import Actor
    from app.kernel.group_commit import Outcome
    from app.web.callers import Caller

    Answer = dict[str, Any] | None
    Handler = Callable[[Caller, Payload], "Answer | Later"]
    Reply = Callable[[Answer], None]

#: What gives back much at once counts as so many events.
_COSTS = {"enter": 5.0, "catch_up": 5.0}

#: Every event that a client may send, by name. An event that is not here is refused.
events: dict[str, tuple[Callable[[Actor], bool], Handler]] = {}


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that is not there yet: `start` begins the work, whose result becomes `shape`."""

    start: Callable[[Callable[[Outcome], None]], None]
    shape: Callable[[Any], dict[str, Any]]


def on(name: str, policy: Callable[[Actor], bool]) -> Callable[[Handler], Handler]:
    """Open the event `name` to the signed-in people for whom `policy` holds."""

    def register(handler: Handler) -> Handler:
        events[name] = (policy, handler)
        return handler

    return register


def answer(caller: Caller, name: str, arguments: Sequence[object], size: int, reply: Reply) -> None:
    """Have `reply` called once with the event's answer, at once or when it is there."""
    try:
        found = _handle(name, caller, arguments, size)
        if isinstance(found, Later):
            found.start(partial(_come_late, found, reply))
            return
    except Exception as error:  # noqa: BLE001  (nothing may reach the transport, which would log it)
        found = _refusal(error)
    finally:
        db.done()
    reply(found)


def _come_late(later: Later, reply: Reply, outcome: Outcome) -> None:
    try:
        found = later.shape(outcome.get())
    except Exception as error:  # noqa: BLE001  (as for an answer that is there at once)
        found = _refusal(error)
    reply(found)


def _refusal(error: Exception) -> dict[str, Any]:
    refusal = as_refusal(error)
    return refusal_answer(refusal) if refusal else internal_answer(report_incident(error))


def _handle(name: str, caller: Caller, arguments: Sequence[object], size: int) -> Answer | Later:
    """Let an event in: not too often, signed in, measured, known, permitted, parsed, handled."""
    flood.per_person.spend(caller.actor.person_id, _COSTS.get(name, 1.0))
    actor = callers.fresh(caller)
    if size > flood.LARGEST_EVENT:
        raise TooLarge
    known = events.get(name)
    if known is None:
        message = "There is no such event."
        raise BadRequest(message, field="event")
    policy, handler = known
    if not policy(actor):
        raise NotFound
    if len(arguments) != 1:
        message = "An event carries one object."
        raise BadRequest(message, field="payload")
    return handler(caller, Payload(arguments[0]))


def size_of(text: str) -> int:
    """Return how many bytes a text has on the line; only near the limit does it matter exactly."""
    size = len(text)
    return size if size <= flood.LARGEST_EVENT // 4 else len(text.encode("utf-8", "surrogatepass"))
