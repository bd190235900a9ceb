"""The people of the tests, and how they come on stage: through the real actions, in one go.

Mara treats Ada and Ben; Theo prescribes for Ada; Noor treats Cleo, Ivo prescribes for her, and
both are strangers to the others; Ines looks after accounts.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher

from app.accounts.actions import NewPerson, add_person
from app.accounts.models import Person
from app.care.actions import begin_care, join_circle, update_card
from app.care.models import Patient
from app.cli.demonstration import CARD
from app.kernel import clock
from app.kernel.actor import OPERATOR, Actor, Role
from app.kernel.db import db, transaction
from app.room.actions import take_seat
from app.room.seats import Seat
from app.scheduling.actions import plan_visit
from app.scheduling.models import Visit, VisitKind

# As weak as Argon2 allows: these passwords are public, and every test signs somebody in.
_hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass(frozen=True)
class Figure:
    """One named person."""

    name: str
    role: Role
    zone: str

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@hearthside.example"

    @property
    def password(self) -> str:
        return f"{self.name.split()[0].lower()}-by-the-fireside"


MARA: Final = Figure("Mara Ellis", Role.THERAPIST, "Europe/Berlin")
THEO: Final = Figure("Theo Okafor", Role.PRESCRIBER, "Europe/London")
ADA: Final = Figure("Ada Brandt", Role.PATIENT, "America/New_York")
BEN: Final = Figure("Ben Castillo", Role.PATIENT, "America/Los_Angeles")
NOOR: Final = Figure("Noor Haddad", Role.THERAPIST, "Europe/Berlin")
CLEO: Final = Figure("Cleo Petit", Role.PATIENT, "Europe/Paris")
IVO: Final = Figure("Ivo Lindqvist", Role.PRESCRIBER, "Europe/Stockholm")
INES: Final = Figure("Ines Moreau", Role.ADMIN, "UTC")
EVERYBODY: Final = (MARA, THEO, ADA, BEN, NOOR, CLEO, IVO, INES)
CIRCLES: Final = {ADA: (MARA, THEO), BEN: (MARA,), CLEO: (NOOR, IVO)}
_HASHES: Final = {figure: _hasher.hash(figure.password) for figure in EVERYBODY}


@dataclass
class Clinic:
    """Everybody on stage. Ada's dosing visit with Mara begins in 30 minutes."""

    people: dict[Figure, Person] = field(default_factory=dict)
    patients: dict[Figure, Patient] = field(default_factory=dict)
    visit: Visit = field(init=False)
    cleos_visit: Visit = field(init=False)

    def id(self, figure: Figure) -> str:
        """The person's id."""
        return self.people[figure].id

    def actor(self, figure: Figure) -> Actor:
        """The person as the one who acts."""
        return self.people[figure].as_actor()

    def seat(self, figure: Figure, visit: Visit | None = None) -> Seat:
        """The person's seat in a visit (Ada's by default), taken if it never was."""
        with transaction():
            seat = take_seat((visit or self.visit).id, by=self.actor(figure))
        db.done()
        return seat

    def plan(
        self, patient: Figure, *, therapist: Figure = MARA, starts_at: datetime | None = None
    ) -> Visit:
        """Plan a dosing visit, by default in 30 minutes."""
        with transaction():
            visit = self._plan(patient, therapist, starts_at)
        db.done()
        return visit

    def _plan(self, patient: Figure, therapist: Figure, starts_at: datetime | None = None) -> Visit:
        return plan_visit(
            self.patients[patient],
            kind=VisitKind.DOSING,
            starts_at=starts_at or clock.now() + timedelta(minutes=30),
            minutes=180,
            by=self.actor(therapist),
        )


def take_the_stage() -> Clinic:
    """Put everybody into the connected, migrated database."""
    clinic = Clinic()
    with transaction():
        for figure in EVERYBODY:
            clinic.people[figure] = add_person(_new(figure), by=OPERATOR)
        for figure, members in CIRCLES.items():
            clinic.patients[figure] = _settle(clinic, figure, members)
        clinic.visit = clinic._plan(ADA, MARA)  # noqa: SLF001  (inside the one transaction)
        clinic.cleos_visit = clinic._plan(CLEO, NOOR)  # noqa: SLF001  (as above)
    db.done()
    return clinic


def _new(figure: Figure) -> NewPerson:
    return NewPerson(figure.email, figure.name, figure.role, _HASHES[figure], figure.zone)


def _settle(clinic: Clinic, figure: Figure, members: tuple[Figure, ...]) -> Patient:
    patient = begin_care(clinic.people[figure], by=OPERATOR)
    for member in members:
        join_circle(patient, member=clinic.people[member], by=OPERATOR)
    return update_card(patient, card=CARD, by=OPERATOR)
