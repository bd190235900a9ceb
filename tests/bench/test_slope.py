"""The line through readings: it finds growth that is there, and none in noise."""

import random

import pytest

from bench.slope import BLOCKS, fit

SECONDS = [float(at) for at in range(0, 1800, 5)]


def noisy(per_hour: float, *, seed: int) -> list[float]:
    """Return readings of some 100 MiB that wander a little and grow by so much an hour."""
    chance = random.Random(seed)  # noqa: S311  (noise)
    wander, values = 0.0, []
    for at in SECONDS:
        wander = wander * 0.8 + chance.gauss(0, 0.05)
        values.append(100 + wander + per_hour * at / 3600)
    return values


def test_growth_is_found_and_its_size_too():
    slope = fit(SECONDS, noisy(6, seed=1))
    assert slope.low < 6 < slope.high
    assert slope.exceeds(1)
    assert not slope.exceeds(7)


def test_noise_is_no_growth():
    false_alarms = sum(fit(SECONDS, noisy(0, seed=seed)).exceeds(1) for seed in range(100))
    assert false_alarms == 0
    unsure = sum(fit(SECONDS, noisy(0, seed=seed)).low > 0 for seed in range(200))
    assert unsure <= 12  # of 200; 5 at an interval of 95 %


def test_what_shrinks_does_not_grow():
    assert not fit(SECONDS, noisy(-6, seed=2)).exceeds(0)


def test_too_few_readings_say_nothing():
    with pytest.raises(ValueError, match="too few"):
        fit(SECONDS[: BLOCKS - 1], [1.0] * (BLOCKS - 1))
