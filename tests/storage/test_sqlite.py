"""A disk without space, and a file that cannot be written: refused at once, and taken up again."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.kernel.db import db, transaction
from tests.cast import ADA, MARA, THEO
from tests.databases import ON_POSTGRESQL
from tests.disk import small_disk, unwritable
from tests.programs import wait_until
from tests.sockets import LivePerson
from tests.storage.conftest import is_whole, talk_at

REFUSED_WITHIN = 5.0
BACK_WITHIN = 10.0
INSERT = text("INSERT INTO said VALUES (:word)")


def signs_in(url, figure):
    """Whether somebody gets in; a refusal must be an honest 503."""
    person = LivePerson(url)
    fields = {"email": figure.email, "password": figure.password, "csrf_token": person.token()}
    answer = person.http.post(f"{url}/sign-in", data=fields, allow_redirects=False)
    assert answer.status_code in {302, 503}
    person.close()
    return answer.status_code == 302


def sign_ins(file):
    """(sign-ins, and those of them that the audit knows)."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT count(*) FROM sign_ins"
        known = "SELECT count(*) FROM audit_entries WHERE action = 'person.signed_in'"
        return tuple(connection.execute(each).fetchone()[0] for each in (query, known))


def test_a_full_disk_refuses_at_once_and_goes_on_when_there_is_space(tmp_path, serve_at, clinic):
    with small_disk(tmp_path / "disk", 8) as disk:
        server, file = serve_at(disk.folder)
        talk = talk_at(server.url, clinic)
        with talk.going_on():
            wait_until(lambda: len(talk.told) > 20, within=20, what="a conversation")
            disk.fill()
            wait_until(lambda: not list(talk.told.values())[-1]["ok"], within=20, what="a refusal")
        assert talk.until_refused()["code"] == "busy"
        assert talk.slowest < REFUSED_WITHIN
        help_now = talk.people[0].append(talk.visit, "signal.sent", {"signal": "help"})
        assert help_now["code"] == "busy"
        assert not signs_in(server.url, THEO)
        pid = server.pid
        disk.empty()
        talk.send_again(within=BACK_WITHIN)
        assert signs_in(server.url, THEO)
        talk.check()
        assert server.pid == pid
        assert "Traceback" not in server.said()
        server.kill()
        there, audited = sign_ins(file)
        assert there == audited == len((ADA, MARA, THEO))
        assert is_whole(file)


def test_a_file_that_cannot_be_written_refuses_and_goes_on_afterwards(tmp_path, serve_at, clinic):
    server, file = serve_at(tmp_path)
    talk = talk_at(server.url, clinic)
    log = file.with_name(f"{file.name}-wal")
    with talk.going_on():
        wait_until(lambda: len(talk.told) > 20, within=20, what="a conversation")
        with unwritable(file, log):
            wait_until(lambda: not list(talk.told.values())[-1]["ok"], within=20, what="a refusal")
            assert not signs_in(server.url, THEO)
            assert server.is_ready()
    refused = [told for told in talk.told.values() if not told["ok"]]
    assert {told["code"] for told in refused} == {"busy"}
    assert talk.slowest < REFUSED_WITHIN
    talk.send_again(within=BACK_WITHIN)
    assert signs_in(server.url, THEO)
    talk.check()
    server.kill()
    assert is_whole(file)


@pytest.mark.skipif(ON_POSTGRESQL, reason="about a file of SQLite's")
def test_what_was_opened_while_nothing_could_be_written_is_not_used_afterwards(tmp_path):
    file = tmp_path / "some.sqlite3"
    db.connect(f"sqlite:///{file}")
    with transaction() as session:
        session.execute(text("CREATE TABLE said (word TEXT)"))
    db.engine.dispose()
    with unwritable(file):
        # As many as a few people who look something up at once.
        readers = [db.engine.connect() for _ in range(5)]
        for each in readers:
            each.execute(text("SELECT 1"))
            each.close()
    with pytest.raises(OperationalError, match="readonly"), transaction() as session:
        session.execute(INSERT, {"word": "refused"})
    with transaction() as session:
        session.execute(INSERT, {"word": "taken"})
        assert session.scalars(text("SELECT word FROM said")).all() == ["taken"]
    db.disconnect()


def test_the_log_of_changes_is_emptied_beside_a_long_reader(tmp_path, serve_at, clinic):
    """Whoever reads for long (a backup) lets it grow; then it is used again from the start."""
    server, file = serve_at(tmp_path)
    talk = talk_at(server.url, clinic)
    log = file.with_name(f"{file.name}-wal")
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM visit_events").fetchone()
        for number in range(300):
            assert talk.say(number)["ok"]
        grown = log.stat().st_size
        reader.execute("COMMIT")
    for number in range(300):
        assert talk.say(number)["ok"]
    assert log.stat().st_size < grown * 1.3
    talk.check()
