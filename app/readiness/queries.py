"""Reading a visit's check. The visit itself was found through the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import db
from app.readiness import gate as gates
from app.readiness.checks import CheckState, Cleared, Given, fold
from app.readiness.items import template
from app.readiness.models import ReadinessAnswer, ReadinessCheck, ReadinessClearance
from app.scheduling.models import Visit, VisitKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.readiness.gate import Gate
    from app.readiness.items import Template

Row = TypeVar("Row", ReadinessAnswer, ReadinessClearance)


@dataclass(frozen=True, slots=True)
class Summary:
    """A check in a few words, for pages that are about something else."""

    result: str
    open: bool
    why: str
    answered: int
    total: int
    reviews: int
    stops: int
    cleared_items: int
    reasons: tuple[str, ...]
    is_urgent: bool
    cleared_by: str | None
    cleared_at: datetime | None


def gate(visit: Visit) -> Gate:
    """Return whether dosing may begin now, holding the check still until the transaction ends."""
    if visit.kind != VisitKind.DOSING:
        return gates.NO_DOSING
    check = check_of(visit, lock=True)
    if check is None:
        return gates.NO_CHECK
    return gates.dosing(_state(check, clock.now()))


def state_of(visit: Visit, *, at: datetime) -> CheckState:
    """Return where the visit's check stands at `at`; all unanswered when nobody began it."""
    check = check_of(visit)
    if check is None:
        return fold(template(), (), (), change=0, at=at)
    return _state(check, at)


def locked_state(check: ReadinessCheck, *, at: datetime) -> CheckState:
    """Return where a check stands that this transaction holds locked."""
    return _state(check, at)


def summary(visit: Visit, at: datetime | None = None) -> Summary:
    """Return the check in a few words, as it stands at `at` (by default now)."""
    state = state_of(visit, at=at or clock.now())
    gate_now = gates.dosing(state)
    whole = state.clearance if state.is_cleared else None
    return Summary(
        result=state.result,
        open=gate_now.open,
        why=gate_now.why,
        answered=len(state.items) - len(state.missing),
        total=len(state.items),
        reviews=len(state.reviews),
        stops=len(state.stopped),
        cleared_items=sum(each.clearance is not None for each in state.items),
        reasons=state.reasons,
        is_urgent=bool(state.urgent),
        cleared_by=whole.by if whole else None,
        cleared_at=whole.at if whole else None,
    )


def check_of(visit: Visit, *, lock: bool = False) -> ReadinessCheck | None:
    """Return the visit's check, None when nobody has begun it; locked to the commit if asked."""
    query = select(ReadinessCheck).where(ReadinessCheck.visit_id == visit.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def template_of(visit: Visit) -> Template:
    """Return the version that the visit's check is made with, the newest before it has begun."""
    check = check_of(visit)
    return template(check.version if check else "")


def answer_by_id(answer_id: str) -> ReadinessAnswer | None:
    """Return an answer, None when there is none of this id."""
    return db.session.get(ReadinessAnswer, answer_id)


def emergency_number(state: CheckState, card: dict[str, str] | None) -> str:
    """Return the number that the patient gave for their place, else the one on their card."""
    item, part = state.template.emergency_number
    answer = state.by_id[item].answer
    given = answer.value.get(part, "") if answer else ""
    return str(given or (card or {}).get("emergency_number", ""))


def _state(check: ReadinessCheck, at: datetime) -> CheckState:
    return fold(
        template(check.version),
        [_given(row) for row in _rows(ReadinessAnswer, check.visit_id)],
        [_cleared(row) for row in _rows(ReadinessClearance, check.visit_id)],
        change=check.change,
        at=at,
    )


def _rows(kind: type[Row], visit_id: str) -> Sequence[Row]:
    query = select(kind).where(kind.visit_id == visit_id).order_by(kind.change)
    return db.session.scalars(query).all()


def _given(row: ReadinessAnswer) -> Given:
    return Given(
        id=row.id,
        item=row.item,
        value=row.value,
        at=row.at,
        by=row.by.name,
        via=row.via,
        version=row.version,
        change=row.change,
    )


def _cleared(row: ReadinessClearance) -> Cleared:
    return Cleared(
        id=row.id,
        answer_id=row.answer_id,
        reason=row.reason or "",
        at=row.at,
        by=row.by.name,
        role=row.role,
        change=row.change,
    )
