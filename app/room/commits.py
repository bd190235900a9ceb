"""The queue through which everything durable of the room goes: one sync acknowledges many."""

from __future__ import annotations

from app.kernel.group_commit import GroupCommit
from app.room.ledger import shared_page

commits = GroupCommit(around=shared_page)
