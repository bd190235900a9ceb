"""Group commit: works that arrive together share one transaction and one sync to disk.

Works wait in one queue. Whoever finds nobody committing starts somebody: a greenlet (a thread,
where there are none) that takes all that waits, commits it as one, tells each caller its own
outcome, and goes on until nothing waits any more. While it waits for the disk, the next works
gather.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from app.kernel.db import UNAVAILABLE, after_commit, db, transaction
from app.kernel.errors import Refusal
from app.kernel.offhub import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Around = Callable[[Sequence[object]], AbstractContextManager[None]]

T = TypeVar("T")

#: The most works in one transaction, so that the first of them does not wait for too many.
LARGEST_BATCH = 256

log = logging.getLogger("hearthside.commits")


def _nothing_around(_works: Sequence[object]) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(slots=True, eq=False)
class Outcome:
    """What became of one work."""

    work: Callable[[], Any]
    tell: Callable[[Outcome], None]
    told: bool = False
    result: Any = None
    error: BaseException | None = None

    def get(self) -> Any:  # noqa: ANN401  (whatever the work returns)
        """Return the work's result. Raises what work or commit raised."""
        if self.error is not None:
            raise self.error
        return self.result

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
        self._waiting: deque[Outcome] = deque()
        self._guard = threading.Lock()
        self._committing = False

    def submit(self, work: Callable[[], Any], tell: Callable[[Outcome], None]) -> None:
        """Queue a work and return; `tell` is called once with the outcome, durable or failed.

        Works are done in the order of submission. `tell` must neither wait nor raise.
        """
        with self._guard:
            self._waiting.append(Outcome(work, tell))
            starts, self._committing = not self._committing, True
        if starts:
            start(self._commit_all)

    def run(self, work: Callable[[], T]) -> T:
        """Return the work's result once it is durable. Raises what work or commit raises."""
        ready = threading.Lock()
        ready.acquire()
        outcomes: list[Outcome] = []

        def tell(outcome: Outcome) -> None:
            outcomes.append(outcome)
            ready.release()

        self.submit(work, tell)
        # Whoever waits holds no connection: those that wait must not keep out those that work.
        db.done()
        ready.acquire()
        result: T = outcomes[0].get()
        return result

    def finish(self, *, within: float) -> bool:
        """Wait until nothing waits or is being committed; return whether that came in time."""
        deadline = time.monotonic() + within
        while self._committing:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def _commit_all(self) -> None:
        """Commit batch after batch until nothing waits, whatever befalls one of them."""
        while batch := self._next_batch():
            try:
                self._commit_together(batch)
            except Exception as error:  # noqa: BLE001  (all were told; the next must not wait for ever)
                log.error("a batch ended badly: %s", type(error).__name__)  # noqa: TRY400  (no values in logs)

    def _next_batch(self) -> list[Outcome]:
        """Return what waits, oldest first; note that nobody commits when nothing does."""
        with self._guard:
            size = min(len(self._waiting), LARGEST_BATCH)
            batch = [self._waiting.popleft() for _ in range(size)]
            self._committing = bool(batch)
        return batch

    def _commit_together(self, batch: list[Outcome]) -> None:
        try:
            self._settle(batch)
        except BaseException:  # this process is ending: nobody may take that for success
            for outcome in batch:
                if not outcome.told:
                    outcome.error = RuntimeError("The commit was cut short.")
            raise
        finally:
            try:
                db.done()
            finally:
                _tell(batch)

    def _settle(self, batch: list[Outcome]) -> None:
        try:
            self._run(batch)
        except Exception as error:  # noqa: BLE001  (handed to the callers below, none is lost)
            self._settle_alone(batch, error)

    def _run(self, batch: list[Outcome]) -> None:
        with transaction(), self._around([outcome.work for outcome in batch]):
            for outcome in batch:
                outcome.run()
            # Last of the deliveries, so that what a line gets of one commit goes out as one.
            after_commit(partial(_tell, batch))

    def _settle_alone(self, batch: list[Outcome], error: Exception) -> None:
        if len(batch) == 1 or isinstance(error, UNAVAILABLE):
            for outcome in batch:
                outcome.error = error
            return
        for outcome in batch:
            try:
                self._run([outcome])
            except Exception as own:  # noqa: BLE001  (it is this work's own outcome)
                outcome.error = own


def _tell(batch: Iterable[Outcome]) -> None:
    """Tell whoever was not told yet."""
    for outcome in batch:
        if outcome.told:
            continue
        outcome.told = True
        try:
            outcome.tell(outcome)
        except Exception as error:  # noqa: BLE001  (the others are to be told all the same)
            log.error("an outcome reached nobody: %s", type(error).__name__)  # noqa: TRY400  (no values in logs)
