"""Where a check stands: answers and clearances folded into a state for every item, and a result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from app.kernel.actor import Role
from app.readiness.rules import Rule, Severity, judge, severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.readiness.items import Item, Template

READY: Final = "ready"
REVIEW: Final = "review"
STOP: Final = "stop"
UNFINISHED: Final = "unfinished"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: what, by whom, through what, when. The last of an item is in force."""

    id: str
    item: str
    value: Mapping[str, Any]
    at: datetime
    by: str
    via: str
    version: str
    change: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """A clinician took responsibility: for one answer, or (no answer named) for the whole check."""

    id: str
    answer_id: str | None
    reason: str
    at: datetime
    by: str
    role: str
    change: int


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item as it stands: the answer in force, what follows from it, and whether it counts."""

    item: Item
    answer: Given | None = None
    met: tuple[Rule, ...] = ()
    was_stop: datetime | None = None
    clearance: Cleared | None = None
    fresh: bool = False
    history: tuple[Given, ...] = ()

    @property
    def severity(self) -> Severity:
        """What the answer in force comes to, clearances aside."""
        changed = Severity.REVIEW if self.was_stop else Severity.OK
        return max(severity(self.met), changed)

    @property
    def open_severity(self) -> Severity:
        """What still stands in the way."""
        return Severity.OK if self.clearance else self.severity

    @property
    def stops(self) -> tuple[Rule, ...]:
        """The rules met that stop."""
        return tuple(rule for rule in self.met if rule.result is Severity.STOP)

    @property
    def needs_answer(self) -> bool:
        """Whether it must be answered, for the first time or anew."""
        return self.item.required and not self.fresh

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason, the worst first."""
        changed = ("An earlier answer was a stop. Ask what has changed.",) if self.was_stop else ()
        return (*(rule.reason for rule in self.met), *changed)

    @property
    def urgent(self) -> tuple[str, ...]:
        """The kinds of urgent words that the answer in force calls for, each once."""
        return tuple(dict.fromkeys(rule.urgent for rule in self.met if rule.urgent))

    def can_clear(self, role: str) -> bool:
        """Tell whether somebody of this role could clear the answer in force."""
        if self.answer is None or self.open_severity is Severity.OK:
            return False
        return may_clear(self, role)


def may_clear(state: ItemState, role: str) -> bool:
    """Reviews: any clinician. Stops marked so: the prescriber. All other stops: nobody."""
    if state.stops:
        return all(rule.rx for rule in state.stops) and role == Role.PRESCRIBER
    return state.severity is Severity.REVIEW and role in {Role.THERAPIST, Role.PRESCRIBER}


@dataclass(frozen=True, slots=True)
class CheckState:
    """The whole check at one moment."""

    template: Template
    items: tuple[ItemState, ...]
    at: datetime
    change: int = 0
    clearance: Cleared | None = None
    by_id: Mapping[str, ItemState] = field(default_factory=dict, repr=False)

    @property
    def missing(self) -> tuple[ItemState, ...]:
        """The items that must be answered, for the first time or anew."""
        return tuple(state for state in self.items if state.needs_answer)

    @property
    def reviews(self) -> tuple[ItemState, ...]:
        """The items that a clinician has yet to look at."""
        return tuple(each for each in self.items if each.open_severity is Severity.REVIEW)

    @property
    def stopped(self) -> tuple[ItemState, ...]:
        """The items that stop the day."""
        return tuple(each for each in self.items if each.open_severity is Severity.STOP)

    @property
    def urgent(self) -> tuple[str, ...]:
        """The kinds of urgent words that answers in force call for, each once."""
        return tuple(dict.fromkeys(kind for each in self.items for kind in each.urgent))

    @property
    def result(self) -> str:
        """A stop wins; then what is missing; then what is to be looked at; else ready."""
        if self.stopped:
            return STOP
        if self.missing:
            return UNFINISHED
        return REVIEW if self.reviews else READY

    @property
    def is_cleared(self) -> bool:
        """Whether a therapist cleared the whole check after its last change."""
        return self.clearance is not None and self.clearance.change == self.change

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every open reason, stops first."""
        states = (*self.stopped, *self.reviews)
        return tuple(reason for each in states for reason in each.reasons)


def fold(
    template: Template,
    answers: Sequence[Given],
    clearances: Sequence[Cleared],
    *,
    change: int,
    at: datetime,
) -> CheckState:
    """Return where a check stands at `at`. Answers and clearances come in the order of making."""
    items = tuple(_item_state(item, answers, clearances, at) for item in template.items.values())
    whole = [each for each in clearances if each.answer_id is None]
    return CheckState(
        template=template,
        items=items,
        at=at,
        change=change,
        clearance=whole[-1] if whole else None,
        by_id={state.item.id: state for state in items},
    )


def _item_state(
    item: Item, answers: Sequence[Given], clearances: Sequence[Cleared], at: datetime
) -> ItemState:
    own = [each for each in answers if each.item == item.id]
    if not own:
        return ItemState(item=item)
    answer = own[-1]
    state = ItemState(
        item=item,
        answer=answer,
        met=judge(item.rules, answer.value, answered_at=answer.at),
        was_stop=_earlier_stop(item, own),
        fresh=at - answer.at < timedelta(minutes=item.fresh_minutes),
        history=tuple(own[:-1]),
    )
    return _with_clearance(state, clearances)


def _with_clearance(state: ItemState, clearances: Sequence[Cleared]) -> ItemState:
    """Count a clearance only for exactly the answer in force, and only from who may give it."""
    answer = state.answer
    for each in clearances:
        if answer and each.answer_id == answer.id and may_clear(state, each.role):
            return replace(state, clearance=each)
    return state


def _earlier_stop(item: Item, own: Sequence[Given]) -> datetime | None:
    """Return when an earlier answer was a stop, where the item wants such a change looked at.

    An answer of more than a day before the one in force is another day's and counts no more.
    """
    if not item.review_changes:
        return None
    last = own[-1]
    earlier = [each for each in own[:-1] if last.at - each.at < timedelta(days=1)]
    stops = [
        each.at
        for each in earlier
        if severity(judge(item.rules, each.value, answered_at=each.at)) is Severity.STOP
    ]
    return stops[-1] if stops else None
