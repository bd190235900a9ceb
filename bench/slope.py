"""Whether a figure grows: a straight line through it, and how sure one can be of its slope."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import fmean

#: Readings that follow each other are alike, so they are averaged into so many blocks first.
BLOCKS = 20


@dataclass(frozen=True, slots=True)
class Slope:
    """Growth an hour, with its 95 % interval."""

    per_hour: float
    low: float
    high: float

    def exceeds(self, limit: float) -> bool:
        """Tell whether it grows beyond doubt, and by more than `limit` an hour."""
        return self.low > 0 and self.per_hour > limit


def fit(seconds: list[float], values: list[float]) -> Slope:
    """Return the least-squares slope. Raises ValueError for fewer readings than blocks."""
    if len(values) < BLOCKS:
        message = f"{len(values)} readings are too few for a slope."
        raise ValueError(message)
    xs, ys = _blocks(seconds), _blocks(values)
    middle, level = fmean(xs), fmean(ys)
    spread = sum((x - middle) ** 2 for x in xs)
    slope = sum((x - middle) * (y - level) for x, y in zip(xs, ys, strict=True)) / spread
    missed = sum((y - level - slope * (x - middle)) ** 2 for x, y in zip(xs, ys, strict=True))
    freedom = BLOCKS - 2
    # Student's t for 97.5 %, to a hundredth for as many degrees of freedom as there are here.
    margin = (1.96 + 2.4 / freedom) * sqrt(missed / freedom / spread)
    return Slope(slope * 3600, (slope - margin) * 3600, (slope + margin) * 3600)


def _blocks(values: list[float]) -> list[float]:
    """Return the means of equal parts; what is left over at the beginning is dropped."""
    size = len(values) // BLOCKS
    kept = values[len(values) - size * BLOCKS :]
    return [fmean(kept[start : start + size]) for start in range(0, len(kept), size)]
