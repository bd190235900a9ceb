"""Forms about patients: the contact card, and who is in the circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from app.care.card import CARD_FIELDS, NEEDED
from app.web.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.accounts.models import Person

_LONG = {"address", "entry_notes", "allergies", "medicines"}

#: Attributes of the controls, where a field asks for more than plain text.
CONTROLS: Final = {
    **{name: {"inputmode": "tel"} for name in ("sitter_phone", "contact_phone")},
    **{name: {"rows": 3} for name in _LONG},
}


class CardForm(Form):
    """The emergency contact card, field by field as `CARD_FIELDS` lists them."""

    def as_card(self) -> dict[str, str]:
        """Return what was typed."""
        return {name: self[name].data or "" for name in CARD_FIELDS}


for _name, (_label, _hint) in CARD_FIELDS.items():
    _checks = [DataRequired("Please fill this in.")] if _name in NEEDED else []
    _kind = TextAreaField if _name in _LONG else StringField
    setattr(
        CardForm,
        _name,
        _kind(
            _label,
            description=_hint,
            validators=[
                *_checks,
                Length(max=1000, message="Please keep this under 1000 characters."),
            ],
        ),
    )


class CircleForm(Form):
    """Adds a clinician to a circle."""

    member = SelectField(
        "Add a therapist or prescriber",
        validators=[InputRequired("Choose somebody.")],
        validate_choice=False,
    )

    def offer(self, people: Sequence[Person]) -> None:
        """Let these people be chosen."""
        self._offered = {each.id: f"{each.name}, {each.role}" for each in people}
        self.member.choices = list(self._offered.items())

    def validate_member(self, field: SelectField) -> None:
        """Refuse whoever is not offered."""
        if field.data not in self._offered:
            message = "Choose somebody of the list."
            raise ValidationError(message)
