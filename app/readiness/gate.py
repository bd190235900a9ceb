"""The gate to dosing: open or not, and why not, in a sentence without any answer in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.readiness.checks import CheckState


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether dosing may begin at this moment."""

    open: bool
    why: str


NO_CHECK: Final = Gate(open=False, why="The readiness check has not begun.")
NO_DOSING: Final = Gate(open=False, why="This visit is not for dosing.")
OPEN: Final = Gate(open=True, why="The readiness check is passed and cleared.")


def passed(state: CheckState) -> Gate:
    """Return the gate for clearing the whole check: everything except that clearance."""
    if state.stopped:
        return Gate(open=False, why="The readiness check says stop. Dosing is not possible today.")
    if state.missing:
        return Gate(open=False, why=_missing(state))
    if state.reviews:
        count = len(state.reviews)
        answers = "1 answer" if count == 1 else f"{count} answers"
        return Gate(open=False, why=f"The readiness check has {answers} still to be looked at.")
    return OPEN


def dosing(state: CheckState) -> Gate:
    """Return the gate to dosing: all passed, and cleared as a whole after the last change."""
    gate = passed(state)
    if not gate.open:
        return gate
    if state.clearance is None:
        return Gate(open=False, why="The therapist has not cleared the readiness check yet.")
    if not state.is_cleared:
        why = "The readiness check has changed since it was cleared. It must be cleared again."
        return Gate(open=False, why=why)
    return OPEN


def _missing(state: CheckState) -> str:
    old = sum(each.answer is not None for each in state.missing)
    new = len(state.missing) - old
    parts = [
        f"{count} {'answer is' if count == 1 else 'answers are'} {how}"
        for count, how in ((new, "missing"), (old, "too old and must be given again"))
        if count
    ]
    return f"The readiness check is not finished: {' and '.join(parts)}."
