"""The rules, whatever is answered: a stop is never ready, worse is never better."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.actor import Role
from app.kernel.clock import rfc3339
from app.readiness import gate
from app.readiness.checks import READY, REVIEW, STOP, UNFINISHED, CheckState, Cleared, Given, fold
from app.readiness.demonstration import good_answers
from app.readiness.items import ContentError, Item, Part, parse, template, versions
from app.readiness.rules import Severity, judge, severity

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
TEMPLATE = template()
ITEMS = list(TEMPLATE.items.values())
ROLES = [*Role]


def values(part: Part) -> st.SearchStrategy[Any]:
    """Every value that a part can hold."""
    if part.type == "choice":
        return st.sampled_from(list(part.options))
    if part.type in {"number", "scale"}:
        numbers = st.integers(int(part.least), min(int(part.most), 1000))
        return numbers | st.floats(0, 20) if part.decimals else numbers
    if part.type == "time":
        minutes = st.integers(0, part.most_hours_ago * 60)
        return minutes.map(lambda ago: rfc3339(NOW - timedelta(minutes=ago)))
    texts = st.sampled_from(["", "+1 555 010 0199", "Ruth"])
    return st.none() | texts if part.optional else texts


def answers_to(item: Item) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({part.id: values(part) for part in item.parts})


any_answers = st.fixed_dictionaries({}, optional={item.id: answers_to(item) for item in ITEMS})
full_answers = st.fixed_dictionaries({item.id: answers_to(item) for item in ITEMS})


def given_answers(answers: dict[str, Any]) -> list[Given]:
    return [
        Given(f"a-{item}", item, value, NOW, "Ada", "patient", TEMPLATE.version, change)
        for change, (item, value) in enumerate(answers.items(), start=1)
    ]


def state_of(answers: dict[str, Any], clearances: tuple[Cleared, ...] = ()) -> CheckState:
    change = len(answers) + len(clearances)
    return fold(TEMPLATE, given_answers(answers), clearances, change=change, at=NOW)


def cleared(answers: dict[str, Any], roles: list[str]) -> tuple[Cleared, ...]:
    """Everything cleared that can be named, and the check as a whole last of all."""
    made = [
        Cleared(f"c-{number}", f"a-{item}", "We spoke.", NOW, "Mara", role, len(answers) + number)
        for number, (item, role) in enumerate(zip(answers, roles, strict=False), start=1)
    ]
    whole = len(answers) + len(made) + 1
    return (*made, Cleared("whole", None, "", NOW, "Mara", Role.THERAPIST, whole))


def good() -> dict[str, Any]:
    """Answers without a flaw, as of NOW."""
    ago = rfc3339(NOW - timedelta(hours=9))
    return {**good_answers(), "solid_food": {"at": ago}, "liquid": {"at": ago}}


@given(any_answers, st.lists(st.sampled_from(ROLES), max_size=len(ITEMS)))
def test_no_answers_with_a_stop_are_ready_whoever_cleared_what(answers, roles):
    state = state_of(answers, cleared(answers, roles))
    for each in state.items:
        if not each.stops:
            continue
        by_prescriber = each.clearance is not None and each.clearance.role == Role.PRESCRIBER
        if by_prescriber and all(rule.rx for rule in each.stops):
            continue
        assert each.clearance is None
        assert state.result == STOP
        assert not gate.passed(state).open
        assert not gate.dosing(state).open


@given(any_answers)
def test_without_clearances_any_stop_stops(answers):
    state = state_of(answers)
    has_stop = any(each.severity is Severity.STOP for each in state.items)
    assert (state.result == STOP) is has_stop


@settings(max_examples=50)
@given(full_answers, st.sampled_from(ITEMS), st.data())
def test_a_worse_answer_never_improves_the_result(answers, item, data):
    order = [READY, REVIEW, STOP]
    before = state_of(answers)
    value = data.draw(answers_to(item))
    after = state_of({**answers, item.id: value})
    worse = after.by_id[item.id].severity >= before.by_id[item.id].severity
    assert UNFINISHED not in {before.result, after.result}
    if worse:
        assert order.index(after.result) >= order.index(before.result)
    else:
        assert order.index(after.result) <= order.index(before.result)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_further_from_the_good_range_is_never_better(item):
    """Along each number the severity falls to the good range and rises after it, in one valley."""
    for part in item.parts:
        if part.type not in {"number", "scale"}:
            continue
        base = {**good()[item.id], **({"plugged": "no"} if item.id == "power" else {})}
        steps = range(int(part.least), min(int(part.most), 700) + 1)
        line = [
            severity(judge(item.rules, {**base, part.id: step}, answered_at=NOW)) for step in steps
        ]
        best = line.index(min(line))
        assert line[: best + 1] == sorted(line[: best + 1], reverse=True), part.id
        assert line[best:] == sorted(line[best:]), part.id


@given(any_answers)
def test_every_result_says_why(answers):
    state = state_of(answers)
    for each in state.items:
        assert (each.severity is Severity.OK) == (each.reasons == ())
    if state.result in {REVIEW, STOP}:
        assert state.reasons
    assert gate.dosing(state).why


@settings(max_examples=50)
@given(full_answers)
def test_the_gate_tells_no_answer(answers):
    why = gate.dosing(state_of(answers)).why
    for item in ITEMS:
        for rule in item.rules:
            assert rule.reason not in why


def test_good_answers_are_ready_and_open_once_cleared():
    state = state_of(good())
    assert state.result == READY
    assert not gate.dosing(state).open
    assert gate.dosing(state_of(good(), cleared(good(), []))).open


LIMITS = [
    ("power", {"plugged": "no", "level": 19}, STOP),
    ("power", {"plugged": "no", "level": 20}, REVIEW),
    ("power", {"plugged": "no", "level": 50}, REVIEW),
    ("power", {"plugged": "no", "level": 51}, READY),
    ("power", {"plugged": "yes", "level": 3}, READY),
    ("connection", {"up_mbps": 0.49}, STOP),
    ("connection", {"up_mbps": 0.5}, REVIEW),
    ("connection", {"up_mbps": 1.5}, READY),
    ("connection", {"loss_percent": 10.1}, STOP),
    ("connection", {"loss_percent": 10}, REVIEW),
    ("connection", {"loss_percent": 2.9}, READY),
    ("connection", {"round_trip_ms": 301}, REVIEW),
    ("connection", {"round_trip_ms": 300}, READY),
    ("emergency_care", {"minutes": 31}, REVIEW),
    ("emergency_care", {"minutes": 30}, READY),
    ("vitals", {"systolic": 160}, STOP),
    ("vitals", {"systolic": 159}, REVIEW),
    ("vitals", {"systolic": 140}, REVIEW),
    ("vitals", {"systolic": 139}, READY),
    ("vitals", {"systolic": 90}, READY),
    ("vitals", {"systolic": 89}, STOP),
    ("vitals", {"diastolic": 90}, STOP),
    ("vitals", {"diastolic": 89}, READY),
    ("vitals", {"diastolic": 50}, READY),
    ("vitals", {"diastolic": 49}, REVIEW),
    ("vitals", {"heart_rate": 100}, STOP),
    ("vitals", {"heart_rate": 99}, READY),
    ("vitals", {"heart_rate": 49}, REVIEW),
    ("vitals", {"heart_rate": 44}, STOP),
    ("vitals", {"spo2": 95}, READY),
    ("vitals", {"spo2": 94}, REVIEW),
    ("vitals", {"spo2": 91}, STOP),
    ("distress", {"level": 9}, STOP),
    ("distress", {"level": 7}, REVIEW),
    ("distress", {"level": 6}, READY),
    ("willing", {"level": 4}, REVIEW),
    ("willing", {"level": 5}, READY),
    ("phq9_item9", {"answer": "1"}, REVIEW),
    ("asq", {"tried": "yes"}, REVIEW),
    ("asq", {"now": "yes"}, STOP),
]


@pytest.mark.parametrize(("item", "part", "result"), LIMITS, ids=str)
def test_limits_are_those_of_the_clinical_table(item, part, result):
    answers = good()
    answers[item] = {**answers[item], **part}
    assert state_of(answers).result == result


@pytest.mark.parametrize(
    ("item", "minutes", "result"),
    [
        ("solid_food", 239, STOP),
        ("solid_food", 240, REVIEW),
        ("solid_food", 359, REVIEW),
        ("solid_food", 360, READY),
        ("liquid", 29, STOP),
        ("liquid", 30, REVIEW),
        ("liquid", 119, REVIEW),
        ("liquid", 120, READY),
    ],
)
def test_fasting_counts_from_the_answer(item, minutes, result):
    answers = {**good(), item: {"at": rfc3339(NOW - timedelta(minutes=minutes))}}
    assert state_of(answers).result == result


def test_every_group_of_the_first_slice_has_two_items():
    for group in ("device", "network", "place", "people", "body", "mind", "consent", "after"):
        assert sum(item.group == group for item in ITEMS) >= 2, group


def test_vitals_identity_and_place_are_fresh_for_an_hour_and_the_rest_for_a_day():
    hour = {item.id for item in ITEMS if item.fresh_minutes == 60}
    assert hour == {"address", "emergency_care", "identity", "vitals"}
    assert {item.fresh_minutes for item in ITEMS} == {60, 24 * 60}


def test_every_rule_names_its_source_and_every_version_holds_together():
    assert all(item.source and item.why for item in ITEMS)
    assert [template(version).version for version in versions()] == list(versions())


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"group": "nowhere"}, "group"),
        ({"by": ["stranger"]}, "by"),
        ({"rules": [{"when": {"x": {"is": []}}, "result": "stop", "reason": "r"}]}, "rule's part"),
        ({"rules": [{"when": {"a": {"like": 1}}, "result": "stop", "reason": "r"}]}, "rule's test"),
        (
            {"rules": [{"when": {}, "result": "review", "hard": True, "reason": "r"}]},
            "rule's mark",
        ),
        ({"rules": [{"when": {}, "result": "worse", "reason": "r"}]}, "WORSE"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_version_that_contradicts_itself_is_refused(change, complaint):
    item = {
        "id": "one",
        "number": 1,
        "group": "device",
        "title": "t",
        "ask": "a",
        "why": "w",
        "by": ["patient"],
        "source": "s",
        "parts": [{"id": "a", "type": "number", "label": "l"}],
        "rules": [],
        **change,
    }
    data = {
        "version": "x",
        "groups": [{"id": "device", "title": "t", "board_title": "t"}],
        "items": [item],
        "urgent": {},
        "emergency_number": {"item": "one", "part": "a"},
    }
    with pytest.raises(ContentError, match=complaint):
        parse(data)
