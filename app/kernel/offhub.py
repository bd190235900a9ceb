"""Work beside the caller: in a thread where it would hold up the hub, else in a greenlet."""

from __future__ import annotations

import threading
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


def start(work: Callable[[], None]) -> None:
    """Have `work()` done beside the caller, who goes on: in a greenlet, or else in a thread."""
    if monkey.is_module_patched("threading"):
        gevent.spawn(work)
    else:
        threading.Thread(target=work, daemon=True).start()
