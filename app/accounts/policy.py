"""Who may do what with accounts, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.kernel.actor import Role

if TYPE_CHECKING:
    from app.kernel.actor import Actor


def is_signed_in(_actor: Actor) -> bool:
    """Everyone with an account."""
    return True


def is_admin(actor: Actor) -> bool:
    """Those who look after accounts and care circles."""
    return actor.role is Role.ADMIN


def is_clinician(actor: Actor) -> bool:
    """Those who give care."""
    return actor.role.is_clinician


def is_therapist(actor: Actor) -> bool:
    """Those who guide visits."""
    return actor.role is Role.THERAPIST


def is_patient(actor: Actor) -> bool:
    """Those who receive care."""
    return actor.role is Role.PATIENT


def gives_or_receives_care(actor: Actor) -> bool:
    """Patients and clinicians: the people of visits."""
    return is_patient(actor) or is_clinician(actor)
