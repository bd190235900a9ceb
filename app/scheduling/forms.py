"""The form that plans a visit."""

from __future__ import annotations

from wtforms import DateTimeLocalField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.web.forms import Form


class VisitForm(Form):
    """Whom, when on the therapist's own clock, and for how long."""

    patient = SelectField("Patient", validators=[InputRequired("Choose a patient.")])
    starts_at = DateTimeLocalField(
        "Date and time", validators=[InputRequired("Enter the date and the time.")]
    )
    minutes = IntegerField(
        "Length in minutes",
        default=180,
        validators=[
            InputRequired("Enter how long the visit takes."),
            NumberRange(30, 480, "A visit takes between 30 and 480 minutes."),
        ],
    )
