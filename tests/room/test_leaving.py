"""Whoever has gone leaves nothing behind in the memory of the process, however they went."""

import os
import signal
import threading
from typing import Any

import pytest

from app.factory import census
from tests.cast import ADA, MARA, THEO
from tests.databases import writes_held
from tests.programs import wait_until

#: One a person or a patient, kept on purpose.
KEPT = {"buckets", "data_keys"}
#: What only a serving process has, and what the test client itself never lets go.
SERVING = {"greenlets", "threads", "lines", "environs"}


def held() -> dict[str, int]:
    """What this process holds of its clients."""
    return {name: count for name, count in census.count().items() if name not in KEPT | SERVING}


def leave(socket: Any, visit: str) -> None:
    assert socket.send("leave", {"visit": visit})["ok"]


def leave_and_close(socket: Any, visit: str) -> None:
    leave(socket, visit)
    socket.close()


def close(socket: Any, _visit: str) -> None:
    socket.close()


@pytest.mark.parametrize("go", [leave_and_close, close])
def test_nothing_is_left_of_those_who_came_and_went(clinic, socket, time, go):
    visit, before = clinic.visit.id, held()
    for _ in range(3):
        for figure in (ADA, MARA, THEO):
            tab = socket(figure)
            assert tab.enter(visit)["ok"]
            assert tab.send("watch", {})["ok"]
            assert tab.append(visit, "message.posted", {"text": "I am here."})["ok"]
            assert tab.send("beat", {"visit": visit, "visible": True})["ok"]
            assert held() != before
            go(tab, visit)
    time.goes_by(6)
    assert held() == before


def test_nothing_is_left_of_a_socket_that_goes_while_it_is_coming_in(
    clinic, socket, database_url, time
):
    visit, before = clinic.visit.id, held()
    tab = socket(THEO)  # who takes his seat on entering, which has to be written
    coming = threading.Thread(target=tab.enter, args=(visit,))
    with writes_held(database_url):
        coming.start()
        coming.join(0.3)
        assert coming.is_alive()
        tab.close()
    coming.join(10)
    assert not coming.is_alive()
    time.goes_by(6)
    assert held() == before


def test_nothing_is_left_in_a_serving_process_of_lines_that_were_cut(clinic, live, arrive):
    visit = clinic.visit.id
    mara = arrive(MARA)
    before = told(live)
    for enters in (True, False):
        line = mara.socket()
        if enters:
            assert line.enter(visit)["ok"]
            assert line.send("leave", {"visit": visit})["ok"]
        line.close()
    wait_until(lambda: not more_than(before, told(live)), within=10, what=f"no more than {before}")


def more_than(before: dict[str, int], now: dict[str, int]) -> list[str]:
    return [name for name, count in now.items() if count > before[name]]


def told(live: Any) -> dict[str, int]:
    """What a serving process says that it holds, when it is told to count."""
    so_far = live.said().count("hearthside.census")
    os.kill(live.pid, signal.SIGUSR1)
    wait_until(lambda: live.said().count("hearthside.census") > so_far, what="a count")
    line = live.said().rpartition("hearthside.census ")[2].splitlines()[0]
    counts = {name: int(count) for name, _, count in (each.partition("=") for each in line.split())}
    # A ping of Engine.IO outlives its line by 10 s; `bench/churn.py` counts greenlets.
    return {n: count for n, count in counts.items() if n not in {*KEPT, "threads", "greenlets"}}
