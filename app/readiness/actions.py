"""What happens to a check: an answer, a clearance of one answer, the clearance of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from app.accounts.policy import is_therapist
from app.audit.actions import record
from app.kernel import clock
from app.kernel.announce import announce
from app.kernel.db import db
from app.kernel.errors import BadRequest, NotFound, NotNow
from app.kernel.ids import derived_id, new_id
from app.readiness import answers, gate, policy, queries
from app.readiness.checks import may_clear
from app.readiness.items import template
from app.readiness.models import ReadinessAnswer, ReadinessCheck, ReadinessClearance
from app.readiness.rules import Severity
from app.scheduling.models import Visit, VisitKind
from app.web.text import clean, is_storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.kernel.actor import Actor
    from app.readiness.checks import ItemState

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class CheckCleared:
    """A therapist cleared the whole check for dosing."""

    visit_id: str
    by: Actor
    clearance_id: str


@dataclass(frozen=True, slots=True)
class ReadinessChanged:
    """Something in a visit's check is new."""

    visit_id: str


@dataclass(frozen=True, slots=True)
class ToClear:
    """What a clinician wants to clear: the item, the answer that they saw, and why."""

    item: str
    reason: str
    answer_id: str | None = None


def answer_item(
    visit: Visit, *, item: str, value: Mapping[str, object], by: Actor, key: str | None = None
) -> ReadinessAnswer:
    """Add an answer to an item. The same key from the same person adds nothing again.

    Raises BadRequest for an unknown item or a value that does not fit, NotFound for an item that
    is not for this person to answer, NotNow when the visit takes no answers.
    """
    check = _check_of_open(visit)
    asked = template(check.version if check else "").items.get(item)
    if asked is None:
        raise BadRequest("There is no such question.", field="item")
    if not policy.may_answer(by, asked):
        raise NotFound
    now = clock.now()
    given = answers.read(asked, value, now=now)
    answer_id = derived_id(visit.id, f"{by.person_id}:{key}") if key else new_id()
    present = queries.answer_by_id(answer_id)
    if present is not None:
        return _repeated(present, item)
    check = check or _begin(visit)
    answer = ReadinessAnswer(id=answer_id, item=item, via=_via(by, asked.by), at=now)
    _keep_answer(answer, check, given, by)
    record("readiness.answered", by=by, about="visit", about_id=visit.id, item=item)
    announce(ReadinessChanged(visit_id=visit.id))
    return answer


def clear_item(visit: Visit, *, what: ToClear, by: Actor) -> ReadinessClearance:
    """Clear the answer in force of one item, with a reason.

    Raises NotFound for who gives no care; BadRequest without a reason or for an unknown item;
    NotNow when there is nothing to clear, when the answer is another than the one seen, or when
    it is not for `by` to clear.
    """
    if not by.role.is_clinician:
        raise NotFound
    check = _begun_check(visit)
    reason = _reason(what.reason)
    state = queries.locked_state(check, at=clock.now()).by_id.get(what.item)
    if state is None:
        raise BadRequest("There is no such question.", field="item")
    _refuse_to_clear(state, what, by)
    clearance = _clearance(visit, check, by)
    clearance.answer_id = state.answer.id if state.answer else None
    clearance.reason = reason
    _keep(clearance)
    record("readiness.item_cleared", by=by, about="visit", about_id=visit.id, item=what.item)
    announce(ReadinessChanged(visit_id=visit.id))
    return clearance


def clear_check(visit: Visit, *, by: Actor, seen: int | None = None) -> ReadinessClearance:
    """Clear the whole check for dosing, as it stands after change number `seen`.

    Raises NotFound for who is no therapist; NotNow when something is missing, stops or is still
    to be looked at, when it is cleared already, or when it has changed since it was seen.
    """
    if not is_therapist(by):
        raise NotFound
    check = _begun_check(visit)
    state = queries.locked_state(check, at=clock.now())
    if seen is not None and seen != check.change:
        raise NotNow("The check has changed since you looked. Please look again.")
    passed = gate.passed(state)
    if not passed.open:
        raise NotNow(passed.why)
    if state.is_cleared:
        raise NotNow("The check is cleared already.")
    clearance = _clearance(visit, check, by)
    _keep(clearance)
    record("readiness.cleared", by=by, about="visit", about_id=visit.id)
    announce(CheckCleared(visit_id=visit.id, by=by, clearance_id=clearance.id))
    announce(ReadinessChanged(visit_id=visit.id))
    return clearance


