"""Faults to plant into the evidence of a run, so that the checker must find them.

Each takes a copy of evidence without fault, spoils it, and returns which kind must be found.
"""

from collections.abc import Callable
from copy import copy, deepcopy
from dataclasses import replace

from tests.faults.checker import BY_PEOPLE, check
from tests.faults.history import FAIL, OK, Event, Evidence, Op, Screen

Plant = Callable[[Evidence], str]


def lose_a_row(evidence: Evidence) -> str:
    evidence.rows.remove(_row(evidence, _acked(evidence)))
    return "lost"


def store_twice(evidence: Evidence) -> str:
    row = _row(evidence, _acked(evidence))
    evidence.rows.append(replace(row, seq=_head(evidence, row) + 1))
    return "doubled"


def skip_a_number(evidence: Evidence) -> str:
    row = _row(evidence, _acked(evidence))
    evidence.rows.remove(row)
    evidence.rows.append(replace(row, seq=_head(evidence, row) + 2))
    return "gaps"


def swap_rows(evidence: Evidence) -> str:
    one, other = _neighbours(evidence)
    for row, seq in ((one, other.seq), (other, one.seq)):
        evidence.rows.remove(row)
        evidence.rows.append(replace(row, seq=seq))
    return "moved"


def alter_a_row(evidence: Evidence) -> str:
    row = _row(evidence, _acked(evidence))
    evidence.rows.remove(row)
    evidence.rows.append(replace(row, body='{"text": "other words"}'))
    return "altered"


def change_the_author(evidence: Evidence) -> str:
    row = _row(evidence, _acked(evidence))
    evidence.rows.remove(row)
    evidence.rows.append(replace(row, by="somebody else"))
    return "altered"


def store_what_was_refused(evidence: Evidence) -> str:
    _acked(evidence).outcome = FAIL
    return "revived"


def make_up_a_row(evidence: Evidence) -> str:
    row = _row(evidence, _acked(evidence))
    evidence.rows.append(replace(row, key="made up", seq=_head(evidence, row) + 1))
    return "unasked"


def place_behind_a_later_one(evidence: Evidence) -> str:
    one, other = _neighbours(evidence)
    first, second = _op(evidence, one), _op(evidence, other)
    first.invoked_at = (second.acked_at or 0.0) + 1.0
    first.acked_at = first.invoked_at + 1.0
    return "stale"


def miss_one_on_a_screen(evidence: Evidence) -> str:
    _shown(evidence).pop()
    return "missed"


def show_one_twice(evidence: Evidence) -> str:
    shown = _shown(evidence)
    shown.append(shown[-1])
    return "repeated"


def swap_on_a_screen(evidence: Evidence) -> str:
    shown = _shown(evidence)
    shown[-1], shown[-2] = shown[-2], shown[-1]
    return "reordered"


def alter_on_a_screen(evidence: Evidence) -> str:
    shown = _shown(evidence)
    shown[-1] = replace(shown[-1], body='{"text": "other words"}')
    return "altered"


def show_one_of_another_visit(evidence: Evidence) -> str:
    screen = _patient(evidence)
    screen.strange.append(next(row for row in evidence.rows if row.visit != screen.visit))
    return "leaked"


def show_the_patient_what_is_for_staff(evidence: Evidence) -> str:
    screen = _patient(evidence)
    screen.strange.append(_for_staff(evidence, screen))
    return "leaked"


def show_it_under_the_rooms_name(evidence: Evidence) -> str:
    screen = _patient(evidence)
    secret = _for_staff(evidence, screen)
    screen.shown["room"].append(replace(secret, channel="room", seq=screen.last("room") + 1))
    return "leaked"


PLANTS: tuple[Plant, ...] = (
    lose_a_row,
    store_twice,
    skip_a_number,
    swap_rows,
    alter_a_row,
    change_the_author,
    store_what_was_refused,
    make_up_a_row,
    place_behind_a_later_one,
    miss_one_on_a_screen,
    show_one_twice,
    swap_on_a_screen,
    alter_on_a_screen,
    show_one_of_another_visit,
    show_the_patient_what_is_for_staff,
    show_it_under_the_rooms_name,
)


def caught(evidence: Evidence) -> dict[str, bool]:
    """Plant each fault into a copy of two visits; return which of them the checker found."""
    two = {screen.visit for screen in evidence.screens[:4]}
    return {plant.__name__: _is_caught(plant, _copy(evidence, two)) for plant in PLANTS}


def _is_caught(plant: Plant, spoilt: Evidence) -> bool:
    kind = plant(spoilt)
    return bool(check(spoilt)[kind])


def _copy(evidence: Evidence, visits: set[str]) -> Evidence:
    return Evidence(
        [copy(op) for op in evidence.ops if op.visit in visits],
        [row for row in evidence.rows if row.visit in visits],
        [deepcopy(screen) for screen in evidence.screens if screen.visit in visits],
    )


def _place(row: Event) -> tuple[str, str]:
    return row.visit, row.channel


def _head(evidence: Evidence, row: Event) -> int:
    return max((e.seq for e in evidence.rows if _place(e) == _place(row)), default=0)


def _acked(evidence: Evidence) -> Op:
    return next(op for op in evidence.ops if op.outcome == OK)


def _row(evidence: Evidence, op: Op) -> Event:
    return next(row for row in evidence.rows if row.key == op.key)


def _op(evidence: Evidence, row: Event) -> Op:
    return next(op for op in evidence.ops if op.key == row.key)


def _neighbours(evidence: Evidence) -> tuple[Event, Event]:
    """Two acknowledged events that follow each other in one channel."""
    acked = {op.key for op in evidence.ops if op.outcome == OK}
    placed = {(*_place(row), row.seq): row for row in evidence.rows if row.key in acked}
    return next(
        (row, placed[visit, channel, seq + 1])
        for (visit, channel, seq), row in placed.items()
        if (visit, channel, seq + 1) in placed
    )


def _patient(evidence: Evidence) -> Screen:
    return next(screen for screen in evidence.screens if screen.channels == ("room",))


def _shown(evidence: Evidence) -> list[Event]:
    return next(shown for screen in evidence.screens if len(shown := screen.shown["room"]) > 1)


def _for_staff(evidence: Evidence, screen: Screen) -> Event:
    return next(
        row
        for row in evidence.rows
        if row.visit == screen.visit and row.channel == "staff" and row.kind in BY_PEOPLE
    )
