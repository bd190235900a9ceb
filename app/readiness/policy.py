"""Who may do what with a check, in sentences. Whose check it is, is decided by looking it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.actor import Role

if TYPE_CHECKING:
    from app.kernel.actor import Actor
    from app.readiness.items import Item


def may_answer(actor: Actor, item: Item) -> bool:
    """Patients answer what is theirs or their device's; therapists what is theirs."""
    if actor.role is Role.PATIENT:
        return "patient" in item.by or "device" in item.by
    return actor.role is Role.THERAPIST and "therapist" in item.by
