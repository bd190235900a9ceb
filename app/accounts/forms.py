"""The sign-in form."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from app.accounts.passwords import MOST_LENGTH
from app.web.forms import Form


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        "Email address", validators=[InputRequired("Enter your email address."), Length(max=254)]
    )
    password = PasswordField(
        "Password", validators=[InputRequired("Enter your password."), Length(max=MOST_LENGTH)]
    )
    next = HiddenField()
