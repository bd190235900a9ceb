"""Finding patients through the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select

from app.accounts.models import Person
from app.care.models import CareCircleMember, Patient
from app.kernel.actor import Role
from app.kernel.db import db
from app.kernel.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.kernel.actor import Actor


def patient_ids_of(actor: Actor) -> Select[str]:
    """Return the query for the patients that `actor` may know of."""
    if actor.role is Role.PATIENT:
        return select(Patient.id).where(Patient.id == actor.person_id)
    return select(CareCircleMember.patient_id).where(
        CareCircleMember.person_id == actor.person_id, CareCircleMember.left_at.is_(None)
    )


def patients_of(actor: Actor) -> Sequence[Patient]:
    """Return the patients that `actor` may know of, by name."""
    query = select(Patient).join(Person).where(Patient.id.in_(patient_ids_of(actor)))
    return db.session.scalars(query.order_by(Person.name)).all()


def patient_of(actor: Actor, patient_id: str) -> Patient:
    """Return one patient. Raises NotFound when `actor` may not know of them."""
    query = select(Patient).where(Patient.id == patient_id, Patient.id.in_(patient_ids_of(actor)))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def circle_of(patient: Patient) -> Sequence[CareCircleMember]:
    """Return the present members of a patient's circle, the patient aside."""
    query = select(CareCircleMember).where(
        CareCircleMember.patient_id == patient.id, CareCircleMember.left_at.is_(None)
    )
    return db.session.scalars(query.order_by(CareCircleMember.joined_at)).all()


def every_patient() -> Sequence[Patient]:
    """Return all patients by name: for the admin, who sees names and circles but no card."""
    return db.session.scalars(select(Patient).join(Person).order_by(Person.name)).all()


def every_circle() -> list[tuple[Patient, list[CareCircleMember]]]:
    """Return all patients by name, each with the present members of their circle."""
    present = select(CareCircleMember).where(CareCircleMember.left_at.is_(None))
    members = db.session.scalars(present.order_by(CareCircleMember.joined_at)).all()
    return [
        (patient, [each for each in members if each.patient_id == patient.id])
        for patient in every_patient()
    ]
