"""PostgreSQL on a disk without space: refused at once, and taken up again, a crash included."""

import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from app.kernel.db import db
from tests.cast import take_the_stage
from tests.conftest import KEY_RING, SECRET_KEY
from tests.databases import ON_POSTGRESQL, migrate
from tests.disk import small_disk
from tests.programs import wait_until
from tests.servers import postgres_in
from tests.storage.conftest import talk_at

pytestmark = pytest.mark.skipif(not ON_POSTGRESQL, reason="about PostgreSQL")

REFUSED_WITHIN = 5.0
BACK_WITHIN = 10.0
MEGABYTES = 96


@pytest.fixture
def place():
    # Not under pytest's folders: the path of a socket has room for some hundred letters.
    with tempfile.TemporaryDirectory(prefix="hearthside-pg-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "disk"


def use_up_the_log(url):
    """Have the log of changes need a new file: PostgreSQL then ends itself rather than go on."""
    address = url.replace("+psycopg", "")
    with suppress(psycopg.Error), psycopg.connect(address, autocommit=True) as connection:
        for _ in range(80):
            connection.execute("SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000))")
        pytest.fail("the log had room")


def come_back(database):
    """Start PostgreSQL anew where it found no space to start in by itself, as a service manager."""

    def answers():
        if database.exit_code is not None:
            database.start()
        return database.answers()

    wait_until(answers, within=30, what="PostgreSQL")


@pytest.mark.usefixtures("app")
def test_postgresql_without_space_is_refused_and_taken_up_again(place, serve):
    with small_disk(place, MEGABYTES) as disk, postgres_in(disk.folder) as database:
        migrate(database.url)
        db.connect(database.url)
        clinic = take_the_stage()
        db.disconnect()
        server = serve(database_url=database.url, KEY_RING=KEY_RING, SECRET_KEY=SECRET_KEY)
        talk = talk_at(server.url, clinic)
        assert talk.say(1)["ok"]
        disk.fill()
        assert talk.until_refused()["code"] == "busy"
        disk.empty()
        talk.send_again(within=BACK_WITHIN)

        disk.fill()
        use_up_the_log(database.url)
        assert talk.until_refused()["code"] == "busy"
        assert talk.slowest < REFUSED_WITHIN
        disk.empty()
        come_back(database)
        talk.send_again(within=BACK_WITHIN)
        talk.check()
        assert server.exit_code is None
