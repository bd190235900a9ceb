"""What is asked: groups, items, parts and rules, read from a published version's file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.readiness.rules import BLANK, TESTS, Condition, Rule, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONTENT: Final = Path(__file__).resolve().parent / "content"
PART_TYPES: Final = ("choice", "number", "scale", "text", "phone", "time")
ANSWERERS: Final = ("patient", "therapist", "device")


class ContentError(Exception):
    """A version's file does not hold together; the message says where."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to fill in."""

    id: str
    type: str
    label: str
    options: Mapping[str, str]
    least: float = 0
    most: float = 0
    unit: str = ""
    decimals: bool = False
    optional: bool = False
    autocomplete: str = ""
    most_hours_ago: int = 0

    def choices(self) -> list[tuple[str, str]]:
        """Return the answers to choose from, as value and label."""
        if self.type == "scale":
            steps = range(int(self.least), int(self.most) + 1)
            return [(str(step), str(step)) for step in steps]
        return list(self.options.items())


@dataclass(frozen=True, slots=True)
class Group:
    """Items that belong together, with a title for the patient and one for the board."""

    id: str
    title: str
    board_title: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question, and what follows from its answers."""

    id: str
    number: int
    group: str
    title: str
    ask: str
    why: str
    by: tuple[str, ...]
    source: str
    parts: tuple[Part, ...]
    rules: tuple[Rule, ...]
    fresh_minutes: int = 24 * 60
    required: bool = True
    test: str = ""
    review_changes: bool = False
    mendable: bool = False
    above: tuple[tuple[str, str], ...] = ()

    @property
    def is_one_choice(self) -> bool:
        """Tell whether a single press answers it."""
        return len(self.parts) == 1 and self.parts[0].type in {"choice", "scale"}

    def part(self, part_id: str) -> Part:
        """Return a part. Raises KeyError."""
        return next((each for each in self.parts if each.id == part_id), None) or _lacking(part_id)


@dataclass(frozen=True, slots=True)
class Template:
    """One published version of the check."""

    version: str
    groups: Mapping[str, Group]
    items: Mapping[str, Item]
    urgent: Mapping[str, Mapping[str, str]]
    emergency_number: tuple[str, str]


def versions() -> tuple[str, ...]:
    """Return the published versions, the newest last."""
    return tuple(sorted(path.stem for path in _CONTENT.glob("*.toml")))


@cache
def template(version: str = "") -> Template:
    """Return a published version, the newest when none is named. Raises ContentError."""
    path = _CONTENT / f"{version or versions()[-1]}.toml"
    return parse(tomllib.loads(path.read_text(encoding="utf-8")))


def parse(data: dict[str, Any]) -> Template:
    """Return the template that the data describe. Raises ContentError when they contradict."""
    groups = {group["id"]: Group(**group) for group in data["groups"]}
    items = {each["id"]: _item(each) for each in data["items"]}
    place = data["emergency_number"]
    made = Template(
        version=data["version"],
        groups=groups,
        items=items,
        urgent=data["urgent"],
        emergency_number=(place["item"], place["part"]),
    )
    _check(made, len(data["items"]))
    return made


def _item(data: dict[str, Any]) -> Item:
    try:
        given = {
            **data,
            "by": tuple(data["by"]),
            "parts": tuple(Part(**{"options": {}, **part}) for part in data["parts"]),
            "rules": tuple(_rule(rule) for rule in data["rules"]),
            "above": tuple((high, low) for high, low in data.get("above", ())),
        }
        return Item(**given)
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError(f"{data.get('id')}: {error}") from error


def _rule(data: dict[str, Any]) -> Rule:
    when = tuple(
        Condition(part, test, limit)
        for part, tests in data["when"].items()
        for test, limit in tests.items()
    )
    return Rule(**{**data, "when": when, "result": Severity[data["result"].upper()]})


def _check(made: Template, count: int) -> None:
    if len(made.items) != count:
        raise ContentError("Two items share an id.")
    for item in made.items.values():
        known = {part.id for part in item.parts}
        facts = {
            "group": item.group in made.groups,
            "by": set(item.by) <= set(ANSWERERS),
            "part type": all(part.type in PART_TYPES for part in item.parts),
            "rule's part": {each.part for rule in item.rules for each in rule.when} <= known,
            "rule's test": all(_is_test(each) for rule in item.rules for each in rule.when),
            "rule's mark": all(_is_marked(rule) for rule in item.rules),
            "urgent words": {rule.urgent for rule in item.rules} <= {"", *made.urgent},
        }
        wrong = [name for name, right in facts.items() if not right]
        if wrong:
            raise ContentError(f"{item.id}: unknown or contradicting {', '.join(wrong)}.")


def _is_test(condition: Condition) -> bool:
    return condition.test in TESTS or condition.test == BLANK


def _is_marked(rule: Rule) -> bool:
    """Only a stop can be hard or a prescriber's, and never both."""
    if rule.result is not Severity.STOP:
        return not (rule.hard or rule.rx)
    return not (rule.hard and rule.rx)


def _lacking(part_id: str) -> Part:
    raise KeyError(part_id)
