"""The acting person, as a frozen fact that every action takes as `by`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the clinic. Rights follow from it and from the care circle."""

    PATIENT = "patient"
    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    ADMIN = "admin"
    OPERATOR = "operator"

    @property
    def is_clinician(self) -> bool:
        """Tell whether this role gives care."""
        return self in {Role.THERAPIST, Role.PRESCRIBER}


#: The roles an account can have; the operator acts from the command line and signs in nowhere.
ACCOUNT_ROLES = (Role.PATIENT, Role.THERAPIST, Role.PRESCRIBER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Actor:
    """One person, doing something, through one sign-in."""

    person_id: str
    name: str
    role: Role
    zone: str = "UTC"
    sign_in_id: str | None = None


OPERATOR = Actor(person_id="operator", name="Operator", role=Role.OPERATOR)
