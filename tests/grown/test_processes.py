"""Two web processes on one database: what one commits, the members at the other hear.

Redis only makes it quick. Killed, it delays; the log is read on without it.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.cast import ADA, BEN, MARA, Clinic
from tests.conftest import KEY_RING, SECRET_KEY
from tests.programs import wait_until
from tests.servers import LiveServer
from tests.sockets import LivePerson, LiveSocket

#: The promise while Redis is away.
SEEN_WITHIN = 2.0


class Processes:
    """Mara's line leads to one process, Ada's to the other."""

    def __init__(self, clinic: Clinic, stack: ExitStack, servers: list[LiveServer]) -> None:
        self.visit = clinic.visit.id
        self.servers = servers
        self.people = [LivePerson(server.url) for server in servers]
        for person, figure in zip(self.people, (MARA, ADA), strict=True):
            stack.callback(person.close)
            person.sign_in(figure)
        self.sockets = [self.enter(number) for number in (0, 1)]

    def enter(self, number: int) -> LiveSocket:
        socket = self.people[number].socket()
        assert socket.enter(self.visit)["ok"]
        return socket

    def say(self, number: int, text: str) -> int:
        answer = self.sockets[number].append(self.visit, "message.posted", {"text": text})
        assert answer["ok"], answer
        return answer["seq"]

    def texts(self, number: int) -> list[str]:
        """What this socket heard, in the order of hearing."""
        heard = self.sockets[number].heard("event")
        return [e["body"]["text"] for e in heard if e["kind"] == "message.posted"]

    def see_the_same(self, texts: list[str], within: float) -> None:
        for number in (0, 1):
            wait_until(
                lambda number=number: len(self.texts(number)) >= len(texts),
                within=within,
                what=f"all messages at process {number}",
            )
            assert self.texts(number) == texts


@pytest.fixture
def processes(clinic: Clinic, servers: list[LiveServer]) -> Iterator[Processes]:
    with ExitStack() as stack:
        yield Processes(clinic, stack, servers)


def test_what_one_process_commits_the_other_delivers_at_once(processes):
    texts = [f"{number % 2}: message {number}" for number in range(20)]
    for number, text in enumerate(texts):
        processes.say(number % 2, text)
    processes.see_the_same(texts, within=SEEN_WITHIN)


def test_presence_receipts_and_typing_reach_the_other_process(processes):
    mara, ada = processes.sockets
    seq = processes.say(1, "Are you there?")
    mara.send("mark", {"visit": processes.visit, "channel": "room", "delivered": seq, "read": seq})
    assert ada.hears("receipt", read=seq)["participant"]
    mara.client.emit(
        "typing", {"visit": processes.visit, "channel": "room", "on": True}, namespace="/room"
    )
    assert ada.hears("typing", on=True)
    mara.send("beat", {"visit": processes.visit, "visible": False})
    assert ada.hears("presence", state="away")


def test_without_redis_presence_and_receipts_are_seen_within_two_seconds(processes, bus):
    mara, ada = processes.sockets
    seq = processes.say(1, "Are you there?")
    assert mara.hears("event", seq=seq)
    bus.end(signal.SIGKILL)
    mara.send("mark", {"visit": processes.visit, "channel": "room", "delivered": seq, "read": seq})
    assert ada.hears("receipt", within=SEEN_WITHIN, read=seq)
    for visible, state in ((False, "away"), (True, "here")):
        mara.send("beat", {"visit": processes.visit, "visible": visible})
        wait_until(lambda state=state: shown(ada) == state, within=SEEN_WITHIN, what=state)
    bus.start()
    # Redis is back: nothing of what waited for it makes a screen go back in time.
    seq = processes.say(0, "Redis is back")
    mara.send("mark", {"visit": processes.visit, "channel": "room", "delivered": seq, "read": seq})
    assert ada.hears("receipt", within=SEEN_WITHIN, read=seq)
    assert shown(ada) == "here"


def shown(socket: LiveSocket) -> str:
    """What this screen shows of the one who was last said to come or go."""
    return socket.heard("presence")[-1]["state"]


def test_without_redis_everything_is_seen_within_two_seconds(processes, bus):
    bus.end(signal.SIGKILL)
    texts = []
    for number in range(10):
        texts.append(f"without Redis {number}")
        processes.say(number % 2, texts[-1])
        processes.see_the_same(texts, within=SEEN_WITHIN)
    bus.start()
    texts.append("Redis is back")
    processes.say(0, texts[-1])
    processes.see_the_same(texts, within=SEEN_WITHIN)


def test_an_event_without_a_hint_is_seen_though_hints_of_others_never_pause(
    processes, clinic, serve
):
    silent = serve(KEY_RING=KEY_RING, SECRET_KEY=SECRET_KEY)  # no Redis: it tells nobody
    other = clinic.plan(BEN).id
    assert processes.sockets[0].enter(other)["ok"]
    ben = LivePerson(silent.url).sign_in(BEN)
    line = ben.socket()
    assert line.enter(other)["ok"]
    stop = threading.Event()
    chatter = threading.Thread(target=chat_until, args=(processes, stop))
    chatter.start()
    try:
        for number in range(3):
            assert line.append(other, "message.posted", {"text": f"quiet {number}"})["ok"]
            seq = line.hears("event", kind="message.posted", visit=other)["seq"] + number
            assert processes.sockets[0].hears("event", within=SEEN_WITHIN, visit=other, seq=seq)
    finally:
        stop.set()
        chatter.join()
        ben.close()


def chat_until(processes: Processes, stop: threading.Event) -> None:
    """Have the other process tell of something many times a second."""
    while not stop.is_set():
        processes.say(1, "chatter")


def test_many_at_both_processes_at_once_are_seen_alike_by_both(processes):
    for number in range(100):
        socket, body = processes.sockets[number % 2], {"text": f"quick {number}"}
        socket.append(processes.visit, "message.posted", body)
    wait_until(lambda: len(processes.texts(0)) == len(processes.texts(1)) == 100, what="all")
    assert processes.texts(0) == processes.texts(1)


def test_a_process_killed_in_the_middle_loses_nothing(processes):
    texts = ["before the kill"]
    processes.say(1, texts[0])
    processes.servers[0].kill()
    for number in range(5):
        texts.append(f"while one is dead {number}")
        processes.say(1, texts[-1])
    processes.servers[0].start()
    processes.sockets[0] = processes.people[0].socket()
    entrance = processes.sockets[0].enter(processes.visit)
    known = [e["body"]["text"] for e in entrance["events"] if e["kind"] == "message.posted"]
    assert known == texts
    processes.say(1, "and on")
    assert processes.sockets[0].hears("event", kind="message.posted")["body"]["text"] == "and on"


def test_a_sign_out_at_one_process_closes_the_socket_at_the_other(processes):
    there = LivePerson(processes.servers[1].url)
    there.http.cookies.update(processes.people[0].http.cookies)
    socket = there.socket()
    assert socket.enter(processes.visit)["ok"]
    processes.people[0].sign_out()
    assert socket.hears("closed", within=2.0)["code"] == "unauthenticated"
    there.close()
