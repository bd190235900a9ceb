"""Writing the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audit.models import AuditEntry
from app.kernel import clock
from app.kernel.db import db
from app.kernel.ids import new_id

if TYPE_CHECKING:
    from app.kernel.actor import Actor


def record(
    action: str, *, by: Actor, about: str, about_id: str | None = None, **facts: str | int | bool
) -> AuditEntry:
    """Write one line: `by` did `action` to the thing `about`/`about_id`.

    Facts are ids, numbers and words from our own lists; never anything a person wrote.
    """
    entry = AuditEntry(
        id=new_id(),
        at=clock.now(),
        actor_id=by.person_id,
        action=action,
        about=about,
        about_id=about_id,
        facts=facts,
    )
    db.session.add(entry)
    return entry
