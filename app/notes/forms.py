"""Forms about notes. Texts go through the same rule as everywhere, so that no door is wider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms import Field, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields import IntegerField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from app.kernel.errors import BadRequest
from app.notes.rules import KIND_NAMES, LONGEST_ADDENDUM, AddendumKind, canonical
from app.web.forms import Form
from app.web.payload import LARGEST

if TYPE_CHECKING:
    from collections.abc import Callable

_UNKNOWN = (
    "This page has lost which version it shows. Copy your text, reload the page and paste it."
)


def keepable(longest: int) -> Callable[[object, Field], None]:
    """Return a validator that refuses text which the notes would refuse."""

    def check(_form: object, field: Field) -> None:
        try:
            canonical(field.data or "", longest=longest)
        except BadRequest as wrong:
            raise ValidationError(wrong.message) from wrong

    return check


def _version() -> Any:  # noqa: ANN401  (WTForms' unbound field)
    return IntegerField(
        widget=HiddenInput(),
        validators=[InputRequired(_UNKNOWN), NumberRange(0, LARGEST, _UNKNOWN)],
    )


class NoteForm(Form):
    """The text, the version that it was written over, and what to do once it is saved.

    `quote` is the number of a line of the transcript, `then` is `sign`; both are buttons.
    """

    text = TextAreaField("Note", id="note-text", validators=[keepable(100_000)])
    base_version = _version()
    quote = IntegerField(validators=[Optional()])
    then = HiddenField()


class SignForm(Form):
    """The version that the signer has read."""

    version = _version()


class AddendumForm(Form):
    """Why something is added, and what."""

    kind = RadioField(
        "What is it?",
        id="addendum-kind",
        choices=[SelectChoice(kind.value, KIND_NAMES[kind]) for kind in AddendumKind],
        default=AddendumKind.ADDENDUM.value,
        validators=[InputRequired("Choose what it is.")],
    )
    text = TextAreaField(
        "Add to this note",
        id="addendum-text",
        validators=[DataRequired("Write what you want to add."), keepable(LONGEST_ADDENDUM)],
    )
