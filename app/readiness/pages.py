"""What the patient's page and the therapist's board show, made ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.accounts.policy import is_therapist
from app.kernel.actor import Role
from app.readiness import gate as gates
from app.readiness import words
from app.readiness.policy import may_answer
from app.readiness.queries import emergency_number, state_of
from app.readiness.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.kernel.actor import Actor
    from app.readiness.checks import CheckState, ItemState
    from app.readiness.gate import Gate
    from app.readiness.items import Item, Part
    from app.readiness.words import Words
    from app.scheduling.models import Visit


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that was refused: what was typed, and what is wrong with which part."""

    item: str
    value: Mapping[str, object]
    part: str
    message: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer that another has replaced."""

    facts: list[tuple[str, str]]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """One item as the asking person sees it."""

    item: Item
    state: ItemState
    words: Words
    facts: list[tuple[str, str]]
    age: str
    earlier: list[Earlier]
    can_answer: bool
    can_clear: bool
    why_not: str
    typed: Mapping[str, object]
    wrong: Wrong | None

    def error(self, part: Part) -> str:
        """Return what is wrong with a part, empty when nothing is."""
        return self.wrong.message if self.wrong and self.wrong.part == part.id else ""


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one group."""

    id: str
    title: str
    questions: list[Question]

    @property
    def done(self) -> int:
        """How many of them need nothing more."""
        return sum(not question.state.needs_answer for question in self.questions)


@dataclass(frozen=True, slots=True)
class Page:
    """A whole check, as the asking person sees it."""

    visit: Visit
    state: CheckState
    verdict: Words
    groups: list[Group]
    urgent: list[Mapping[str, str]]
    emergency_number: str
    gate: Gate
    passed: Gate
    may_clear: bool
    now: datetime

    @property
    def questions(self) -> list[Question]:
        """All questions, in order."""
        return [question for group in self.groups for question in group.questions]

    @property
    def done(self) -> int:
        """How many questions need nothing more."""
        return sum(group.done for group in self.groups)

    @property
    def print(self) -> str:
        """Return what differs whenever the board must be drawn anew."""
        return f"{self.state.change}.{len(self.state.missing)}.{self.state.result}"

    def question(self, item_id: str) -> Question:
        """Return the question of an item. Raises StopIteration for one that is not shown."""
        return next(each for each in self.questions if each.item.id == item_id)


def patient_page(visit: Visit, *, actor: Actor, now: datetime, wrong: Wrong | None = None) -> Page:
    """Return the check as the patient answers it: only the questions that are theirs."""
    state = state_of(visit, at=now)
    asked = [each for each in state.items if may_answer(actor, each.item)]
    verdict = words.patient_verdict(state, sum(each.needs_answer for each in asked))
    groups = _groups(state, asked, lambda each: _question(each, actor, now, wrong))
    return _page(visit, state, (verdict, groups), actor)


def board(
    visit: Visit, *, actor: Actor, now: datetime, only_mine: bool, wrong: Wrong | None = None
) -> Page:
    """Return the check as clinicians see it: everything, or only what needs them."""
    state = state_of(visit, at=now)
    shown = [each for each in state.items if not only_mine or needs_clinician(each, actor)]
    groups = _groups(state, shown, lambda each: _question(each, actor, now, wrong))
    return _page(visit, state, (words.board_verdict(state), groups), actor)


def needs_clinician(state: ItemState, actor: Actor) -> bool:
    """Tell whether an item waits for a clinician: to look at, or to answer."""
    own = state.needs_answer and "patient" not in state.item.by and may_answer(actor, state.item)
    return own or state.open_severity is not Severity.OK


def _page(visit: Visit, state: CheckState, shown: tuple[Words, list[Group]], actor: Actor) -> Page:
    verdict, groups = shown
    return Page(
        visit=visit,
        state=state,
        verdict=verdict,
        groups=groups,
        urgent=[state.template.urgent[kind] for kind in state.urgent],
        emergency_number=emergency_number(state, visit.patient.card),
        gate=gates.dosing(state),
        passed=gates.passed(state),
        may_clear=is_therapist(actor),
        now=state.at,
    )


def _groups(
    state: CheckState, shown: list[ItemState], question: Callable[[ItemState], Question]
) -> list[Group]:
    made = [
        Group(key, title, [question(each) for each in shown if each.item.group == key])
        for key, title in state.template.groups.items()
    ]
    return [group for group in made if group.questions]


def _question(state: ItemState, actor: Actor, now: datetime, wrong: Wrong | None) -> Question:
    is_patient = actor.role is Role.PATIENT
    mine = wrong if wrong and wrong.item == state.item.id else None
    answer = state.answer
    return Question(
        item=state.item,
        state=state,
        words=words.patient_item_words(state) if is_patient else words.item_words(state),
        facts=words.answer_facts(state.item, answer.value) if answer else [],
        age=words.age(now - answer.at) if answer else "",
        earlier=[
            Earlier(words.answer_facts(state.item, each.value), each.by, each.at)
            for each in reversed(state.history)
        ],
        can_answer=may_answer(actor, state.item),
        can_clear=state.can_clear(actor.role),
        why_not=words.why_not_clear(state),
        typed=mine.value if mine else _typed(state, actor),
        wrong=mine,
    )


def _typed(state: ItemState, actor: Actor) -> dict[str, Any]:
    """Return the answer in force as fields hold it: times on the reader's own clock."""
    if state.answer is None:
        return {}
    times = {part.id for part in state.item.parts if part.type == "time"}
    return {
        name: _wall(value, actor.zone) if name in times else value
        for name, value in state.answer.value.items()
    }


def _wall(moment: str, zone: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"
