"""The room's page, and its two HTTP doors for browsers without sockets or without scripts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from app.audit.actions import record
from app.care.card import CARD_FIELDS
from app.care.queries import patient_of
from app.kernel import clock
from app.kernel.clock import rfc3339
from app.kernel.db import db, transaction
from app.kernel.device_keys import device_key
from app.kernel.errors import BadRequest, Refusal
from app.kernel.ids import new_id
from app.readiness.queries import summary
from app.room import actions, presence, queries
from app.room.commits import commits
from app.room.events import SIGNALS, parse
from app.room.phases import MOVES, NAMES
from app.room.policy import may_enter_rooms
from app.room.seating import seat_for
from app.room.seats import ROOM
from app.room.tabs import tabs
from app.scheduling.queries import visit_of
from app.web.doors import answers_json, permits
from app.web.errors import STATUS
from app.web.identity import current_actor
from app.web.payload import Payload

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.room.log import Appended
    from app.room.seats import Seat

room = Blueprint("room", __name__)

#: How much of a long conversation a page without scripts shows.
LINES_SHOWN = 200
LARGEST_PAGE = 500
_ENVELOPE = {"csrf_token", "key", "kind", "channel"}


@room.get("/visits/<id:visit>/room")
@permits(may_enter_rooms)
def show(visit: str) -> ResponseReturnValue:
    """Show the room, with the end of what was said or, without scripts, what stood `before`."""
    before = _number("before", 0, least=2) if "before" in request.args else None
    seat = seat_for(current_actor(), visit)
    with transaction():
        record("room.opened", by=seat.actor, about="visit", about_id=visit)
    return _page(seat, before=before)


@room.post("/visits/<id:visit>/events")
@permits(may_enter_rooms)
def post_event(visit: str) -> ResponseReturnValue:
    """Append one event, as the socket's `append` does: JSON for programs, a form for people."""
    seat = seat_for(current_actor(), visit)
    if request.is_json:
        done = _append(seat, Payload(request.get_json()))
        return {"ok": True, "seq": done.seq, "at": rfc3339(done.at), "repeat": done.repeat}
    try:
        _append(seat, _from_form())
    except Refusal as refusal:
        status = STATUS.get(type(refusal), 400)
        return _page(seat, error=refusal.message), status
    return redirect(url_for("room.show", visit=visit), code=303)


@room.get("/visits/<id:visit>/events")
@permits(may_enter_rooms)
@answers_json
def events(visit: str) -> ResponseReturnValue:
    """Return a channel's events after a number.

    A page that polls says `visible` (true or false): its asking is then the beat of somebody in
    the room, what it has (`after`) counts as delivered, and it may say what was `read`.
    """
    seat = seat_for(current_actor(), visit)
    channel = request.args.get("channel", ROOM)
    after, limit = _number("after", 0, least=0), _number("limit", LARGEST_PAGE, least=1)
    found = queries.page(seat, channel, after=after, limit=min(limit, LARGEST_PAGE))
    if "visible" in request.args:
        _hear(seat, visible=request.args["visible"] == "true")
        _mark(seat, channel, delivered=after, read=_number("read", 0, least=0))
    state = queries.state_of(seat).to_wire()
    return {
        "ok": True,
        **found,
        "people": queries.people(visit),
        "state": state,
        "receipts": queries.receipts(seat),
        "now": rfc3339(clock.now()),
    }


def _append(seat: Seat, payload: Payload) -> Appended:
    channel, key = payload.word("channel"), payload.key("key")
    event = parse(payload.word("kind"), payload.anything("body"))
    db.done()
    return commits.run(actions.Append(seat, channel, event, key))


def _from_form() -> Payload:
    fields: dict[str, Any] = request.form.to_dict()
    body = {name: value for name, value in fields.items() if name not in _ENVELOPE}
    if "seq" in body:
        body["seq"] = int(body["seq"]) if body["seq"].isdecimal() else None
    envelope = {name: value for name, value in fields.items() if name in _ENVELOPE}
    return Payload({"channel": ROOM, **envelope, "body": body})


def _hear(seat: Seat, *, visible: bool) -> None:
    one = tabs.hear(seat, f"http:{seat.actor.sign_in_id}", visible=visible)
    if one.shown != one.state:
        db.done()
        commits.run(partial(presence.show, seat, one.state))
        one.shown = one.state


def _mark(seat: Seat, channel: str, *, delivered: int, read: int) -> None:
    kept = queries.marks_of(seat).get(channel)
    if delivered > (kept.delivered if kept else 0) or read > (kept.read if kept else 0):
        db.done()
        commits.run(partial(actions.mark, seat, channel, delivered=delivered, read=read))


def _number(name: str, default: int, *, least: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or len(text) > 9 or int(text) < least:
        message = f"{name} must be a whole number from {least}."
        raise BadRequest(message, field=name)
    return int(text)


def _page(seat: Seat, *, error: str | None = None, before: int | None = None) -> str:
    actor = seat.actor
    visit = visit_of(actor, seat.visit_id)
    clinician = actor.role.is_clinician
    state = queries.state_of(seat)
    return render_template(
        "room/show.html",
        visit=visit,
        seat=seat,
        is_patient=not clinician,
        people=queries.people(visit.id),
        lines=queries.transcript(actor, visit, last=LINES_SHOWN, before=before),
        state=state.to_wire(),
        answered=queries.answer_after(seat, state.signal.seq) if state.signal else 0,
        phase_names=NAMES,
        phase_moves=MOVES,
        signals=SIGNALS,
        readiness=summary(visit, clock.now()) if clinician else None,
        card=patient_of(actor, visit.patient_id).card,
        card_fields=CARD_FIELDS,
        key=new_id(),
        device_key=_device_key(seat),
        now=clock.now(),
        error=error,
        typed=request.form.get("text", ""),
    )


def _device_key(seat: Seat) -> str:
    """Return the key for what this person wrote in this visit and has not sent yet."""
    secret = str(current_app.config["SECRET_KEY"])
    return device_key(secret, f"room:{seat.actor.person_id}:{seat.visit_id}")
