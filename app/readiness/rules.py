"""What follows from one answer. One evaluator for all items; the rules themselves are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Severity(IntEnum):
    """How bad an answer is; the larger number wins."""

    OK = 0
    REVIEW = 1
    STOP = 2

    @property
    def word(self) -> str:
        """The word that screens and programs use."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of one part of an answer with a limit."""

    part: str
    test: str
    limit: Any


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows when all its conditions hold."""

    when: tuple[Condition, ...]
    result: Severity
    reason: str
    tell: str = ""
    hard: bool = False
    rx: bool = False
    urgent: str = ""


def minutes_before(moment: str, answered_at: datetime) -> float:
    """Return how many minutes before the answer the stored moment was."""
    return (answered_at - datetime.fromisoformat(moment)).total_seconds() / 60


#: How a part's value is compared with a limit. `blank` alone also holds of a part that is missing.
TESTS: Final[dict[str, Callable[[Any, Any, datetime], bool]]] = {
    "is": lambda value, limit, _at: value in limit,
    "below": lambda value, limit, _at: value < limit,
    "above": lambda value, limit, _at: value > limit,
    "at_least": lambda value, limit, _at: value >= limit,
    "at_most": lambda value, limit, _at: value <= limit,
    "minutes_ago_below": lambda value, limit, at: minutes_before(value, at) < limit,
    "minutes_ago_at_least": lambda value, limit, at: minutes_before(value, at) >= limit,
}
BLANK: Final = "blank"


def judge(
    rules: Sequence[Rule], value: Mapping[str, Any], *, answered_at: datetime
) -> tuple[Rule, ...]:
    """Return the rules that this answer meets, the worst first."""
    met = [rule for rule in rules if all(_holds(each, value, answered_at) for each in rule.when)]
    return tuple(sorted(met, key=lambda rule: -rule.result))


def severity(met: Sequence[Rule]) -> Severity:
    """Return the worst result of the rules met, OK when there is none."""
    return max((rule.result for rule in met), default=Severity.OK)


def _holds(condition: Condition, value: Mapping[str, Any], answered_at: datetime) -> bool:
    given = value.get(condition.part)
    is_blank = given is None or given == ""
    if condition.test == BLANK:
        return is_blank is condition.limit
    return not is_blank and TESTS[condition.test](given, condition.limit, answered_at)
