"""Group commit: works that arrive together share one transaction and one sync to disk.

There is no committer thread. Whoever finds the lock free leads: it takes all that waits, runs
it in one transaction, and hands each waiting caller its own result. While the leader waits for
the disk, the next works gather.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from app.kernel.db import UNAVAILABLE, db, transaction
from app.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Around = Callable[[Sequence[object]], AbstractContextManager[None]]

T = TypeVar("T")

#: The most works in one transaction, so that the first of them does not wait for too many.
LARGEST_BATCH = 256


def _nothing_around(_works: Sequence[object]) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(slots=True)
class _Entry:
    work: Callable[[], Any]
    done: bool = False
    result: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        """Do the work; keep a refusal as its outcome. Raises anything else."""
        self.result, self.error = None, None
        try:
            self.result = self.work()
        except Refusal as refusal:
            self.error = refusal


class GroupCommit:
    """A queue of works in front of the database.

    A work is a call without arguments that reads and writes through `db.session`. It refuses
    (raises a Refusal) before it writes; any other error undoes the batch, whose works are then
    run one by one, so that a bad work never fails its neighbours. Only a database that is away
    fails all that wait for it.
    """

    def __init__(self, around: Around = _nothing_around) -> None:
        """Begin with an empty queue. Each batch runs inside `around(works)`."""
        self._around = around
        self._waiting: deque[_Entry] = deque()
        self._lead = threading.Lock()

    def run(self, work: Callable[[], T]) -> T:
        """Return the work's result once it is durable. Raises what work or commit raises."""
        entry = _Entry(work)
        self._waiting.append(entry)
        with self._lead:
            while not entry.done:
                self._commit_together()
        if entry.error is not None:
            raise entry.error
        result: T = entry.result
        return result

    def _commit_together(self) -> None:
        size = min(len(self._waiting), LARGEST_BATCH)
        batch = [self._waiting.popleft() for _ in range(size)]
        try:
            self._run(batch)
        except Exception as error:  # noqa: BLE001  (handed to the callers below, none is lost)
            self._settle_alone(batch, error)
        finally:
            db.done()
            for entry in batch:
                entry.done = True

    def _run(self, batch: list[_Entry]) -> None:
        with transaction(), self._around([entry.work for entry in batch]):
            for entry in batch:
                entry.run()

    def _settle_alone(self, batch: list[_Entry], error: Exception) -> None:
        if len(batch) == 1 or isinstance(error, UNAVAILABLE):
            for entry in batch:
                entry.error = error
            return
        for entry in batch:
            try:
                self._run([entry])
            except Exception as own:  # noqa: BLE001  (it is this entry's own outcome)
                entry.error = own
