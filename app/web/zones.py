"""Times as people read them: in their own zone, with the zone's name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from markupsafe import Markup

from app.kernel.clock import rfc3339
from app.web.identity import actor_or_none

if TYPE_CHECKING:
    from flask import Flask

ZONES = frozenset(available_timezones())


def zone_of_reader() -> ZoneInfo:
    """Return the asking person's zone, UTC when nobody is signed in."""
    actor = actor_or_none()
    return ZoneInfo(actor.zone if actor else "UTC")


def local(moment: datetime) -> datetime:
    """Return an aware time in the reader's zone."""
    return moment.astimezone(zone_of_reader())


def from_local(wall: datetime, zone: str) -> datetime:
    """Return the aware time that a wall clock in `zone` shows as `wall` (naive).

    Raises ValueError when clocks jump over that time, so that nobody waits at a time that is not.
    """
    moment = wall.replace(tzinfo=ZoneInfo(zone))
    back = datetime.fromtimestamp(moment.timestamp(), tz=ZoneInfo(zone)).replace(tzinfo=None)
    if back != wall:
        message = "Clocks change on this day: this time does not exist."
        raise ValueError(message)
    return moment


def _time_tag(moment: datetime, form: str) -> Markup:
    here = local(moment)
    text = f"{here:{form}} {here:%Z}".lstrip("0")
    return Markup('<time datetime="{}">{}</time>').format(rfc3339(moment), text)


def show_at(moment: datetime) -> Markup:
    """Return day, date and time with the zone's name, e.g. `Sun 22 Nov 2026, 14:03 CET`."""
    return _time_tag(moment, "%a %d %b %Y, %H:%M")


def show_clock(moment: datetime) -> Markup:
    """Return the time of day with the zone's name, e.g. `14:03 CET`."""
    here = local(moment)
    return Markup('<time datetime="{}">{}</time>').format(rfc3339(moment), f"{here:%H:%M %Z}")


def install(app: Flask) -> None:
    """Offer the filters `at` and `clock` to templates."""
    app.jinja_env.filters["at"] = show_at
    app.jinja_env.filters["clock"] = show_clock
