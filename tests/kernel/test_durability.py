"""A commit is on the disk before it is acknowledged, whatever the database's own settings say."""

import pytest
from sqlalchemy import create_engine, make_url, text

from app.kernel.db import db, transaction
from tests.databases import ON_POSTGRESQL

FULL = 2


def shown(statement):
    with transaction() as session:
        return session.scalar(text(statement))


@pytest.mark.skipif(ON_POSTGRESQL, reason="is about SQLite")
@pytest.mark.usefixtures("app")
def test_sqlite_syncs_its_log_at_each_commit():
    assert shown("PRAGMA synchronous") == FULL
    assert shown("PRAGMA journal_mode") == "wal"


@pytest.mark.skipif(not ON_POSTGRESQL, reason="is about PostgreSQL")
@pytest.mark.parametrize("own", ["", "-c synchronous_commit=off -c lock_timeout=5000"])
def test_postgresql_syncs_at_each_commit_though_server_and_address_say_otherwise(database_url, own):
    asked = "SHOW synchronous_commit"
    plain = create_engine(database_url)
    with plain.connect() as connection:
        assert connection.scalar(text(asked)) == "off"
    plain.dispose()
    url = make_url(database_url).update_query_dict({"options": own} if own else {})
    db.connect(url.render_as_string(hide_password=False))
    try:
        assert shown(asked) == "on"
        assert shown("SHOW lock_timeout") == ("5s" if own else "0")
    finally:
        db.disconnect()
