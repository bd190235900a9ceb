"""Who may do what with notes, in sentences. That the visit is theirs to know is asked before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.accounts.policy import gives_or_receives_care, is_clinician
from app.notes.rules import Layer

if TYPE_CHECKING:
    from app.kernel.actor import Actor


def may_write(actor: Actor, layer: Layer) -> bool:
    """Let the visit's people write the shared note, and clinicians one of their own."""
    return gives_or_receives_care(actor) if layer is Layer.SHARED else is_clinician(actor)


def may_sign(actor: Actor) -> bool:
    """Let clinicians sign; their own note is never in anybody else's hands."""
    return is_clinician(actor)
