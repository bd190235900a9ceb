"""Tables of the notes. Triggers keep signed notes and all addenda from ever changing."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  (Mapped[] columns are read when the class is made)

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.accounts.models import Person
from app.kernel.db import Base, UtcDateTime
from app.kernel.vault import Sealed

_SIGNED_WHOLLY = (
    "(signed_at IS NULL) = (signed_by_id IS NULL) AND (signed_at IS NULL) = (sha256_sealed IS NULL)"
)


class Note:
    """What a note is in every layer. Version 0 is the empty page before anything was saved.

    The fingerprint is sealed like the text, because short words can be guessed from their hash.
    """

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    version: Mapped[int] = mapped_column(default=0)
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[str | None] = mapped_column(ForeignKey("persons.id"))
    sha256_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)

    text = Sealed[str]()
    sha256 = Sealed[str]()

    @declared_attr
    def saved_by(cls) -> Mapped[Person | None]:  # noqa: N805  (SQLAlchemy gives the class)
        """Who saved it last."""
        return relationship(Person, foreign_keys=[cls.saved_by_id])  # type: ignore[list-item]

    @declared_attr
    def signed_by(cls) -> Mapped[Person | None]:  # noqa: N805  (SQLAlchemy gives the class)
        """Who signed it."""
        return relationship(Person, foreign_keys=[cls.signed_by_id])  # type: ignore[list-item]


class IntegrationNote(Note, Base):
    """The note of a visit that its patient and the circle's clinicians write together."""

    __tablename__ = "integration_notes"
    __table_args__ = (
        UniqueConstraint("visit_id"),
        CheckConstraint(_SIGNED_WHOLLY, name="signed_wholly"),
    )


class PsychotherapyNote(Note, Base):
    """A clinician's own note about a visit (45 CFR 164.501): no path shows it to anyone else."""

    __tablename__ = "psychotherapy_notes"
    __table_args__ = (
        UniqueConstraint("visit_id", "author_id"),
        CheckConstraint(_SIGNED_WHOLLY, name="signed_wholly"),
    )

    author_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))


class Addendum:
    """What is added to a signed note, in every layer. It stands beside the note for ever."""

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("patients.id"))
    kind: Mapped[str] = mapped_column(String(20))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[str] = mapped_column(ForeignKey("persons.id"))

    text = Sealed[str]()

    @declared_attr
    def added_by(cls) -> Mapped[Person]:  # noqa: N805  (SQLAlchemy gives the class)
        """Who added it."""
        return relationship(Person, foreign_keys=[cls.added_by_id])  # type: ignore[list-item]


class IntegrationAddendum(Addendum, Base):
    """An addendum to an integration note."""

    __tablename__ = "integration_addenda"

    note_id: Mapped[str] = mapped_column(ForeignKey("integration_notes.id"), index=True)


class PsychotherapyAddendum(Addendum, Base):
    """An addendum to a psychotherapy note, by its author."""

    __tablename__ = "psychotherapy_addenda"

    note_id: Mapped[str] = mapped_column(ForeignKey("psychotherapy_notes.id"), index=True)
