"""Identifiers: 36-character UUID strings whose order is roughly the order of making."""

from __future__ import annotations

import re
import secrets
import time
import uuid

PATTERN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def new_id() -> str:
    """Return a fresh id (UUID version 7: time first, so that indexes grow at one end)."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def derived_id(base: str, name: str) -> str:
    """Return the one id that stands for `name` under `base`, the same on every machine."""
    return str(uuid.uuid5(uuid.UUID(base), name))


def is_id(value: object) -> bool:
    """Tell whether `value` has the form of one of our ids."""
    return isinstance(value, str) and PATTERN.match(value) is not None


def canonical_uuid(value: object) -> str | None:
    """Return any spelling of a UUID in its canonical form, or None when it is none."""
    if not isinstance(value, str) or len(value) > 45:
        return None
    lowered = value.lower()
    if PATTERN.match(lowered):
        return lowered
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return None
