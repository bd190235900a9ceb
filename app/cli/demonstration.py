"""The demonstration clinic: a few named people and one visit in every state worth seeing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from app.accounts import passwords
from app.accounts.actions import NewPerson, add_person
from app.care.actions import begin_care, join_circle, update_card
from app.kernel import clock
from app.kernel.actor import OPERATOR, Role
from app.scheduling.actions import plan_visit
from app.scheduling.models import VisitKind

if TYPE_CHECKING:
    from app.accounts.models import Person
    from app.care.models import Patient

PASSWORD: Final = "by-the-fireside"  # noqa: S105  (it is printed for everybody to use)


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody of the demonstration clinic."""

    email: str
    name: str
    role: Role


MARA: Final = Figure("mara@hearthside.example", "Mara Ellis", Role.THERAPIST)
THEO: Final = Figure("theo@hearthside.example", "Theo Okafor", Role.PRESCRIBER)
ADA: Final = Figure("ada@hearthside.example", "Ada Brandt", Role.PATIENT)
BEN: Final = Figure("ben@hearthside.example", "Ben Castillo", Role.PATIENT)
INES: Final = Figure("ines@hearthside.example", "Ines Moreau", Role.ADMIN)
FIGURES: Final = (MARA, THEO, ADA, BEN, INES)

CARD: Final = {
    "address": "12 Orchard Lane, Apt 3, Portland, OR 97201, USA",
    "entry_notes": "Side door, code 4417. One old, friendly dog.",
    "emergency_number": "911 (dispatch line 503-555-0111)",
    "sitter_name": "Ruth Brandt",
    "sitter_phone": "+1 503 555 0147",
    "contact_name": "Samuel Brandt",
    "contact_phone": "+1 503 555 0190",
    "allergies": "None known",
    "medicines": "Sertraline 50 mg in the morning",
}


def load_clinic(zone: str = "America/Los_Angeles") -> None:
    """Load the clinic into an empty database, inside the caller's transaction."""
    hashed = passwords.hash_password(PASSWORD)
    people = {figure: _add(figure, hashed, zone) for figure in FIGURES}
    for figure, hours in ((ADA, 0.5), (BEN, 26)):
        patient = begin_care(people[figure], by=OPERATOR)
        settle(patient, people[MARA], people[THEO])
        starts_at = clock.now().replace(second=0, microsecond=0) + timedelta(hours=hours)
        plan_visit(
            patient,
            kind=VisitKind.DOSING,
            starts_at=starts_at,
            minutes=180,
            by=people[MARA].as_actor(),
        )


def settle(patient: Patient, *members: Person) -> None:
    """Give a patient their circle and their contact card."""
    for member in members:
        join_circle(patient, member=member, by=OPERATOR)
    update_card(patient, card=CARD, by=OPERATOR)


def _add(figure: Figure, hashed: str, zone: str) -> Person:
    new = NewPerson(figure.email, figure.name, figure.role, hashed, zone, demonstration=True)
    return add_person(new, by=OPERATOR)
