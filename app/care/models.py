"""Patients and care circles."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, UtcDateTime
from app.kernel.vault import Sealed


class Patient(Base):
    """Somebody in care. The id is the person's own."""

    __tablename__ = "patients"

    id: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    card_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    card = Sealed[dict[str, str]]()
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def patient_id(self) -> str:
        """Whose data key seals this row."""
        return self.id

    @property
    def name(self) -> str:
        """The patient's name."""
        return self.person.name


class CareCircleMember(Base):
    """One clinician's place in a patient's care circle, from when to when."""

    __tablename__ = "care_circle_members"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="joined")
