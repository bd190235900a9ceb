"""Forms about patients: the contact card, and who is in the circle."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.care.card import CARD_FIELDS, NEEDED
from app.web.forms import Form

_LONG = {"address", "entry_notes", "allergies", "medicines"}


class CardForm(Form):
    """The emergency contact card, field by field as `CARD_FIELDS` lists them."""

    def as_card(self) -> dict[str, str]:
        """Return what was typed."""
        return {name: self[name].data or "" for name in CARD_FIELDS}


for _name, (_label, _hint) in CARD_FIELDS.items():
    _checks = [InputRequired("Please fill this in.")] if _name in NEEDED else []
    _kind = TextAreaField if _name in _LONG else StringField
    setattr(
        CardForm,
        _name,
        _kind(_label, description=_hint, validators=[*_checks, Length(max=1000)]),
    )


class CircleForm(Form):
    """Adds a clinician to a circle."""

    member = SelectField("Add a therapist or prescriber", validators=[InputRequired()])
