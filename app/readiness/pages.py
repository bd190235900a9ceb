"""What the patient's page and the therapist's board show, made ready for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.accounts.policy import is_therapist
from app.readiness import gate as gates
from app.readiness import words
from app.readiness.policy import may_answer
from app.readiness.queries import emergency_number, state_of
from app.readiness.questions import Reader
from app.readiness.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from app.kernel.actor import Actor
    from app.readiness.checks import CheckState, ItemState
    from app.readiness.gate import Gate
    from app.readiness.questions import Question, Wrong
    from app.readiness.words import Words
    from app.scheduling.models import Visit


@dataclass(frozen=True, slots=True)
class Group:
    """The questions of one group."""

    id: str
    title: str
    board_title: str
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
    reader = _reader(visit, actor, now, wrong)
    asked = [each for each in reader.check.items if may_answer(actor, each.item)]
    verdict = words.patient_verdict(reader.check, sum(each.needs_answer for each in asked))
    return _page(visit, reader, verdict, asked)


def board(
    visit: Visit, *, actor: Actor, now: datetime, only_mine: bool, wrong: Wrong | None = None
) -> Page:
    """Return the check as clinicians see it: everything, or only what needs them."""
    reader = _reader(visit, actor, now, wrong)
    items = reader.check.items
    shown = [each for each in items if not only_mine or needs_clinician(each, actor)]
    return _page(visit, reader, words.board_verdict(reader.check), shown)


def needs_clinician(state: ItemState, actor: Actor) -> bool:
    """Tell whether an item waits for a clinician: to look at, or to answer."""
    own = state.needs_answer and "patient" not in state.item.by and may_answer(actor, state.item)
    return own or state.open_severity is not Severity.OK


def _reader(visit: Visit, actor: Actor, now: datetime, wrong: Wrong | None) -> Reader:
    check = state_of(visit, at=now)
    number = emergency_number(check, visit.patient.card)
    return Reader(actor=actor, check=check, emergency_number=number, wrong=wrong)


def _page(visit: Visit, reader: Reader, verdict: Words, shown: Sequence[ItemState]) -> Page:
    check = reader.check
    return Page(
        visit=visit,
        state=check,
        verdict=verdict,
        groups=_groups(shown, reader),
        urgent=[check.template.urgent[kind] for kind in check.urgent],
        emergency_number=reader.emergency_number,
        gate=gates.dosing(check),
        passed=gates.passed(check),
        may_clear=is_therapist(reader.actor),
    )


def _groups(shown: Sequence[ItemState], reader: Reader) -> list[Group]:
    made = [
        Group(
            id=each.id,
            title=each.title,
            board_title=each.board_title,
            questions=[reader.question(one) for one in shown if one.item.group == each.id],
        )
        for each in reader.check.template.groups.values()
    ]
    return [group for group in made if group.questions]
