"""The phases of a visit and the legal moves between them (clinical.md 4.1)."""

from __future__ import annotations

from typing import Final

FIRST: Final = "arrival"
DOSING: Final = "dosing"
LAST: Final = "ended"

#: Phase -> where it may lead. Order is the order of a whole visit. A visit may be brought to its
#: close from everywhere, and nothing leads back before a dose.
MOVES: Final[dict[str, tuple[str, ...]]] = {
    "arrival": ("settling", "dosing", "closing"),
    "settling": ("dosing", "closing"),
    "dosing": ("absorbing", "closing"),
    "absorbing": ("peak", "closing"),
    "peak": ("softening", "closing"),
    "softening": ("return", "closing"),
    "return": ("closing",),
    "closing": ("ended",),
    "ended": (),
}
PHASES: Final = tuple(MOVES)

#: What people read.
NAMES: Final = {
    "arrival": "Arriving",
    "settling": "Settling in",
    "dosing": "Taking the medicine",
    "absorbing": "Absorbing",
    "peak": "Peak",
    "softening": "Softening",
    "return": "Returning",
    "closing": "Closing",
    "ended": "Ended",
}


def is_legal(now: str, then: str) -> bool:
    """Tell whether the phase `then` may follow the phase `now`."""
    return then in MOVES.get(now, ())
