"""The only clock. Everything is UTC and aware, to the millisecond."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present time in UTC, cut to the millisecond that the log keeps."""
    seconds, millis = divmod(time.time_ns() // 1_000_000, 1000)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=millis * 1000)


def rfc3339(at: datetime) -> str:
    """Return an aware time as RFC 3339 in UTC with milliseconds, e.g. 2026-11-22T14:03:07.250Z."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"
