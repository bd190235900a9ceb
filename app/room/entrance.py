"""What somebody who enters is shown: few reads, whatever the length of the visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel import clock
from app.kernel.clock import rfc3339
from app.room import log, queries
from app.web.payload import whole

if TYPE_CHECKING:
    from app.room.folds import Entry
    from app.room.seats import Seat


def entrance(seat: Seat, after: dict[str, Any], *, limit: int) -> dict[str, Any]:
    """Return the answer to `enter`: who is there, where everything stands, and the first events.

    `after` says where the client stands in each channel; at most `limit` events are shown, oldest
    first within a channel. Raises BadRequest when it is no number.
    """
    starts = {channel: whole(after.get(channel, 0), "after") for channel in seat.channels}
    heads = log.heads(seat.visit_id)
    marks = queries.marks_of(seat)
    events, more = _first_events(seat, starts, heads, limit)
    return {
        "me": {"participant": seat.participant_id, "role": seat.role, "name": seat.actor.name},
        "people": queries.people(seat.visit_id),
        "state": queries.state_of(seat).to_wire(),
        "channels": {
            channel: {
                "head": heads[channel],
                "read": marks[channel].read if channel in marks else 0,
                "delivered": marks[channel].delivered if channel in marks else 0,
            }
            for channel in seat.channels
        },
        "receipts": queries.receipts(seat),
        "events": events,
        "more": more,
        "now": rfc3339(clock.now()),
    }


def _first_events(
    seat: Seat, starts: dict[str, int], heads: dict[str, int], limit: int
) -> tuple[list[dict[str, Any]], bool]:
    """Return the first events after the starts, and whether there are more up to the heads."""
    entries: list[Entry] = []
    more = False
    for channel, start in starts.items():
        missing = heads[channel] - start
        room = limit - len(entries)
        if missing > 0 and room > 0:
            entries += log.read(seat, channel, after=start, limit=min(missing, room))
        more = more or missing > room
    return queries.on_wire(seat, entries), more
