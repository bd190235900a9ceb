"""Somebody who floods is refused, read slowly, and does not keep others from being heard."""

import json
import re
import threading
import time
from contextlib import contextmanager, suppress

import psutil

from app.web.fairness import Shares
from app.web.flood import LARGEST_EVENT
from bench.wire import frame, upgraded
from tests.cast import CLEO
from tests.programs import wait_until
from tests.wire import call_for_help, cookies, event, into_their_room

#: Of each signal to the other's socket, on a busy machine too.
HELP_WITHIN = 1.0
_ACKNOWLEDGED = re.compile(rb"43/room,(\d+)(\[\{[^{}]*\}\])")


@contextmanager
def a_flood(url, person, frames):
    """Have a client of this person's send frames as fast as they are taken; give its answers."""
    line = upgraded(url, cookies(person), said="40/room,")
    is_over = threading.Event()

    def send():
        with suppress(OSError):
            while not is_over.is_set():
                line.sendall(frames)

    answers = []
    threads = [
        threading.Thread(target=send),
        threading.Thread(target=_read, args=(line, answers)),
    ]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        with suppress(OSError):
            line.shutdown(2)
        for thread in threads:
            thread.join(timeout=10)
        line.close()


def _read(line, answers):
    kept = b""
    with suppress(OSError):
        while data := line.recv(65536):
            kept += data
            answers += [json.loads(answer)[0] for _, answer in _ACKNOWLEDGED.findall(kept)]
            kept = kept[kept.rfind(b"\x81") :] if b"\x81" in kept else kept


def test_a_flood_of_events_is_refused_and_help_is_heard(live, clinic, arrive):
    ada, mara = into_their_room(clinic, arrive)
    cleo = arrive(CLEO)
    beats = b"".join(event(n, "nothing", {"visit": clinic.cleos_visit.id}) for n in range(500))
    memory = psutil.Process(live.pid).memory_info
    before = memory().rss
    with a_flood(live.url, cleo, beats) as answers:
        took = [call_for_help(ada, mara, clinic.visit.id) for _ in range(20)]
        deadline = time.monotonic() + 10
        while not any(a.get("code") == "too_often" for a in answers):
            assert time.monotonic() < deadline, "never refused"
            took.append(call_for_help(ada, mara, clinic.visit.id))
    assert sorted(took)[-2] < HELP_WITHIN
    refused = [a for a in answers if a["code"] == "too_often"]
    assert all(0 < a["retry_after"] < 60 and a["message"] for a in refused)
    assert memory().rss - before < 30 * 2**20
    assert "Traceback" not in live.said()


def test_large_frames_at_speed_are_refused_unread_and_help_is_heard(live, clinic, arrive):
    ada, mara = into_their_room(clinic, arrive)
    cleo = arrive(CLEO)
    large = frame("42/room,1" + json.dumps(["append", {"body": "x" * 4 * LARGEST_EVENT}]))
    memory = psutil.Process(live.pid).memory_info
    before = memory().rss
    with a_flood(live.url, cleo, large * 4) as answers:
        took = [call_for_help(ada, mara, clinic.visit.id) for _ in range(20)]
    assert sorted(took)[-2] < HELP_WITHIN
    assert {answer["code"] for answer in answers} == {"too_large"}
    assert memory().rss - before < 30 * 2**20


def test_after_the_flood_the_same_person_is_served_again(live, clinic, arrive):
    cleo = arrive(CLEO)
    beats = b"".join(event(n, "nothing", {}) for n in range(500))
    with a_flood(live.url, cleo, beats) as answers:
        deadline = time.monotonic() + 20
        while not any(answer["code"] == "too_often" for answer in answers):
            assert time.monotonic() < deadline, "never refused"
            time.sleep(0.05)
    socket = cleo.socket()
    within = 2 + next(a["retry_after"] for a in answers if a["code"] == "too_often")
    wait_until(lambda: socket.enter(clinic.cleos_visit.id)["ok"], within=within, what="entering")


def test_who_asks_for_most_while_others_are_there_is_heavy():
    now = [100.0]
    shares = Shares(now=lambda: now[0])

    def window(**events):
        told = {}
        for person, count in events.items():
            told |= {person: [shares.count(person) for _ in range(count)][-1]}
        now[0] += 0.1
        return told

    assert window(alone=100) == {"alone": False}
    assert window(alone=100) == {"alone": False}
    assert window(alone=100, other=1) == {"alone": False, "other": False}
    assert window(alone=100, other=1) == {"alone": True, "other": False}
    assert window(alone=100) == {"alone": True}, "the other was there a moment ago"
    assert window(alone=8, other=5) == {"alone": True, "other": False}
    assert window(alone=100, other=80) == {"alone": False, "other": False}
    assert window(alone=100, other=80) == {"alone": False, "other": False}
    now[0] += 20
    window(alone=100)
    assert window(alone=100) == {"alone": False}, "the other has gone"
