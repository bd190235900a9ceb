"""One question as the asking person sees it: what is in force, in words, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.kernel.actor import Role
from app.readiness import words
from app.readiness.policy import may_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.kernel.actor import Actor
    from app.readiness.checks import CheckState, ItemState
    from app.readiness.items import Item, Part
    from app.readiness.words import Words


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
    urgent: list[Mapping[str, str]]
    emergency_number: str
    typed: Mapping[str, object]
    wrong: Wrong | None

    def error(self, part: Part) -> str:
        """Return what is wrong with a part, empty when nothing is."""
        return self.wrong.message if self.wrong and self.wrong.part == part.id else ""


@dataclass(frozen=True, slots=True)
class Reader:
    """The person who looks at a check, and what their questions are made from."""

    actor: Actor
    check: CheckState
    emergency_number: str
    wrong: Wrong | None = None

    def question(self, state: ItemState) -> Question:
        """Return one item as this reader sees it."""
        is_patient = self.actor.role is Role.PATIENT
        item, answer = state.item, state.answer
        mine = self.wrong if self.wrong and self.wrong.item == item.id else None
        return Question(
            item=item,
            state=state,
            words=words.patient_item_words(state) if is_patient else words.item_words(state),
            facts=words.answer_facts(item, answer.value) if answer else [],
            age=words.age(self.check.at - answer.at) if answer else "",
            earlier=[
                Earlier(words.answer_facts(item, each.value), each.by, each.at)
                for each in reversed(state.history)
            ],
            can_answer=may_answer(self.actor, item),
            can_clear=state.can_clear(self.actor.role),
            why_not=words.why_not_clear(state),
            urgent=[self.check.template.urgent[kind] for kind in state.urgent],
            emergency_number=self.emergency_number,
            typed=mine.value if mine else _typed(state, self.actor),
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
