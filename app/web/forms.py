"""The base of every form: CSRF, trimmed text, and no text that cannot be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField, ValidationError

from app.web.text import clean, is_storable, marked
from app.web.zones import ZONES

if TYPE_CHECKING:
    from collections.abc import Callable


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A form whose text fields arrive trimmed and storable."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types
        """How fields of our forms are bound."""

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Field:  # noqa: ANN401  (WTForms' own)
            """Give text fields their filter and their check."""
            if issubclass(unbound.field_class, (StringField, TextAreaField)):
                options["filters"] = [*unbound.kwargs.get("filters", ()), _trimmed]
                options["validators"] = [*unbound.kwargs.get("validators", ()), storable]
            bound: Field = super().bind_field(form, unbound, options)
            return bound


def _trimmed(value: str | None) -> str | None:
    return clean(value) if isinstance(value, str) else value


def storable(_form: object, field: Field) -> None:
    """Refuse control characters, and mark where they stood. Raises ValidationError."""
    if isinstance(field.data, str) and not is_storable(field.data):
        field.data = marked(field.data)
        message = "This text holds a character that cannot be kept. It is marked with �."
        raise ValidationError(message)


def known_zone(_form: object, field: Field) -> None:
    """Refuse a zone that is not in the time zone database. Raises ValidationError."""
    if field.data not in ZONES:
        message = "Choose a time zone such as Europe/Berlin."
        raise ValidationError(message)


def one_of(known: Callable[[], Any]) -> Callable[[object, Field], None]:
    """Return a validator that refuses a value outside `known()`."""

    def check(_form: object, field: Field) -> None:
        if field.data not in known():
            message = "Choose one of the list."
            raise ValidationError(message)

    return check
