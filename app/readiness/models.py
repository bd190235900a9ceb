"""Rows of the check. Answers and clearances are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, UtcDateTime
from app.kernel.vault import Sealed


class ReadinessCheck(Base):
    """One visit's check: the version in force, and how often it changed.

    The row is locked by whoever changes the check or asks the gate, so that the two never cross.
    """

    __tablename__ = "readiness_checks"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    change: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReadinessAnswer(Base):
    """One answer to one item. The latest of an item is in force."""

    __tablename__ = "readiness_answers"
    __table_args__ = (UniqueConstraint("visit_id", "change"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("readiness_checks.visit_id"))
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    change: Mapped[int]
    item: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    value_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    by_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    via: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    value = Sealed[dict[str, Any]]()
    by: Mapped[Person] = relationship(lazy="joined")


class ReadinessClearance(Base):
    """One clinician's word: for one answer, or for the whole check where no answer is named."""

    __tablename__ = "readiness_clearances"
    __table_args__ = (UniqueConstraint("visit_id", "change"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("readiness_checks.visit_id"))
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    change: Mapped[int]
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("readiness_answers.id"), unique=True)
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    by_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    role: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    reason = Sealed[str | None]()
    by: Mapped[Person] = relationship(lazy="joined")
