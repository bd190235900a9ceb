"""Twenty visits of three talk on while everything around them fails, each way once.

The long run with the same parts is `make faults MINUTES=60`.
"""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

from tests.databases import ON_POSTGRESQL
from tests.faults.people import Habits
from tests.faults.report import objections, report, table
from tests.faults.run import Plan, run
from tests.faults.stage import VARIANTS

#: Brisker than the page's, so that a line that is dead is noticed before the run is over.
BRISK = Habits(beat=2.0, patience=4.0, first_pause=0.25, longest_pause=2.0)


def test_nothing_is_lost_doubled_reordered_or_leaked_whatever_fails(tmp_path):
    plan = Plan(seed=random.SystemRandom().randrange(10**6), habits=BRISK)
    variant = "postgresql" if ON_POSTGRESQL else "sqlite"
    # In a thread of its own: where browsers were driven before, this one's loop is taken.
    with VARIANTS[variant](tmp_path, visits=20) as stage, ThreadPoolExecutor(1) as thread:
        found = report(thread.submit(lambda: asyncio.run(run(stage, plan))).result(), stage)
    assert objections(found) == [], table(found)
