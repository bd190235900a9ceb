"""The pages of the readiness check and the requests they make."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from app.accounts.policy import gives_or_receives_care, is_clinician, is_therapist
from app.audit.actions import record
from app.kernel import clock
from app.kernel.actor import Role
from app.kernel.clock import rfc3339
from app.kernel.db import transaction
from app.kernel.errors import BadRequest, NotFound, TooOften
from app.kernel.limits import Limit
from app.readiness import actions, forms, pages, queries
from app.readiness.questions import Wrong
from app.readiness.words import dialable
from app.scheduling.models import VisitKind
from app.scheduling.queries import visit_of
from app.web.doors import answers_json, permits
from app.web.errors import wants_json
from app.web.identity import current_actor
from app.web.payload import Payload
from app.web.text import is_storable
from app.web.zones import show_clock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from app.kernel.actor import Actor
    from app.readiness.pages import Page
    from app.scheduling.models import Visit

readiness = Blueprint("readiness", __name__)

readiness.add_app_template_filter(dialable)

#: The most that the network test sends or fetches at once.
LARGEST_PROBE = 512 * 1024
_probes = Limit(rate=5, burst=60)
#: A board that stays open is read every few seconds; one line in ten minutes says so.
_board_lines = Limit(rate=1 / 600, burst=1)


@readiness.get("/visits/<id:visit>/readiness")
@permits(gives_or_receives_care)
def show(visit: str) -> ResponseReturnValue:
    """Show the check: to the patient the questions, to clinicians the board."""
    found = _dosing_visit(visit)
    _record_reading(found)
    return _whole_page(found)


@readiness.get("/visits/<id:visit>/readiness/board")
@permits(gives_or_receives_care)
@answers_json
def board(visit: str) -> ResponseReturnValue:
    """Return the markup that a page shows anew by itself: the board, or where a patient stands."""
    found = _dosing_visit(visit)
    actor = current_actor()
    if actor.role is Role.PATIENT:
        page = pages.patient_page(found, actor=actor, now=clock.now())
        return {"ok": True, "html": render_template("readiness/verdict.html", page=page)}
    try:
        _board_lines.spend(f"{actor.person_id}:{visit}")
    except TooOften:
        pass
    else:
        _record_reading(found)
    page = _board(found)
    html = render_template("readiness/board.html", page=page, only_mine=_only_mine())
    return {"ok": True, "html": html, "print": page.print}


@readiness.post("/visits/<id:visit>/readiness/answers")
@permits(gives_or_receives_care)
def answer(visit: str) -> ResponseReturnValue:
    """Keep one answer, from a form or as JSON."""
    actor = current_actor()
    found = _dosing_visit(visit)
    item = ""
    try:
        sent = _answer_sent(found, actor)
        item = sent.item
        with transaction():
            kept = actions.answer_item(
                visit_of(actor, visit), item=item, value=sent.value, by=actor, key=sent.key
            )
    except BadRequest as refused:
        if wants_json():
            raise
        return _refused(found, refused, item or request.form.get("item", "")), 400
    if wants_json():
        return _saved(found, item=item, saved_at=kept.at)
    flash(f"Saved {show_clock(kept.at).striptags()}.", "ok")
    return redirect(url_for("readiness.show", visit=visit, _anchor=f"item-{item}"))


@readiness.post("/visits/<id:visit>/readiness/clear-item")
@permits(is_clinician)
def clear_item(visit: str) -> ResponseReturnValue:
    """Clear the answer in force of one item, with a reason."""
    actor = current_actor()
    found = _dosing_visit(visit)
    sent = _sent()
    try:
        what = forms.to_clear(sent)
        with transaction():
            kept = actions.clear_item(visit_of(actor, visit), what=what, by=actor)
    except BadRequest as refused:
        if wants_json():
            raise
        return _refused(found, refused, str(sent.get("item", ""))), 400
    if wants_json():
        return _saved(found, item=what.item, saved_at=kept.at)
    flash("Cleared, with your reason.", "ok")
    return redirect(url_for("readiness.show", visit=visit, _anchor=f"item-{what.item}"))


@readiness.post("/visits/<id:visit>/readiness/clear")
@permits(is_therapist)
def clear_check(visit: str) -> ResponseReturnValue:
    """Clear the whole check for dosing, as the therapist saw it."""
    actor = current_actor()
    found = _dosing_visit(visit)
    seen = forms.change_seen(_sent())
    with transaction():
        kept = actions.clear_check(visit_of(actor, visit), by=actor, seen=seen)
    if wants_json():
        return _saved(found, item=None, saved_at=kept.at)
    flash("The check is cleared for dosing.", "ok")
    return redirect(url_for("readiness.show", visit=visit))


@readiness.route("/visits/<id:visit>/readiness/round-trip", methods=["GET", "POST"])
@permits(gives_or_receives_care)
@answers_json
def round_trip(visit: str) -> ResponseReturnValue:
    """Take any bytes and say how many, or give `bytes` of them: what the network test measures."""
    actor = current_actor()
    visit_of(actor, visit)
    _probes.spend(actor.person_id)
    if request.method == "GET" and "bytes" in request.args:
        size = _probe_size()  # at random, so that nothing on the way packs it smaller
        return Response(secrets.token_urlsafe(size)[:size], mimetype="text/plain")
    return {"ok": True, "now": rfc3339(clock.now()), "bytes": len(request.get_data())}


def _dosing_visit(visit_id: str) -> Visit:
    """Return the visit. Raises NotFound when it has no check, or not for this person."""
    found = visit_of(current_actor(), visit_id)
    if found.kind != VisitKind.DOSING:
        raise NotFound
    return found


def _record_reading(visit: Visit) -> None:
    with transaction():
        record("readiness.read", by=current_actor(), about="visit", about_id=visit.id)


def _only_mine() -> bool:
    return request.args.get("show") == "mine"


def _board(visit: Visit, wrong: Wrong | None = None) -> Page:
    only_mine = _only_mine() and wrong is None
    now = clock.now()
    return pages.board(visit, actor=current_actor(), now=now, only_mine=only_mine, wrong=wrong)


def _whole_page(visit: Visit, wrong: Wrong | None = None) -> str:
    actor = current_actor()
    if actor.role is Role.PATIENT:
        page = pages.patient_page(visit, actor=actor, now=clock.now(), wrong=wrong)
        return render_template("readiness/show.html", page=page)
    page = _board(visit, wrong)
    return render_template("readiness/show_board.html", page=page, only_mine=_only_mine())


def _answer_sent(visit: Visit, actor: Actor) -> forms.AnswerSent:
    template = queries.template_of(visit)
    if request.is_json:
        return forms.answer_from_json(request.get_json(), template, actor.zone)
    return forms.answer_from_form(request.form, template, actor.zone)


def _sent() -> Mapping[str, Any]:
    if request.is_json:
        data = request.get_json()
        Payload(data)  # refuses what is no object
        sent: dict[str, Any] = data
        return sent
    return request.form


def _refused(visit: Visit, refused: BadRequest, item: str) -> str:
    """Return the page again, with what was typed and what is wrong beside it."""
    typed: dict[str, object] = {
        name.removeprefix(forms.PREFIX): "".join(filter(is_storable, text))
        for name, text in request.form.items()
    }
    wrong = Wrong(item=item, value=typed, part=refused.field, message=refused.message)
    return _whole_page(visit, wrong)


def _probe_size() -> int:
    text = request.args["bytes"]
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:9]) <= LARGEST_PROBE:
        raise BadRequest(f"bytes must be a number from 1 to {LARGEST_PROBE}.", field="bytes")
    return int(text)


def _saved(visit: Visit, *, item: str | None, saved_at: datetime) -> ResponseReturnValue:
    """Return what a page needs to know after a change: the result, and its own pieces anew."""
    actor = current_actor()
    answer: dict[str, Any] = {
        "ok": True,
        "saved_at": rfc3339(saved_at),
        "saved": f"Saved {show_clock(saved_at).striptags()}",
    }
    if actor.role is not Role.PATIENT:
        return {**answer, "result": queries.summary(visit).result}
    page = pages.patient_page(visit, actor=actor, now=clock.now())
    pieces = {"verdict": render_template("readiness/verdict.html", page=page)}
    if item:
        question = page.question(item)
        pieces[f"outcome-{item}"] = render_template("readiness/outcome.html", question=question)
        answer["item"] = {"id": item, "tone": question.words.tone}
    return {**answer, "result": page.state.result, "done": page.done, "pieces": pieces}
