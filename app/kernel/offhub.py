"""Work that burns the processor or waits inside C, kept off the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import gevent
from gevent import monkey

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def off_hub(work: Callable[[], T]) -> T:
    """Return `work()`; under gevent run it in a thread, so that other greenlets go on."""
    if monkey.is_module_patched("threading"):
        result: T = gevent.get_hub().threadpool.apply(work)
        return result
    return work()
