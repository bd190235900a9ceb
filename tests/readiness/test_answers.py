"""Reading answers: what fits is kept in one form, and what does not is refused by its part."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import BadRequest
from app.readiness.answers import read
from app.readiness.demonstration import good_answers
from app.readiness.items import template
from app.readiness.words import age, dialable

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
ITEMS = template().items
VITALS = {"systolic": 120, "diastolic": 80, "heart_rate": 70, "spo2": 98}
SITTER = {"name": "Ruth", "phone": "+1 503", "adult": "yes", "known": "yes"}


@pytest.mark.parametrize(
    ("item", "value", "part"),
    [
        ("fallback", {}, "answer"),
        ("fallback", {"answer": ""}, "answer"),
        ("fallback", {"answer": "maybe"}, "answer"),
        ("fallback", {"answer": ["yes"]}, "answer"),
        ("fallback", {"answer": {"yes": 1}}, "answer"),
        ("fallback", {"answer": "yes", "more": "x"}, "value"),
        ("vitals", {**VITALS, "systolic": 80}, "systolic"),
        ("vitals", {**VITALS, "systolic": 79}, "systolic"),
        ("vitals", {**VITALS, "systolic": 261}, "systolic"),
        ("vitals", {**VITALS, "systolic": 59}, "systolic"),
        ("vitals", {**VITALS, "diastolic": 161}, "diastolic"),
        ("vitals", {**VITALS, "diastolic": 29}, "diastolic"),
        ("vitals", {**VITALS, "heart_rate": 221}, "heart_rate"),
        ("vitals", {**VITALS, "heart_rate": 29}, "heart_rate"),
        ("vitals", {**VITALS, "spo2": 101}, "spo2"),
        ("vitals", {**VITALS, "spo2": 49}, "spo2"),
        ("vitals", {**VITALS, "spo2": 97.5}, "spo2"),
        ("vitals", {**VITALS, "spo2": "97,5"}, "spo2"),
        ("vitals", {**VITALS, "spo2": True}, "spo2"),
        ("vitals", {**VITALS, "spo2": "nan"}, "spo2"),
        ("vitals", {**VITALS, "spo2": float("inf")}, "spo2"),
        ("vitals", {**VITALS, "spo2": 10**400}, "spo2"),
        ("vitals", {**VITALS, "spo2": None}, "spo2"),
        ("distress", {"level": 11}, "level"),
        ("distress", {"level": -1}, "level"),
        ("sitter", {**SITTER, "name": "a\x00b"}, "name"),
        ("sitter", {**SITTER, "name": "x" * 121}, "name"),
        ("sitter", {**SITTER, "name": 7}, "name"),
        ("sitter", {**SITTER, "name": "  "}, "name"),
        ("sitter", {**SITTER, "phone": "call me"}, "phone"),
        ("sitter", {**SITTER, "phone": "+"}, "phone"),
        ("solid_food", {"at": "yesterday"}, "at"),
        ("solid_food", {"at": "2026-11-22T08:00"}, "at"),
        ("solid_food", {"at": "2026-11-22T14:03:00Z"}, "at"),
        ("solid_food", {"at": "2026-11-01T08:00:00Z"}, "at"),
        ("solid_food", {"at": 1_700_000_000}, "at"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_part(item, value, part):
    with pytest.raises(BadRequest) as refused:
        read(ITEMS[item], value, now=NOW)
    assert refused.value.field == part
    assert refused.value.message


def test_what_a_form_sends_as_text_is_kept_as_numbers():
    sent = {name: str(number) for name, number in VITALS.items()}
    assert read(ITEMS["vitals"], sent, now=NOW) == VITALS


def test_text_is_trimmed_and_what_is_optional_may_stay_empty():
    value = read(ITEMS["emergency_contact"], {"name": "  Sam  ", "phone": ""}, now=NOW)
    assert value == {"name": "Sam"}


def test_every_good_answer_is_read():
    for item, value in good_answers().items():
        assert read(ITEMS[item], value, now=datetime.now(UTC) + timedelta(minutes=1))  # noqa: TID251  (made of now)


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(list(ITEMS.values())), st.data())
def test_whatever_comes_is_read_or_refused(item, data):
    names = st.sampled_from([part.id for part in item.parts]) | st.text()
    raw = data.draw(st.dictionaries(names, junk))
    known = {part.id for part in item.parts}
    with suppress(BadRequest):
        assert set(read(item, raw, now=NOW)) <= known


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("911 (dispatch line 503-555-0111)", "911"),
        ("+1 (503) 555-0111", "+15035550111"),
        ("112", "112"),
        ("ask for 112", "112"),
    ],
)
def test_a_number_is_dialled_as_it_begins(number, dialled):
    assert dialable(number) == dialled


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.5, "just now"),
        (3, "3 min ago"),
        (119, "119 min ago"),
        (130, "2 h ago"),
        (4000, "2 days ago"),
    ],
)
def test_ages_are_told_in_the_unit_that_fits(minutes, words):
    assert age(timedelta(minutes=minutes)) == words
