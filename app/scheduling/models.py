"""The visit: one scheduled meeting of care (a FHIR Encounter)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.care.models import Patient
from app.kernel.db import Base, UtcDateTime


class VisitKind(StrEnum):
    """What a visit is for."""

    CONSULTATION = "consultation"
    PREPARATION = "preparation"
    DOSING = "dosing"
    INTEGRATION = "integration"


class Visit(Base):
    """One visit of one patient."""

    __tablename__ = "visits"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    therapist_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    minutes: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    patient: Mapped[Patient] = relationship(lazy="joined")
    therapist: Mapped[Person] = relationship(lazy="joined")

    @property
    def ends_at(self) -> datetime:
        """When the planned time is over."""
        return self.starts_at + timedelta(minutes=self.minutes)
