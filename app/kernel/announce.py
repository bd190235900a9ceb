"""Domain events: how a lower floor tells a higher one without knowing it.

A listener runs at once, inside the announcer's transaction, so what it writes stands or falls
with the rest. `factory` lists who listens.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_listeners: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def listen(kind: type[Any], listener: Callable[[Any], None]) -> None:
    """Call `listener` with every announced fact of `kind`. Listing it twice changes nothing."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def announce(fact: object) -> None:
    """Tell every listener of this fact's type."""
    for listener in _listeners[type(fact)]:
        listener(fact)
