"""What happens to patients and their circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.access import access_changed
from app.audit.actions import record
from app.care.card import CARD_FIELDS
from app.care.models import CareCircleMember, Patient
from app.kernel import clock
from app.kernel.actor import Role
from app.kernel.db import db
from app.kernel.errors import BadRequest
from app.kernel.ids import new_id
from app.kernel.vault import vault

if TYPE_CHECKING:
    from app.accounts.models import Person
    from app.kernel.actor import Actor


def begin_care(person: Person, *, by: Actor) -> Patient:
    """Make a person with the patient's role a patient, with a data key of their own."""
    vault.make_data_key(person.id)
    patient = Patient(id=person.id, person=person)
    db.session.add(patient)
    db.session.flush()  # the circle refers to the row in the same transaction
    record("patient.added", by=by, about="patient", about_id=patient.id)
    return patient


def join_circle(patient: Patient, *, member: Person, by: Actor) -> CareCircleMember:
    """Let a clinician near a patient. Joining twice changes nothing.

    Raises BadRequest for somebody who gives no care.
    """
    if not Role(member.role).is_clinician:
        message = "Only therapists and prescribers can join a care circle."
        raise BadRequest(message, field="member")
    present = _membership(patient, member.id)
    if present is not None:
        return present
    joined = CareCircleMember(
        id=new_id(), patient_id=patient.id, person_id=member.id, joined_at=clock.now()
    )
    db.session.add(joined)
    access_changed()
    record("circle.joined", by=by, about="patient", about_id=patient.id, member=member.id)
    return joined


def leave_circle(patient: Patient, *, member_id: str, by: Actor) -> None:
    """Take somebody out of a circle, their open rooms included. Nobody there: nothing happens."""
    present = _membership(patient, member_id)
    if present is None:
        return
    present.left_at = clock.now()
    access_changed()
    record("circle.left", by=by, about="patient", about_id=patient.id, member=member_id)


def update_card(patient: Patient, *, card: dict[str, str], by: Actor) -> Patient:
    """Replace the contact card. Takes the fields of `CARD_FIELDS` and nothing else."""
    patient.card = {field: card.get(field, "") for field in CARD_FIELDS}
    record("card.updated", by=by, about="patient", about_id=patient.id)
    return patient


def _membership(patient: Patient, person_id: str) -> CareCircleMember | None:
    query = select(CareCircleMember).where(
        CareCircleMember.patient_id == patient.id,
        CareCircleMember.person_id == person_id,
        CareCircleMember.left_at.is_(None),
    )
    return db.session.scalar(query)
