"""Long work of the processor, in one thread that gives way to everything else.

A thread takes its share of a core from the thread that serves everybody, whether or not it holds
Python's lock. So there is one such thread, and the kernel runs it when nobody else wants the core.
"""

from __future__ import annotations

import os
import threading
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from gevent import monkey
from gevent.threadpool import ThreadPool

if TYPE_CHECKING:
    from collections.abc import Callable

#: As in nice(1): a tenth of the weight of ordinary work. Not the least, so that it does go on.
NICENESS = 10

T = TypeVar("T")


def in_background(work: Callable[[], T]) -> T:
    """Return `work()`, which must not touch the database; one such work runs at a time."""
    if not monkey.is_module_patched("threading"):
        return work()
    result: T = _pool().apply(work)
    return result


@cache
def _pool() -> ThreadPool:
    pool = ThreadPool(1)
    pool.apply(_give_way)
    return pool


def _give_way() -> None:
    # Linux counts niceness by thread; elsewhere this would be the whole process's.
    if os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
