"""Work beside the caller: in a thread where it would hold up the hub, else in a greenlet."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar, cast

import gevent
from gevent import monkey

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def off_hub(work: Callable[[], T]) -> T:
    """Return `work()`; under gevent run it in a thread, so that other greenlets go on."""
    if not monkey.is_module_patched("threading"):
        return work()
    result, error = gevent.get_hub().threadpool.apply(_tried, (work,))
    if error is not None:
        raise error
    return cast("T", result)


def _tried(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """Keep a failure from gevent's own report, which prints it with all that it says."""
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001  (raised where the work was asked for)
        return None, error


def start(work: Callable[[], None]) -> None:
    """Have `work()` done beside the caller, who goes on: in a greenlet, or else in a thread."""
    if monkey.is_module_patched("threading"):
        gevent.spawn(work)
    else:
        threading.Thread(target=work, daemon=True).start()
