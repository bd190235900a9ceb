"""The doors of both layers of notes, each with a sentence that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from app.accounts.policy import gives_or_receives_care, is_clinician
from app.notes import doors
from app.notes.rules import Layer
from app.web.doors import answers_json, permits

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

notes = Blueprint("notes", __name__)


@notes.get("/visits/<id:visit>/notes")
@permits(gives_or_receives_care)
def show(visit: str) -> ResponseReturnValue:
    """Show the shared integration note beside what was said."""
    return doors.open_note(Layer.SHARED, visit)


@notes.post("/visits/<id:visit>/notes")
@permits(gives_or_receives_care)
def save(visit: str) -> ResponseReturnValue:
    """Save the shared note."""
    return doors.save(Layer.SHARED, visit)


@notes.get("/visits/<id:visit>/notes/latest")
@permits(gives_or_receives_care)
@answers_json
def latest(visit: str) -> ResponseReturnValue:
    """Tell the page's script how the shared note stands."""
    return doors.latest(Layer.SHARED, visit)


@notes.get("/visits/<id:visit>/notes/sign")
@permits(is_clinician)
def confirm(visit: str) -> ResponseReturnValue:
    """Ask before the shared note is signed."""
    return doors.confirm(Layer.SHARED, visit)


@notes.post("/visits/<id:visit>/notes/sign")
@permits(is_clinician)
def sign(visit: str) -> ResponseReturnValue:
    """Sign the shared note."""
    return doors.sign(Layer.SHARED, visit)


@notes.post("/visits/<id:visit>/notes/addenda")
@permits(gives_or_receives_care)
def addend(visit: str) -> ResponseReturnValue:
    """Add to the signed shared note."""
    return doors.addend(Layer.SHARED, visit)


@notes.get("/visits/<id:visit>/notes/private")
@permits(is_clinician)
def private(visit: str) -> ResponseReturnValue:
    """Show the clinician's own note beside what was said."""
    return doors.open_note(Layer.PRIVATE, visit)


@notes.post("/visits/<id:visit>/notes/private")
@permits(is_clinician)
def save_private(visit: str) -> ResponseReturnValue:
    """Save the clinician's own note."""
    return doors.save(Layer.PRIVATE, visit)


@notes.get("/visits/<id:visit>/notes/private/latest")
@permits(is_clinician)
@answers_json
def latest_private(visit: str) -> ResponseReturnValue:
    """Tell the page's script how the clinician's own note stands."""
    return doors.latest(Layer.PRIVATE, visit)


@notes.get("/visits/<id:visit>/notes/private/sign")
@permits(is_clinician)
def confirm_private(visit: str) -> ResponseReturnValue:
    """Ask before the clinician's own note is signed."""
    return doors.confirm(Layer.PRIVATE, visit)


@notes.post("/visits/<id:visit>/notes/private/sign")
@permits(is_clinician)
def sign_private(visit: str) -> ResponseReturnValue:
    """Sign the clinician's own note."""
    return doors.sign(Layer.PRIVATE, visit)


@notes.post("/visits/<id:visit>/notes/private/addenda")
@permits(is_clinician)
def addend_private(visit: str) -> ResponseReturnValue:
    """Add to the clinician's own signed note."""
    return doors.addend(Layer.PRIVATE, visit)
