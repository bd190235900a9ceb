"""Limits: what they let through over any time, and how little they keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import TooOften
from app.kernel.limits import Limit

#: Who asks, and how long after the one before.
asked = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 3)), max_size=60)


class Clock:
    def __init__(self):
        self.time = 1000.0

    def __call__(self):
        return self.time


def lets_through(limit: Limit, key: str) -> bool:
    try:
        limit.spend(key)
    except TooOften:
        return False
    return True


@given(asked)
def test_letting_go_of_full_buckets_changes_no_answer(requests):
    clock = Clock()
    limit = Limit(rate=1, burst=4, now=clock)
    tokens = dict.fromkeys("abc", 4.0)
    for key, passed in requests:
        clock.time += passed
        tokens = {each: min(4.0, left + passed) for each, left in tokens.items()}
        may = tokens[key] >= 1 - 1e-9
        if abs(tokens[key] - 1) > 1e-6:
            assert lets_through(limit, key) is may
        elif not lets_through(limit, key):
            may = False
        tokens[key] -= may


def test_no_bucket_is_kept_for_those_who_came_once():
    clock = Clock()
    limit = Limit(rate=1, burst=10, now=clock)
    for number in range(5000):
        clock.time += 0.1
        limit.spend(f"somebody {number}")
        assert len(limit) <= 12


def test_a_crowd_at_once_is_held_within_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.kernel.limits.MOST_BUCKETS", 100)
    limit = Limit(rate=1, burst=10, now=Clock())
    for number in range(300):
        limit.spend(f"stranger {number}")
        assert len(limit) <= 100
    assert [lets_through(limit, "stranger 299") for _ in range(10)] == [True] * 9 + [False]
