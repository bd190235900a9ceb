"""Tables of the live visit. `visit_events` is append-only: triggers refuse every other change."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base, UtcDateTime


class Participant(Base):
    """One person in one visit, whatever the number of tabs, and what was last seen of them."""

    __tablename__ = "visit_participants"
    __table_args__ = (UniqueConstraint("visit_id", "person_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(8), default="left", index=True)
    since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VisitChannel(Base):
    """One ordered stream inside a visit; its row is locked while an event gets its number."""

    __tablename__ = "visit_channels"

    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    last_seq: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class VisitEvent(Base):
    """One immutable fact."""

    __tablename__ = "visit_events"
    __table_args__ = (
        UniqueConstraint("visit_id", "actor_id", "key"),
        Index("ix_visit_events_kind", "visit_id", "channel", "kind", "seq"),
    )

    visit_id: Mapped[str] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    v: Mapped[int]
    actor_id: Mapped[str] = mapped_column(ForeignKey("visit_participants.id"))
    key: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Mark(Base):
    """How far one participant got in one channel."""

    __tablename__ = "visit_marks"

    participant_id: Mapped[str] = mapped_column(
        ForeignKey("visit_participants.id"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    delivered: Mapped[int] = mapped_column(default=0)
    read: Mapped[int] = mapped_column(default=0)
