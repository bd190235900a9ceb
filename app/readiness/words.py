"""A check in the words of its readers: an answer as text, a state as a tone and a few words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.readiness.checks import READY, REVIEW, STOP
from app.readiness.rules import Severity
from app.web.zones import show_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from app.readiness.checks import CheckState, ItemState
    from app.readiness.items import Item, Part


@dataclass(frozen=True, slots=True)
class Words:
    """A tone (ok, review, stop, info, plain), a title, and sentences under it."""

    tone: str
    title: str
    lines: tuple[str, ...] = ()


def part_text(part: Part, given: Any) -> str:  # noqa: ANN401  (any kind of part)
    """Return one part of an answer as a reader sees it."""
    if part.type == "choice":
        return part.options[given]
    if part.type == "time":
        return show_at(datetime.fromisoformat(given))
    if part.type == "scale":
        return f"{given} of {part.most}"
    unit = "%" if part.unit == "%" else f" {part.unit}" if part.unit else ""
    return f"{given}{unit}"


def answer_facts(item: Item, value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return an answer as pairs of label and text, in the order of the parts."""
    return [
        (part.label, part_text(part, value[part.id])) for part in item.parts if part.id in value
    ]


def age(since: timedelta) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    minutes = int(since.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"


def dialable(number: str) -> str:
    """Return the first number in a text as a telephone dials it, e.g. `911` of `911 (dispatch)`."""
    first = re.match(r"\s*\+?[0-9][0-9 ()/.\-]*", number)
    return re.sub(r"[^0-9+]", "", first.group() if first else number)


def item_words(state: ItemState) -> Words:
    """Return an item's state for a clinician."""
    if state.answer is None:
        return Words("plain", "Not answered")
    if state.clearance:
        return Words("ok" if state.fresh else "info", "Cleared" if state.fresh else "Ask again")
    if state.severity is Severity.OK:
        return Words("ok", "Fine") if state.fresh else Words("info", "Ask again")
    return Words(state.severity.word, state.severity.word.title())


def why_not_clear(state: ItemState) -> str:
    """Return why nobody, or not everybody, can clear an item; empty for a review."""
    if not state.stops or state.clearance:
        return ""
    if any(rule.hard for rule in state.stops):
        return "Cannot be cleared by anyone."
    if all(rule.rx for rule in state.stops):
        return "Only a prescriber can clear this, with a reason."
    return "Cannot be cleared. Only another answer can change it."


def patient_item_words(state: ItemState) -> Words:
    """Return an item's state for the patient: what is saved, and what follows from it."""
    if state.answer is None:
        return Words("plain", "To answer")
    if state.clearance is None and state.stops:
        tells = tuple(rule.tell for rule in state.stops if rule.tell)
        if state.item.mendable:
            return Words("review", "Needs fixing", tells)
        return Words("stop", "Not today", tells)
    if not state.fresh:
        return Words("info", "Please answer again")
    if state.open_severity is Severity.REVIEW:
        tells = tuple(dict.fromkeys(rule.tell for rule in state.met if rule.tell))
        return Words("review", "We will look at this", tells)
    return Words("ok", "Thank you")


def patient_verdict(state: CheckState, to_answer: int) -> Words:
    """Return where the patient stands. `to_answer`: the questions that wait for the patient."""
    if state.result == STOP and all(each.item.mendable for each in state.stopped):
        line = "See the tip below the question, then try it again. Your therapist can help."
        return Words("review", "Something needs fixing first", (line,))
    if state.result == STOP:
        lines = (
            "Thank you for answering honestly. Your therapist sees this and will call you.",
            "If you answered something by mistake, tell your therapist.",
        )
        return Words("stop", "Today is not the day, as things are", lines)
    if to_answer:
        count = "One question" if to_answer == 1 else f"{to_answer} questions"
        return Words("info", f"{count} to go", ("Every answer is saved at once. You can pause.",))
    if state.is_cleared and state.result == READY:
        line = "Your therapist has cleared your check. See you in the room."
        return Words("ok", "You are ready", (line,))
    line = "Your therapist looks at your answers now and may ask you about some."
    return Words("ok", "All answered, thank you", (line,))


def board_verdict(state: CheckState) -> Words:
    """Return where the check stands, for a clinician, with every open reason."""
    if state.result == STOP:
        return Words("stop", "Stop: no dosing as things are", state.reasons)
    if state.result == REVIEW:
        count = len(state.reviews)
        title = "1 answer to look at" if count == 1 else f"{count} answers to look at"
        return Words("review", title, state.reasons)
    if state.result == READY:
        title = "Cleared for dosing" if state.is_cleared else "Ready to be cleared"
        return Words("ok", title)
    done = len(state.items) - len(state.missing)
    return Words("info", f"Not finished: {done} of {len(state.items)} answered", state.reasons)
