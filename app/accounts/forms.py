"""Forms about one's own account: signing in, and the zone of one's times."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wtforms import EmailField, HiddenField, PasswordField, SelectField
from wtforms.validators import InputRequired, Length

from app.accounts.passwords import MOST_LENGTH
from app.web.forms import Form, known_zone
from app.web.zones import ZONES

if TYPE_CHECKING:
    from datetime import datetime

#: The places people live in; the database holds old names and offsets besides.
_PLACES = tuple(
    f"{part}/"
    for part in (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
)


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        "Email address", validators=[InputRequired("Enter your email address."), Length(max=254)]
    )
    password = PasswordField(
        "Password", validators=[InputRequired("Enter your password."), Length(max=MOST_LENGTH)]
    )
    next = HiddenField()


class ZoneForm(Form):
    """The zone in which a person reads times."""

    zone = SelectField("Time zone", validators=[known_zone], validate_choice=False)

    def offer(self, now: datetime, present: str) -> None:
        """Let every place of the world be chosen, each with the time it is there now."""
        places = (name for name in ZONES if name.startswith(_PLACES))
        self.zone.choices = [
            (name, f"{name.replace('_', ' ')} (now {now.astimezone(ZoneInfo(name)):%H:%M})")
            for name in sorted({*places, "UTC", present})
        ]