def _check_of_open(visit: Visit) -> ReadinessCheck | None:
    """Return the visit's check, locked, None before its first answer.

    Raises NotNow for a visit that has none.
    """
    if visit.kind != VisitKind.DOSING:
        raise NotNow("Only visits for dosing have a readiness check.")
    if visit.cancelled_at is not None:
        raise NotNow("This visit is cancelled.")
    return queries.check_of(visit, lock=True)


def _begun_check(visit: Visit) -> ReadinessCheck:
    check = _check_of_open(visit)
    if check is None:
        raise NotNow(gate.NO_CHECK.why)
    return check


def _repeated(present: ReadinessAnswer, item: str) -> ReadinessAnswer:
    if present.item != item:
        raise BadRequest("This key was used for another question.", field="key")
    return present


def _begin(visit: Visit) -> ReadinessCheck:
    """Begin the check with the newest version, unless somebody else was quicker."""
    check = ReadinessCheck(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        version=template().version,
        begun_at=clock.now(),
        change=0,
    )
    try:
        with db.session.begin_nested():
            db.session.add(check)
    except IntegrityError:
        quicker = queries.check_of(visit, lock=True)
        if quicker is None:
            raise
        return quicker
    return check


def _keep_answer(
    answer: ReadinessAnswer, check: ReadinessCheck, value: dict[str, Any], by: Actor
) -> None:
    answer.visit_id = check.visit_id
    answer.patient_id = check.patient_id
    answer.version = check.version
    answer.change = _next_change(check)
    answer.by_id = by.person_id
    answer.value = value
    _keep(answer)


def _next_change(check: ReadinessCheck) -> int:
    check.change += 1
    return check.change


def _via(by: Actor, answerers: tuple[str, ...]) -> str:
    return "device" if answerers == ("device",) else by.role.value


def _reason(text: str) -> str:
    reason = clean(text)
    if not reason:
        raise BadRequest("Write why it is all right to go on.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise BadRequest(f"A reason has at most {LONGEST_REASON} characters.", field="reason")
    if not is_storable(reason):
        raise BadRequest("This text holds a character that cannot be kept.", field="reason")
    return reason


def _refuse_to_clear(state: ItemState, what: ToClear, by: Actor) -> None:
    answer = state.answer
    if answer is None:
        raise NotNow("This question has no answer yet.")
    if what.answer_id is not None and what.answer_id != answer.id:
        raise NotNow("The answer has changed since you looked. Please look again.")
    if state.clearance is not None:
        raise NotNow("This answer is cleared already.")
    if state.severity is Severity.OK:
        raise NotNow("There is nothing to clear here.")
    if not may_clear(state, by.role):
        raise NotNow(_why_not(state))


def _why_not(state: ItemState) -> str:
    if any(rule.hard for rule in state.stops):
        return "This stop cannot be cleared by anyone."
    if state.stops and all(rule.rx for rule in state.stops):
        return "Only a prescriber can clear this stop."
    return "A stop like this cannot be cleared. Only another answer can change it."


def _clearance(visit: Visit, check: ReadinessCheck, by: Actor) -> ReadinessClearance:
    return ReadinessClearance(
        id=new_id(),
        visit_id=visit.id,
        patient_id=visit.patient_id,
        change=_next_change(check),
        by_id=by.person_id,
        role=by.role.value,
        at=clock.now(),
    )


def _keep(row: ReadinessAnswer | ReadinessClearance) -> None:
    db.session.add(row)
    db.session.flush()  # listeners may read the check in the same transaction
