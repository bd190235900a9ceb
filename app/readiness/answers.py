"""Reading an answer: raw input becomes a value that fits, or a refusal that names the part."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from app.kernel.clock import rfc3339
from app.kernel.errors import BadRequest
from app.web.text import clean, is_storable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.readiness.items import Item, Part

_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()/.\-]*")
#: A device's clock may run ahead of ours by this much.
_AHEAD: Final = timedelta(minutes=2)


def read(item: Item, raw: Mapping[str, object], *, now: datetime) -> dict[str, Any]:
    """Return the answer that `raw` gives to `item`. Raises BadRequest naming the part."""
    unknown = set(raw) - {part.id for part in item.parts}
    if unknown:
        raise BadRequest("This answer has a part that the question does not have.", field="value")
    value: dict[str, Any] = {
        part.id: _read_part(part, raw.get(part.id), now) for part in item.parts
    }
    for high, low in item.above:
        if value[high] <= value[low]:
            names = (item.part(high).label, item.part(low).label.lower())
            raise BadRequest("{} must be above the {}.".format(*names), field=high)
    return {part: given for part, given in value.items() if given is not None}


def _read_part(part: Part, given: object, now: datetime) -> object:
    if isinstance(given, str):
        given = clean(given)
        if not is_storable(given):
            message = "This text holds a character that cannot be kept."
            raise BadRequest(message, field=part.id)
    if given is None or given == "":
        if part.optional:
            return None
        raise BadRequest(_please(part), field=part.id)
    return _READERS[part.type](part, given, now)


def _please(part: Part) -> str:
    return "Please choose one." if part.type in {"choice", "scale"} else "Please fill this in."


def _choice(part: Part, given: object, _now: datetime) -> str:
    if not isinstance(given, str) or given not in part.options:
        raise BadRequest("Choose one of the answers.", field=part.id)
    return given


def _number(part: Part, given: object, _now: datetime) -> int | float:
    number = _as_number(given)
    if number is None or (not part.decimals and not number.is_integer()):
        kind = "number" if part.decimals else "whole number"
        raise BadRequest(f"Write a {kind}.", field=part.id)
    if not part.least <= number <= part.most:
        unit = f" {part.unit}" if part.unit else ""
        message = f"This must be between {part.least:g} and {part.most:g}{unit}. Please check it."
        raise BadRequest(message, field=part.id)
    return number if part.decimals else int(number)


def _as_number(given: object) -> float | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    if isinstance(given, str) and not re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?", given):
        return None
    try:
        number = float(given)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _text(part: Part, given: object, _now: datetime) -> str:
    if not isinstance(given, str):
        raise BadRequest("Write this as text.", field=part.id)
    if len(given) > part.most:
        raise BadRequest(f"This can have at most {part.most:g} characters.", field=part.id)
    return given


def _phone(part: Part, given: object, now: datetime) -> str:
    number = _text(part, given, now)
    if not _PHONE.fullmatch(number):
        raise BadRequest("Write a phone number, such as +1 555 010 0199.", field=part.id)
    return number


def _time(part: Part, given: object, now: datetime) -> str:
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadRequest("Choose a day and a time.", field=part.id) from None
    if moment.tzinfo is None:
        raise BadRequest("This time has no time zone.", field=part.id)
    if moment > now + _AHEAD:
        raise BadRequest("This time is still to come. Please check it.", field=part.id)
    if now - moment > timedelta(hours=part.most_hours_ago):
        raise BadRequest("This is too long ago. Please check the day.", field=part.id)
    return rfc3339(moment)


_READERS: Final[dict[str, Callable[[Part, Any, datetime], object]]] = {
    "choice": _choice,
    "number": _number,
    "scale": _number,
    "text": _text,
    "phone": _phone,
    "time": _time,
}
