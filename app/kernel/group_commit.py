"""Group commit: works that arrive together share one transaction and one sync to disk.

There is no committer thread. Whoever comes when nobody leads, leads: it takes all that waits, runs
it in one transaction, hands each waiting caller its own result, and then the lead to whoever
waits longest. While the leader waits for the disk, the next works gather. Each caller waits for
its own entry and not for one lock in common: there, those already done would hold up the next
batch, and hardly two works would ever share a sync.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
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


def _shut() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Entry:
    work: Callable[[], Any]
    done: bool = False
    result: Any = None
    error: BaseException | None = None
    leads: bool = False
    turn: threading.Lock = field(default_factory=_shut)

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
        """Begin with an empty queue and nobody leading. Each batch runs inside `around(works)`."""
        self._around = around
        self._waiting: deque[_Entry] = deque()
        self._guard = threading.Lock()
        self._led = False

    def run(self, work: Callable[[], T]) -> T:
        """Return the work's result once it is durable. Raises what work or commit raises."""
        entry = _Entry(work)
        if not self._joins_as_leader(entry):
            self._follow(entry)
        if not entry.done:
            self._lead(entry)
        if entry.error is not None:
            raise entry.error
        result: T = entry.result
        return result

    def finish(self, *, within: float) -> bool:
        """Wait until nobody leads and nothing waits; return whether that came in time."""
        deadline = time.monotonic() + within
        while self._led or self._waiting:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def _joins_as_leader(self, entry: _Entry) -> bool:
        with self._guard:
            self._waiting.append(entry)
            entry.leads, self._led = not self._led, True
        return entry.leads

    def _follow(self, entry: _Entry) -> None:
        """Wait until the entry is done or is to lead; one whose caller is ended steps back."""
        try:
            entry.turn.acquire()
        except BaseException:
            with self._guard:
                if entry in self._waiting:
                    self._waiting.remove(entry)
                if entry.leads and not entry.done:
                    self._hand_on()
            raise

    def _lead(self, entry: _Entry) -> None:
        """Commit until the entry is done, then hand the lead to whoever waits longest."""
        try:
            while not entry.done:
                self._commit_together()
        finally:
            with self._guard:
                self._hand_on()

    def _hand_on(self) -> None:
        self._led = bool(self._waiting)
        if self._led:
            self._waiting[0].leads = True
            self._waiting[0].turn.release()

    def _commit_together(self) -> None:
        size = min(len(self._waiting), LARGEST_BATCH)
        batch = [self._waiting.popleft() for _ in range(size)]
        try:
            self._settle(batch)
        except BaseException:  # the leader is ended: nobody may take that for success
            for entry in batch:
                entry.error = RuntimeError("The commit was cut short.")
            raise
        finally:
            db.done()
            for entry in batch:
                entry.done = True
                if not entry.leads:
                    entry.turn.release()

    def _settle(self, batch: list[_Entry]) -> None:
        try:
            self._run(batch)
        except Exception as error:  # noqa: BLE001  (handed to the callers below, none is lost)
            self._settle_alone(batch, error)

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
