"""What a room costs to enter, to catch up and to look at does not depend on how long its log is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text

from app.kernel.db import db, transaction
from app.kernel.ids import new_id
from app.room import log
from app.room.events import Event, MessagePosted, ParticipantLost, SignalSent
from app.room.following import following
from app.room.ledger import shared_page
from app.room.seats import ROOM
from bench.plans import asked_of, plan_of, scans
from tests.cast import ADA, MARA, Clinic
from tests.databases import ON_POSTGRESQL

#: More than one page, and then several times as much.
SHORT, LONG = 550, 1500


@dataclass
class Work:
    """What the database was asked and did."""

    statements: int = 0
    rows: int = 0
    #: SQLite's own count of its steps, in hundreds; it grows with whatever is read or passed over.
    steps: int = 0

    def step(self) -> int:
        self.steps += 1
        return 0


@contextmanager
def counted() -> Iterator[Work]:
    """Count the work of the database."""
    work, watched = Work(), set()

    def taken(connection: Any, *_rest: Any) -> None:
        connection.set_progress_handler(work.step, 100)
        watched.add(connection)

    def asked(_connection: Any, cursor: Any, *_rest: Any) -> None:
        work.statements += 1
        work.rows += max(0, cursor.rowcount)

    db.done()
    event.listen(db.engine, "after_cursor_execute", asked)
    if not ON_POSTGRESQL:
        event.listen(db.engine, "checkout", taken)
    yield work
    event.remove(db.engine, "after_cursor_execute", asked)
    if not ON_POSTGRESQL:
        event.remove(db.engine, "checkout", taken)
    for connection in watched:
        connection.set_progress_handler(None, 0)


def grow(clinic: Clinic, length: int) -> None:
    """Bring Ada's log to a length: talk, a signal now and then, lines that are cut."""
    ada, mara = clinic.seat(ADA), clinic.seat(MARA)
    with transaction(), shared_page([]):
        for seq in range(log.heads(clinic.visit.id)[ROOM] + 1, length + 1):
            fact: Event = MessagePosted(f"Line {seq}.")
            if seq % 7 == 0:
                fact = SignalSent("ok")
            elif seq % 11 == 0:
                fact = ParticipantLost(ada.participant_id)
            log.append(ada if seq % 2 else mara, ROOM, fact, key=new_id())
    db.done()


def test_every_way_in_costs_the_same_in_a_long_visit_as_in_a_short_one(clinic, socket, browser):
    tab, page, visit = socket(MARA), browser(MARA), clinic.visit.id
    ways: dict[str, Callable[[int], Any]] = {
        "enter": lambda _head: tab.enter(visit)["events"],
        "come back": lambda head: tab.enter(visit, room=max(0, head - 50))["events"],
        "catch up": lambda head: tab.send("catch_up", asking(visit, max(0, head - 500)))["events"],
        "poll": lambda head: page.open(polling(visit, max(0, head - 50))).json["events"],
        "open the page": lambda _head: page.http.get(f"/visits/{visit}/room").data.split(b"<li"),
    }
    found: dict[int, dict[str, tuple[int, Work]]] = {}
    for length in (100, SHORT, LONG):  # the first time only brings Mara and her marks
        grow(clinic, length)
        for way, go in ways.items():
            go(length)  # prepares statements, and marks what is delivered
            with counted() as work:
                lines = go(length)
            found.setdefault(length, {})[way] = len(lines), work
    for way in ways:
        (few, short), (many, long) = found[SHORT][way], found[LONG][way]
        assert few == many > 0, way
        assert long.statements == short.statements > 0, way
        assert long.rows == short.rows, way
        assert (short.steps > 0) is not ON_POSTGRESQL
        assert long.steps <= short.steps * 1.02 + 2, way


def test_no_question_to_the_log_is_answered_by_reading_all_of_it(clinic, socket, browser):
    visit = clinic.visit.id
    mara, ada, page = socket(MARA), socket(ADA), browser(MARA)
    grow(clinic, 20)
    with asked_of(db.engine) as asked:
        for tab in (mara, ada):
            assert tab.enter(visit, room=3)["ok"]
            assert tab.append(visit, "message.posted", {"text": "Here."})["ok"]
            assert tab.send("catch_up", asking(visit, 5))["ok"]
            assert tab.send("mark", {"visit": visit, "channel": ROOM, "read": 7})["ok"]
            assert tab.send("beat", {"visit": visit, "visible": True})["ok"]
        assert mara.append(visit, "message.withdrawn", {"seq": log.heads(visit)[ROOM]})
        assert page.open(polling(visit, 4)).status == 200
        assert page.open(f"/visits/{visit}/room").status == 200
        following.look()
    db.done()
    assert len(asked) >= 8
    with db.engine.connect() as connection:
        if ON_POSTGRESQL:  # which would rather read a table this small than its index
            connection.execute(text("SET enable_seqscan = off"))
        found = {each: scans(plan_of(connection, each, asked[each])) for each in asked}
    assert {each: lines for each, lines in found.items() if lines} == {}


def asking(visit: str, after: int) -> dict[str, Any]:
    return {"visit": visit, "channel": ROOM, "after": after}


def polling(visit: str, after: int) -> str:
    return f"/visits/{visit}/events?after={after}&visible=true"
