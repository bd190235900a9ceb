"""A database that goes away in the middle of something: told as such, and forgotten afterwards."""

import pytest
from sqlalchemy import make_url, text

from app.kernel.db import UNAVAILABLE, db, transaction
from app.kernel.postgresql import IDLE_SECONDS
from tests.databases import ON_POSTGRESQL, database_away
from tests.programs import wait_until

pytestmark = pytest.mark.skipif(not ON_POSTGRESQL, reason="is about a database over a line")


@pytest.mark.usefixtures("app")
def test_a_session_whose_database_went_away_ends_without_a_word(database_url):
    db.session.execute(text("SELECT 1"))
    with database_away(database_url):
        db.done()
    assert db.engine.pool.checkedout() == 0
    assert db.session.scalar(text("SELECT 1")) == 1
    db.done()


def test_a_transaction_may_not_idle_for_long(app, database_url):
    assert app
    db.connect(database_url)
    with transaction() as session:
        shown = session.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert shown == f"{IDLE_SECONDS}s"


def test_a_transaction_that_idled_too_long_is_told_as_a_database_that_went_away(app, database_url):
    """As after a process was stopped: others went on, and what it held is undone."""
    assert app
    brief = {"options": "-c idle_in_transaction_session_timeout=50ms"}
    url = make_url(database_url).update_query_dict(brief)
    db.connect(url.render_as_string(hide_password=False))
    idle = db.session.scalar(text("SELECT pg_backend_pid()"))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
        gone = text("SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = :pid")
        wait_until(lambda: other.scalar(gone, {"pid": idle}), within=5, what="its end")
    with pytest.raises(UNAVAILABLE):
        db.session.execute(text("SELECT 1"))
    db.done()
    assert db.session.scalar(text("SELECT 1")) == 1
    db.done()
