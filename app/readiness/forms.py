"""Reading what browsers send about a check: an answer, a clearance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from app.kernel.clock import rfc3339
from app.kernel.errors import BadRequest
from app.kernel.ids import canonical_uuid
from app.readiness.actions import ToClear
from app.web.payload import LARGEST, Payload
from app.web.zones import from_local

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.readiness.items import Item, Template

#: Parts of an answer come as form fields with this before their id.
PREFIX: Final = "value-"


@dataclass(frozen=True, slots=True)
class AnswerSent:
    """One answer as it came."""

    item: str
    value: dict[str, object]
    key: str | None


def answer_from_form(form: Mapping[str, str], template: Template, zone: str) -> AnswerSent:
    """Return the answer that a form posts. Raises BadRequest for an unknown item."""
    item = _item(template, form.get("item"))
    given: dict[str, object] = {
        name.removeprefix(PREFIX): text for name, text in form.items() if name.startswith(PREFIX)
    }
    return AnswerSent(item.id, _with_zone(item, given, zone), key=None)


def answer_from_json(data: object, template: Template, zone: str) -> AnswerSent:
    """Return the answer that a JSON body posts. Raises BadRequest."""
    payload = Payload(data)
    item = _item(template, payload.anything("item"))
    key = payload.key("key") if payload.anything("key") is not None else None
    return AnswerSent(item.id, _with_zone(item, payload.table("value"), zone), key)


def to_clear(data: Mapping[str, Any]) -> ToClear:
    """Return the clearance of an item that a form or a JSON body asks for. Raises BadRequest."""
    texts = {name: data.get(name, "") for name in ("item", "reason", "answer")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise BadRequest(f"{name} must be text.", field=name)
    seen = canonical_uuid(texts["answer"]) if texts["answer"] else None
    if texts["answer"] and seen is None:
        raise BadRequest("answer must be an id.", field="answer")
    return ToClear(item=texts["item"], reason=texts["reason"], answer_id=seen)


def change_seen(data: Mapping[str, Any]) -> int:
    """Return the number of the change up to which the check was seen. Raises BadRequest."""
    text = str(data.get("seen", ""))
    if not text.isascii() or not text.isdecimal() or len(text) > 10 or int(text) > LARGEST:
        raise BadRequest("seen must be a whole number from 0.", field="seen")
    return int(text)


def _item(template: Template, name: object) -> Item:
    item = template.items.get(name) if isinstance(name, str) else None
    if item is None:
        raise BadRequest("There is no such question.", field="item")
    return item


def _with_zone(item: Item, given: dict[str, Any], zone: str) -> dict[str, Any]:
    """Give wall-clock times, as a date field sends them, the reader's zone."""
    times = {part.id for part in item.parts if part.type == "time"}
    return {
        name: _aware(value, name, zone) if name in times else value for name, value in given.items()
    }


def _aware(value: object, field: str, zone: str) -> object:
    try:
        moment = datetime.fromisoformat(str(value))
        return value if moment.tzinfo else rfc3339(from_local(moment, zone))
    except (ValueError, OverflowError):
        if value in {"", None}:
            return value
        raise BadRequest("Choose a day and a time that exist.", field=field) from None
