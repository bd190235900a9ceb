"""Keeps what is long (a page, a socket that joins) from following each other without a pause.

Greenlets that became ready together run one after the other, and nothing else is looked at
meanwhile: fifty pages at once would hold up a call for help by fifty pages. Here each waits for a
round of the event loop of its own, so that between two of them everybody else gets a turn.
"""

from __future__ import annotations

import threading
import time

#: The shortest wait that goes once round the loop, through what came over the network.
_ONE_ROUND = 1e-6

_start = threading.Lock()


def wait_for_a_round() -> None:
    """Wait until nobody else has begun something long in this round."""
    with _start:
        time.sleep(_ONE_ROUND)
