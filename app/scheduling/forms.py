"""The form that plans a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import DateTimeLocalField, IntegerField, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from app.web.forms import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.care.models import Patient

LEAST_MINUTES, MOST_MINUTES = 30, 480


class _WallTime(DateTimeLocalField):
    """A date and time without a zone, refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field. Raises ValueError."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            message = "Enter a date and a time, such as 2026-11-22 14:00."
            raise ValueError(message) from None


class _Minutes(IntegerField):
    """A whole number of minutes, refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the field. Raises ValueError."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            message = f"Enter a whole number from {LEAST_MINUTES} to {MOST_MINUTES}."
            raise ValueError(message) from None


class VisitForm(Form):
    """Whom, when on the therapist's own clock, and for how long."""

    patient = SelectField(
        "Patient", validators=[InputRequired("Choose a patient.")], validate_choice=False
    )
    starts_at = _WallTime(
        "Date and time", validators=[InputRequired("Enter the date and the time.")]
    )
    minutes = _Minutes(
        "Length in minutes",
        default=180,
        validators=[
            InputRequired("Enter how long the visit takes."),
            NumberRange(
                LEAST_MINUTES,
                MOST_MINUTES,
                f"A visit takes between {LEAST_MINUTES} and {MOST_MINUTES} minutes.",
            ),
        ],
    )

    def offer(self, patients: Sequence[Patient]) -> None:
        """Let these patients be chosen; when there is a choice, none is chosen beforehand."""
        self._offered = {each.id: each.name for each in patients}
        first = [] if len(patients) == 1 else [("", "Choose a patient")]
        self.patient.choices = [*first, *self._offered.items()]

    def validate_patient(self, field: SelectField) -> None:
        """Refuse whoever is not offered, without saying whether they exist."""
        if field.data not in self._offered:
            message = "Choose one of your patients."
            raise ValidationError(message)

    def validate_starts_at(self, field: DateTimeLocalField) -> None:
        """Refuse a year that can only be a slip of the finger."""
        if field.data and not 2020 <= field.data.year <= 2100:
            message = "Check the year."
            raise ValidationError(message)
