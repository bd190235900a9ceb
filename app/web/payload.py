"""Parsing at the socket's door: typed values, or a refusal that names the field."""

from __future__ import annotations

from typing import Any

from app.kernel.errors import BadRequest, NotFound
from app.kernel.ids import canonical_uuid, is_id

#: The largest number that every database and browser keeps exactly and a sequence can reach.
LARGEST = 2**31 - 1


class Payload:
    """What one event brought, read field by field."""

    def __init__(self, data: object) -> None:
        """Hold the data. Raises BadRequest when it is not an object."""
        if not isinstance(data, dict):
            message = "An event carries one object."
            raise BadRequest(message, field="payload")
        self._data: dict[str, Any] = data

    def known_id(self, field: str) -> str:
        """Return an id of ours. Raises NotFound for anything else, as for what does not exist."""
        value = self._data.get(field)
        if value is None:
            raise BadRequest(f"{field} is missing.", field=field)
        if not is_id(value):
            raise NotFound
        return str(value)

    def key(self, field: str) -> str:
        """Return a UUID that the client chose, in canonical form."""
        key = canonical_uuid(self._data.get(field))
        if key is None:
            raise BadRequest(f"{field} must be a UUID.", field=field)
        return key

    def word(self, field: str) -> str:
        """Return a short text without control characters, as names of kinds and channels are."""
        value = self._data.get(field)
        if not isinstance(value, str) or not 0 < len(value) <= 64 or not value.isprintable():
            raise BadRequest(f"{field} must be a word.", field=field)
        return value

    def count(self, field: str, default: int | None = None, least: int = 0) -> int:
        """Return a whole number from `least` up; `default` where the field is absent."""
        value = self._data.get(field)
        if value is None and default is not None:
            return default
        return whole(value, field, least)

    def flag(self, field: str) -> bool:
        """Return true or false."""
        value = self._data.get(field)
        if not isinstance(value, bool):
            raise BadRequest(f"{field} must be true or false.", field=field)
        return value

    def table(self, field: str) -> dict[str, Any]:
        """Return an object; an empty one where the field is absent."""
        value = self._data.get(field)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadRequest(f"{field} must be an object.", field=field)
        return value

    def anything(self, field: str) -> object:
        """Return the raw value, None where the field is absent."""
        return self._data.get(field)


def whole(value: object, field: str, least: int = 0) -> int:
    """Return `value` as a whole number from `least` to the largest. Raises BadRequest otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
        raise BadRequest(f"{field} must be a whole number from {least}.", field=field)
    return value
