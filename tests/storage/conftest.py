"""Ada's room on a database that a test can take the writing away from."""

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from app.kernel.ids import new_id
from tests.cast import ADA, MARA
from tests.disk import serve_from
from tests.programs import wait_until
from tests.sockets import LivePerson


@dataclass
class Talk:
    """What two people say, one message after the other, and what each was told."""

    visit: str
    people: tuple
    told: dict[str, dict] = field(default_factory=dict)
    slowest: float = 0.0

    def say(self, number: int, key: str | None = None) -> dict:
        """Say something of a kilobyte; return and keep the answer."""
        key = key or new_id()
        begun = time.monotonic()
        text = {"text": f"{number} ".ljust(1000, "x")}
        told = self.people[number % 2].append(self.visit, "message.posted", text, key=key)
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.told[key] = told
        return told

    def until_refused(self) -> dict:
        """Go on until an answer is a refusal; return it."""
        for number in range(2000):
            told = self.say(number)
            if not told["ok"]:
                return told
        pytest.fail("nothing was refused")

    @contextmanager
    def going_on(self):
        """Talk beside what happens inside."""
        is_over = threading.Event()

        def talk():
            number = 0
            while not is_over.is_set():
                self.say(number := number + 1)

        talking = threading.Thread(target=talk)
        talking.start()
        try:
            yield
        finally:
            is_over.set()
            talking.join(30)

    def send_again(self, *, within: float) -> None:
        """Say anew what was refused, with the same keys, until all is taken."""
        left = [key for key, told in self.told.items() if not told["ok"]]
        assert left

        def all_taken():
            while left and self.say(0, left[-1])["ok"]:
                left.pop()
            return not left

        wait_until(all_taken, within=within, what="everything taken")

    def check(self) -> None:
        """Every acknowledgement is in the log under its number, and nothing twice."""
        after, events = 0, []
        while True:
            asked = {"visit": self.visit, "channel": "room", "after": after}
            page = self.people[1].send("catch_up", asked)
            events += page["events"]
            if not page["more"]:
                break
            after = events[-1]["seq"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        said = {e["key"]: e["seq"] for e in events if e["kind"] == "message.posted"}
        assert len(said) == sum(event["kind"] == "message.posted" for event in events)
        assert {key: told["seq"] for key, told in self.told.items() if told["ok"]} == said


@pytest.fixture
def serve_at(serve, clinic, database_url):
    """Move the clinic's database to a place and serve it there; give the server and its file."""
    assert clinic
    return partial(serve_from, serve=serve, database_url=database_url)


def talk_at(url, clinic) -> Talk:
    """Have Ada and Mara enter Ada's room at a server."""
    people = tuple(LivePerson(url).sign_in(figure).socket() for figure in (ADA, MARA))
    for each in people:
        assert each.enter(clinic.visit.id)["ok"]
    return Talk(clinic.visit.id, people)


def is_whole(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with a database."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
