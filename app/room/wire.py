"""How the room's things look on the wire (docs/protocol.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.kernel.clock import rfc3339

if TYPE_CHECKING:
    from sqlalchemy import Row

    from app.room.folds import Entry
    from app.room.models import Mark, Participant


def event(
    visit_id: str, entry: Entry, role: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return the server's `event`; `body` where the caller has it made already."""
    return {
        "visit": visit_id,
        "channel": entry.channel,
        "seq": entry.seq,
        "key": entry.key,
        "kind": entry.event.kind,
        "v": entry.event.v,
        "by": {"participant": entry.by, "role": role},
        "at": rfc3339(entry.at),
        "body": entry.event.body() if body is None else body,
    }


def receipt(visit_id: str, mark: Mark) -> dict[str, Any]:
    """Return the server's `receipt`."""
    return {
        "visit": visit_id,
        "channel": mark.channel,
        "participant": mark.participant_id,
        "delivered": mark.delivered,
        "read": mark.read,
    }


def presence(participant: Participant | Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Return what others learn of somebody's being there."""
    since, seen = participant.since, participant.last_seen_at
    return {
        "participant": participant.id,
        "state": participant.state,
        "since": rfc3339(since) if since else None,
        "last_seen": rfc3339(seen) if seen else None,
    }
