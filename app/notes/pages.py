"""What people are shown of notes: pages, and the short answers that the page's script reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import current_app, render_template, url_for

from app.kernel import clock
from app.kernel.clock import rfc3339
from app.notes.drafts import draft_key
from app.notes.forms import AddendumForm, NoteForm
from app.notes.policy import may_sign, may_write
from app.notes.queries import addenda_of, find_note
from app.notes.rules import AddendumKind, Layer, quotation
from app.room.queries import transcript
from app.web.zones import local

if TYPE_CHECKING:
    from datetime import datetime

    from app.kernel.actor import Actor
    from app.notes.errors import StaleSave, Superseded
    from app.notes.forms import SignForm
    from app.notes.models import Note
    from app.room.queries import Line
    from app.scheduling.models import Visit

_MESSAGE = "message.posted"
_LABELS: Final = {Layer.SHARED: "Integration note", Layer.PRIVATE: "Psychotherapy note"}
_HINTS: Final = {
    Layer.SHARED: "What stays with you? What helped? One small step for this week?",
    Layer.PRIVATE: "Your own thoughts on what was said. It is saved as you write.",
}
_KINDS: Final = {
    AddendumKind.ADDENDUM: "Addendum",
    AddendumKind.LATE_ENTRY: "Late entry",
    AddendumKind.CORRECTION: "Correction",
}


@dataclass(frozen=True, slots=True)
class Places:
    """The endpoints of a layer."""

    show: str
    save: str
    latest: str
    confirm: str
    sign: str
    addend: str


PLACES: Final = {
    Layer.SHARED: Places(
        "notes.show", "notes.save", "notes.latest", "notes.confirm", "notes.sign", "notes.addend"
    ),
    Layer.PRIVATE: Places(
        "notes.private",
        "notes.save_private",
        "notes.latest_private",
        "notes.confirm_private",
        "notes.sign_private",
        "notes.addend_private",
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the transcript, and how it stands in a note; empty when it cannot be quoted."""

    line: Line
    quoted: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed that was not taken, and why when no field can say it."""

    form: NoteForm | None = None
    addendum: AddendumForm | None = None
    problem: str = ""


def is_quotable(line: Line) -> bool:
    """Tell whether these are somebody's words, not taken back."""
    return line.kind == _MESSAGE and not line.withdrawn


def note_page(
    layer: Layer,
    visit: Visit,
    actor: Actor,
    typed: Typed | None = None,
) -> str:
    """Return the page of a note: the editor or the signed text, beside the transcript."""
    typed = typed or Typed()
    note = find_note(actor, visit, layer)
    draft = {"text": note.text if note else "", "base_version": note.version if note else 0}
    is_signed = note is not None and note.signed_at is not None
    return render_template(
        "notes/show.html" if layer is Layer.SHARED else "notes/private.html",
        visit=visit,
        layer=layer.value,
        with_name=_others_name(visit, actor),
        has_private=may_write(actor, Layer.PRIVATE),
        note=note,
        is_signed=is_signed,
        form=typed.form or NoteForm(formdata=None, data=draft),
        addenda=addenda_of(note) if note and is_signed else [],
        addition=typed.addendum or AddendumForm(formdata=None),
        problem=typed.problem,
        said=_said(actor, visit),
        saved=_when(note.saved_at) if note and note.saved_at else "",
        may_sign=may_sign(actor),
        places=PLACES[layer],
        label=_LABELS[layer],
        hint=_HINTS[layer],
        kinds=_KINDS,
        settings=_settings(layer, visit, note, actor),
    )


def conflict_page(layer: Layer, visit: Visit, *, form: NoteForm, mine: str, late: StaleSave) -> str:
    """Return the page with both texts, whose form saves what the person makes of them."""
    merged = NoteForm(formdata=None, data={"text": mine, "base_version": late.standing.version})
    merged.then.data = form.then.data
    return render_template(
        "notes/conflict.html",
        visit=visit,
        form=merged,
        mine=mine,
        theirs=late.standing,
        saved=_when(late.standing.at),
        layer=layer,
        places=PLACES[layer],
    )


def confirm_page(
    layer: Layer, visit: Visit, note: Note, *, form: SignForm, changed: bool = False
) -> str:
    """Return the page that shows what would be signed; `changed`: not what was shown before."""
    form.version.data = note.version
    return render_template(
        "notes/confirm.html",
        visit=visit,
        note=note,
        form=form,
        changed=changed,
        saved=_when(note.saved_at),
        layer=layer,
        places=PLACES[layer],
    )


def standing(note: Note | None, actor: Actor) -> dict[str, Any]:
    """Return which version stands, since when and by whom, as told to this reader."""
    at = note.saved_at if note else None
    return {
        "ok": True,
        "reader": actor.person_id,
        "version": note.version if note else 0,
        "at": rfc3339(at) if at else None,
        "saved": _when(at),
        "who": note.saved_by.name if note and note.saved_by else "",
        "signed": note is not None and note.signed_at is not None,
    }


def refused(late: Superseded, actor: Actor) -> dict[str, Any]:
    """Return the answer to a save that came too late, with the text that stands."""
    return {
        "ok": False,
        "code": late.code,
        "message": late.message,
        "reader": actor.person_id,
        "theirs": late.standing.text,
        "version": late.standing.version,
        "who": late.standing.who,
        "saved": _when(late.standing.at),
        "signed": late.signed,
    }


def _said(actor: Actor, visit: Visit) -> list[Said]:
    return [
        Said(
            line,
            quotation(line.text, who=line.who, at=local(line.at)) if is_quotable(line) else "",
        )
        for line in transcript(actor, visit)
    ]


def _when(at: datetime | None) -> str:
    """Return a time in the reader's zone; with its day when that is not today."""
    if at is None:
        return ""
    here = local(at)
    form = "%H:%M %Z" if here.date() == local(clock.now()).date() else "%a %d %b %Y, %H:%M %Z"
    return f"{here:{form}}"


def _others_name(visit: Visit, actor: Actor) -> str:
    return visit.therapist.name if actor.person_id == visit.patient_id else visit.patient.name


def _settings(layer: Layer, visit: Visit, note: Note | None, actor: Actor) -> dict[str, str]:
    """Return what the page's script is told, as data attributes."""
    secret = str(current_app.config["SECRET_KEY"])
    places = PLACES[layer]
    key = draft_key(secret, person_id=actor.person_id, visit_id=visit.id, layer=layer)
    return {
        "latest": url_for(places.latest, visit=visit.id),
        "confirm": url_for(places.confirm, visit=visit.id),
        "sign-in": url_for("accounts.sign_in", next=url_for(places.show, visit=visit.id)),
        "reader": actor.person_id,
        "zone": actor.zone,
        "visit": visit.id,
        "layer": layer.value,
        "draft-key": key,
        "stored": note.text if note else "",
    }
