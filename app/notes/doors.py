"""What the doors of both layers do alike: read the input, open the transaction, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for

from app.kernel.db import transaction
from app.kernel.errors import BadRequest, NotFound, NotNow
from app.notes import actions, pages
from app.notes.errors import AlreadySigned, StaleSave, Superseded
from app.notes.forms import AddendumForm, NoteForm, SignForm
from app.notes.pages import Typed
from app.notes.queries import find_note
from app.notes.rules import AddendumKind, quotation, with_quotation
from app.room.queries import transcript
from app.scheduling.queries import visit_of
from app.web.identity import current_actor
from app.web.payload import Payload
from app.web.zones import local

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.kernel.actor import Actor
    from app.notes.models import Note
    from app.notes.rules import Layer


def open_note(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Show the note, and write down that it was opened."""
    actor = current_actor()
    with transaction():
        visit = visit_of(actor, visit_id)
        actions.record_reading(visit, layer, by=actor)
    return pages.note_page(layer, visit, actor)


def save(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Save what the form or the script sent; on a refusal keep the typed text on the page."""
    actor = current_actor()
    if request.is_json:
        return _autosave(layer, visit_id, actor)
    form = NoteForm()
    if not form.validate_on_submit():
        return pages.note_page(layer, visit_of(actor, visit_id), actor, Typed(form=form)), 400
    text = _quoting(form, visit_id, actor)
    try:
        _save(layer, visit_id, actor, text, form.base_version.data)
    except AlreadySigned as signed:
        return _signed_meanwhile(layer, visit_id, signed, AddendumForm(None, data={"text": text}))
    except StaleSave as late:
        visit = visit_of(actor, visit_id)
        return pages.conflict_page(layer, visit, form=form, mine=text, late=late), 409
    except BadRequest as wrong:  # a quotation made it too long
        form.text.errors = [wrong.message]
        return pages.note_page(layer, visit_of(actor, visit_id), actor, Typed(form=form)), 400
    then = pages.PLACES[layer].confirm if form.then.data == "sign" else pages.PLACES[layer].show
    return redirect(url_for(then, visit=visit_id))


def _autosave(layer: Layer, visit_id: str, actor: Actor) -> ResponseReturnValue:
    sent = Payload(request.get_json())
    try:
        note = _save(layer, visit_id, actor, sent.anything("text"), sent.count("base_version"))
    except Superseded as late:
        return pages.refused(late, actor), 409
    return pages.standing(note, actor)


def _save(layer: Layer, visit_id: str, actor: Actor, text: object, base_version: int) -> Note:
    with transaction():
        visit = visit_of(actor, visit_id)
        return actions.save_note(visit, layer, text=text, base_version=base_version, by=actor)


def _signed_meanwhile(
    layer: Layer, visit_id: str, signed: AlreadySigned, kept: AddendumForm | None
) -> ResponseReturnValue:
    """Show the signed note, and what was typed in the one form that still takes it."""
    actor = current_actor()
    visit = visit_of(actor, visit_id)
    return pages.note_page(layer, visit, actor, Typed(None, kept, signed.message)), 409


def _quoting(form: NoteForm, visit_id: str, actor: Actor) -> str:
    """Return the typed text, with the line of the transcript whose button was pressed."""
    text: str = form.text.data or ""
    if form.quote.data is None:
        return text
    for line in transcript(actor, visit_of(actor, visit_id)):
        if line.seq == form.quote.data and pages.is_quotable(line):
            return with_quotation(text, quotation(line.text, who=line.who, at=local(line.at)))
    return text


def latest(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Answer with the note as it stands; with its text only when it is not `version`."""
    actor = current_actor()
    visit = visit_of(actor, visit_id)
    note = find_note(actor, visit, layer)
    known = request.args.get("version", type=int)
    answer = pages.standing(note, actor)
    if note is None or note.version == known:
        return answer
    answer["text"] = note.text
    with transaction():
        actions.record_reading(visit_of(actor, visit_id), layer, by=actor)
    return answer


def confirm(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Show the whole text that a signature would freeze."""
    actor = current_actor()
    visit = visit_of(actor, visit_id)
    note = find_note(actor, visit, layer)
    if note is None or note.signed_at is not None or not note.text:
        is_signed = note is not None and note.signed_at is not None
        flash("This note is signed already." if is_signed else "Write something first.", "review")
        return redirect(url_for(pages.PLACES[layer].show, visit=visit_id))
    return pages.confirm_page(layer, visit, note, form=SignForm(formdata=None))


def sign(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Sign the version that the form names."""
    actor = current_actor()
    visit_of(actor, visit_id)
    form = SignForm()
    if not form.validate_on_submit():
        raise BadRequest(form.version.errors[0], field="version")
    try:
        with transaction():
            visit = visit_of(actor, visit_id)
            actions.sign_note(visit, layer, version=form.version.data, by=actor)
    except AlreadySigned as signed:
        return _signed_meanwhile(layer, visit_id, signed, None)
    except StaleSave:
        return _changed_meanwhile(layer, visit_id)
    flash("The note is signed. From now on it can only be added to.", "ok")
    return redirect(url_for(pages.PLACES[layer].show, visit=visit_id))


def _changed_meanwhile(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Ask again, with the text as it stands now."""
    actor = current_actor()
    visit = visit_of(actor, visit_id)
    note = find_note(actor, visit, layer)
    if note is None:
        raise NotFound
    return pages.confirm_page(layer, visit, note, form=SignForm(formdata=None), changed=True), 409


def addend(layer: Layer, visit_id: str) -> ResponseReturnValue:
    """Add to a signed note; on a refusal keep the typed text on the page."""
    actor = current_actor()
    form = AddendumForm()
    if not form.validate_on_submit():
        return pages.note_page(layer, visit_of(actor, visit_id), actor, Typed(addendum=form)), 400
    try:
        with transaction():
            actions.add_addendum(
                visit_of(actor, visit_id),
                layer,
                kind=AddendumKind(form.kind.data),
                text=form.text.data or "",
                by=actor,
            )
    except NotNow as early:
        visit = visit_of(actor, visit_id)
        return pages.note_page(layer, visit, actor, Typed(None, form, early.message)), 409
    flash("Your addition is part of the record now.", "ok")
    return redirect(url_for(pages.PLACES[layer].show, visit=visit_id))
