"""One commit at the door: all or nothing, deliveries only after, one bad work alone."""

import threading

import pytest
from sqlalchemy import func, select

from app.audit.actions import record
from app.audit.models import AuditEntry
from app.kernel.actor import OPERATOR
from app.kernel.db import UNAVAILABLE, after_commit, db, transaction
from app.kernel.errors import NotNow
from app.kernel.group_commit import GroupCommit
from tests.databases import database_away
from tests.programs import wait_until

pytestmark = pytest.mark.usefixtures("app")


def write(word):
    record(word, by=OPERATOR, about="test")
    return word


def written():
    found = set(db.session.scalars(select(AuditEntry.action)))
    db.done()
    return found


def test_a_transaction_keeps_all_and_then_delivers():
    told = []
    with transaction():
        write("one")
        after_commit(lambda: told.append(written()))
        write("two")
        assert told == []
    assert told == [{"one", "two"}]


def test_a_transaction_that_fails_keeps_and_delivers_nothing():
    told = []

    def fail():
        with transaction():
            write("one")
            after_commit(lambda: told.append("delivered"))
            raise NotNow

    with pytest.raises(NotNow):
        fail()
    assert (told, written()) == ([], set())
    with transaction():
        write("two")
    assert (told, written()) == ([], {"two"})


def test_a_transaction_is_not_opened_inside_another():
    def nest():
        with transaction(), transaction():
            pass

    with pytest.raises(RuntimeError):
        nest()


@pytest.mark.parametrize("error", [NotNow("no"), ValueError("no"), KeyError("no")])
def test_one_bad_work_never_fails_its_neighbours(error):
    def bad():
        if not isinstance(error, NotNow):  # a refusal comes before anything is written
            write("bad")
        raise error

    works = {f"good {n}": (lambda n=n: write(f"good {n}")) for n in range(8)}
    outcomes = together(GroupCommit(), {**works, "bad": bad})
    assert outcomes.pop("bad") is error
    assert outcomes == {name: name for name in works}
    assert written() == set(works)


def test_works_that_wait_together_share_a_transaction():
    transactions = []

    def note():
        write("note")
        transactions.append(id(db.session().get_transaction()))

    together(GroupCommit(), {str(number): note for number in range(6)})
    assert (len(transactions), len(set(transactions))) == (6, 1)
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 6
    db.done()


def together(commits, works):
    """Run works that all wait while another one holds the queue; return what came of each."""
    outcomes = {}
    begun, go_on = threading.Event(), threading.Event()

    def hold():
        begun.set()
        assert go_on.wait(10)

    def run(name, work):
        try:
            outcomes[name] = commits.run(work)
        except Exception as outcome:  # noqa: BLE001  (whatever it is, the test compares it)
            outcomes[name] = outcome

    holder = threading.Thread(target=commits.run, args=(hold,))
    waiting = [threading.Thread(target=run, args=item) for item in works.items()]
    holder.start()
    assert begun.wait(10)
    for thread in waiting:
        thread.start()
    wait_until(lambda: len(commits._waiting) == len(works), what="all to wait")  # noqa: SLF001  (nothing else tells that all wait)
    go_on.set()
    for thread in (holder, *waiting):
        thread.join(20)
    return outcomes


def test_a_database_that_is_away_is_said_to_be_away_and_comes_back(database_url):
    commits = GroupCommit()
    with database_away(database_url), pytest.raises(UNAVAILABLE):
        commits.run(lambda: write("lost"))
    assert commits.run(lambda: write("kept")) == "kept"
    assert written() == {"kept"}
