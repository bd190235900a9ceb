"""The checker finds each fault that is planted, and nothing where there is none."""

import itertools
from copy import deepcopy

import pytest

from tests.faults.checker import SENTENCES, check
from tests.faults.history import FAIL, OK, UNKNOWN, Event, Evidence, Op, Screen
from tests.faults.plants import PLANTS, Plant

MEMBERS = {
    "patient": ("room",),
    "therapist": ("room", "sitter", "staff"),
    "prescriber": ("room", "sitter", "staff"),
}


def converse(visit: str) -> Evidence:
    """A visit in which everything went well: each member says three things where they may."""
    ops, rows, clock = [], [], itertools.count()
    screens = [Screen(visit, channels, f"{visit} {role}") for role, channels in MEMBERS.items()]
    said = ((role, ch) for _ in range(3) for role, channels in MEMBERS.items() for ch in channels)
    heads = dict.fromkeys(MEMBERS["therapist"], 0)
    for number, (role, channel) in enumerate(said):
        heads[channel] += 1
        op = Op(f"{visit}-{number}", visit, channel, "message.posted", f"“{number}”", role)
        op.outcome, op.seq = OK, heads[channel]
        op.invoked_at, op.acked_at = next(clock), next(clock)
        ops.append(op)
        rows.append(Event(visit, channel, op.seq, op.key, op.kind, op.by, op.body))
    for screen, row in itertools.product(screens, rows):
        if row.channel in screen.channels:
            screen.receive(row)
    return Evidence(ops, rows, screens)


@pytest.fixture
def evidence() -> Evidence:
    one, other = converse("one"), converse("other")
    return Evidence(one.ops + other.ops, one.rows + other.rows, one.screens + other.screens)


def found(evidence: Evidence) -> set[str]:
    findings = check(evidence)
    assert set(findings) == set(SENTENCES)
    return {kind for kind, keys in findings.items() if keys}


def drop(evidence: Evidence, op: Op) -> None:
    """Have the last event of a channel never have been stored."""
    evidence.rows[:] = [row for row in evidence.rows if row.key != op.key]
    for screen in evidence.screens:
        for shown in screen.shown.values():
            shown[:] = [event for event in shown if event.key != op.key]


def test_a_clean_run_has_no_finding(evidence):
    assert found(evidence) == set()


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(evidence, plant: Plant):
    assert plant(evidence) in found(evidence)


def test_every_kind_of_finding_has_its_plant(evidence):
    assert {plant(deepcopy(evidence)) for plant in PLANTS} == set(SENTENCES)


@pytest.mark.parametrize("outcome", [UNKNOWN, FAIL])
def test_what_was_not_acknowledged_may_be_absent(evidence, outcome):
    op = evidence.ops[-1]
    op.outcome, op.seq, op.acked_at = outcome, None, None
    drop(evidence, op)
    assert found(evidence) == set()


def test_what_nobody_knows_of_may_be_there_once(evidence):
    op = evidence.ops[-1]
    op.outcome, op.seq, op.acked_at = UNKNOWN, None, None
    assert found(evidence) == set()


def test_what_the_server_itself_adds_is_asked_of_nobody(evidence):
    row = Event("one", "room", 10, "own", "participant.lost", "patient", "{}")
    evidence.rows.append(row)
    assert found(evidence) == {"missed"}
    for screen in evidence.screens[:3]:
        screen.receive(row)
    assert found(evidence) == set()


def test_a_screen_waits_for_the_number_in_between_and_shows_each_once():
    rows = [Event("one", "room", seq, f"key {seq}", "k", "by", "{}") for seq in (1, 2, 3)]
    screen = Screen("one", ("room",))
    assert screen.receive(rows[0]) == [rows[0]]
    assert screen.receive(rows[2]) == []
    assert screen.behind == ["room"]
    assert screen.receive(rows[1]) == rows[1:]
    assert screen.receive(rows[1]) == []
    assert screen.behind == []
    assert screen.shown["room"] == rows


def test_a_screen_keeps_what_contradicts_it(evidence):
    screen = evidence.screens[0]
    first = screen.shown["room"][0]
    screen.receive(Event("one", "room", 1, "another", first.kind, first.by, first.body))
    assert "altered" in found(evidence)
