"""The room's socket events: each parses, takes a seat, and calls one action or query."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from app.kernel import clock
from app.kernel.clock import rfc3339
from app.kernel.errors import NotFound
from app.kernel.limits import Limit
from app.room import actions, log, presence, queries
from app.room.commits import commits
from app.room.entrance import entrance
from app.room.events import parse
from app.room.following import following
from app.room.policy import may_enter_rooms
from app.room.seating import seating
from app.room.tabs import tabs
from app.web import sockets
from app.web.event_door import Later, on

if TYPE_CHECKING:
    from app.room.log import Appended
    from app.web.callers import Caller
    from app.web.payload import Payload

    Answer = dict[str, Any]

LARGEST_PAGE = 500

_typing = Limit(rate=5, burst=10)


@on("enter", may_enter_rooms)
def enter(caller: Caller, payload: Payload) -> Answer:
    """Let somebody in: subscribe first, then show what there is, so that nothing falls between."""
    visit_id = payload.known_id("visit")
    after = payload.table("after")
    seat = seating.enter(caller, visit_id)
    one = tabs.hear(seat, caller.sid, visible=True)
    commits.run(partial(presence.show, seat, one.state))
    one.shown = one.state
    return {"ok": True, **entrance(seat, after, limit=LARGEST_PAGE)}


@on("append", may_enter_rooms)
def append(caller: Caller, payload: Payload) -> Later:
    """Add an event; answer once it is durable. What follows on the line need not wait for that."""
    seat = seating.of(caller, payload.known_id("visit"))
    channel, key = payload.word("channel"), payload.key("key")
    event = parse(payload.word("kind"), payload.anything("body"))
    return Later(partial(commits.submit, actions.Append(seat, channel, event, key)), _appended)


@on("catch_up", may_enter_rooms)
def catch_up(caller: Caller, payload: Payload) -> Answer:
    """Return a channel's events after a number."""
    seat = seating.of(caller, payload.known_id("visit"))
    channel, after = payload.word("channel"), payload.count("after", 0)
    limit = min(payload.count("limit", LARGEST_PAGE, least=1), LARGEST_PAGE)
    return {"ok": True, **queries.page(seat, channel, after=after, limit=limit)}


@on("mark", may_enter_rooms)
def mark(caller: Caller, payload: Payload) -> Answer:
    """Move the marks forward."""
    seat = seating.of(caller, payload.known_id("visit"))
    channel = payload.word("channel")
    delivered, read = payload.count("delivered", 0), payload.count("read", 0)
    commits.run(partial(actions.mark, seat, channel, delivered=delivered, read=read))
    return {"ok": True}


@on("beat", may_enter_rooms)
def beat(caller: Caller, payload: Payload) -> Answer:
    """Hear a sign of life; answer where the channels stand."""
    seat = seating.of(caller, payload.known_id("visit"))
    visible = payload.flag("visible")
    if seating.has_entered(caller, seat):
        one = tabs.hear(seat, caller.sid, visible=visible)
        if one.shown != one.state:
            commits.run(partial(presence.show, seat, one.state))
            one.shown = one.state
    heads = following.heads(seat) or log.heads(seat.visit_id)
    return {
        "ok": True,
        "now": rfc3339(clock.now()),
        "heads": {channel: heads[channel] for channel in seat.channels},
    }


@on("typing", may_enter_rooms)
def typing(caller: Caller, payload: Payload) -> None:
    """Pass on that somebody writes."""
    seat = seating.of(caller, payload.known_id("visit"))
    channel, is_on = payload.word("channel"), payload.flag("on")
    seat.require(channel)
    _typing.spend(seat.participant_id)
    news = {
        "visit": seat.visit_id,
        "channel": channel,
        "participant": seat.participant_id,
        "on": is_on,
    }
    sockets.push("typing", news, to=seat.group(channel), but=caller)


@on("rtc", may_enter_rooms)
def rtc(caller: Caller, payload: Payload) -> Answer:
    """Pass a WebRTC message to one participant of the same visit."""
    seat = seating.of(caller, payload.known_id("visit"))
    to = payload.known_id("to")
    if to not in queries.roles(seat.visit_id):
        raise NotFound
    data = payload.table("data")
    sockets.push("rtc", {"visit": seat.visit_id, "from": seat.participant_id, "data": data}, to=to)
    return {"ok": True}


@on("leave", may_enter_rooms)
def leave(caller: Caller, payload: Payload) -> Answer:
    """Let somebody out of the room, once their last tab leaves it."""
    seat = seating.of(caller, payload.known_id("visit"))
    seating.leave(caller, seat)
    if tabs.drop(seat.participant_id, caller.sid):
        tabs.forget(seat.participant_id)
        commits.run(partial(presence.leave, seat))
    return {"ok": True}


@on("watch", may_enter_rooms)
def watch(caller: Caller, payload: Payload) -> Answer:
    """Tell this page (`changed`) what changes about one visit, or about all of one's own."""
    wanted = payload.known_id("visit") if payload.anything("visit") is not None else None
    seating.watch(caller, wanted)
    return {"ok": True}


def _appended(done: Appended) -> Answer:
    return {"ok": True, "seq": done.seq, "at": rfc3339(done.at), "repeat": done.repeat}
