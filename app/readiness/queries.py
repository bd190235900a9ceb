"""Reading a visit's check. The visit itself was found through the person who asks."""

from __future__ import annotations

from collections import defaultdict
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
    return _summary(state_of(visit, at=at or clock.now()))


def summaries(visits: Sequence[Visit], at: datetime) -> dict[str, Summary]:
    """Return the checks of many visits in a few words, by visit, for three questions in all."""
    ids = [visit.id for visit in visits]
    query = select(ReadinessCheck).where(ReadinessCheck.visit_id.in_(ids))
    checks = {check.visit_id: check for check in db.session.scalars(query)}
    answers = _by_visit(ReadinessAnswer, list(checks))
    clearances = _by_visit(ReadinessClearance, list(checks))
    blank = fold(template(), (), (), change=0, at=at)
    states = {
        key: _folded(check, answers[key], clearances[key], at) for key, check in checks.items()
    }
    return {key: _summary(states.get(key, blank)) for key in ids}


def _summary(state: CheckState) -> Summary:
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
    answers = _rows(ReadinessAnswer, check.visit_id)
    return _folded(check, answers, _rows(ReadinessClearance, check.visit_id), at)


def _folded(
    check: ReadinessCheck,
    answers: Sequence[ReadinessAnswer],
    clearances: Sequence[ReadinessClearance],
    at: datetime,
) -> CheckState:
    return fold(
        template(check.version),
        [_given(row) for row in answers],
        [_cleared(row) for row in clearances],
        change=check.change,
        at=at,
    )


def _by_visit(kind: type[Row], visit_ids: Sequence[str]) -> defaultdict[str, list[Row]]:
    """Return the rows of many visits by visit, each in order."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    query = select(kind).where(kind.visit_id.in_(visit_ids)).order_by(kind.change)
    for row in db.session.scalars(query):
        found[row.visit_id].append(row)
    return found


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
