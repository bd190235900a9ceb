"""What the database itself holds and refuses, asked with the application's own user."""

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.kernel.db import db
from app.notes.models import IntegrationNote
from tests.cast import MARA
from tests.databases import ON_POSTGRESQL
from tests.notes.conftest import sign, write

PLANTED = "the heron at the quarry pond"
LAYERS = {"integration": "", "psychotherapy": "/private"}


@pytest.fixture(params=LAYERS)
def tables(request, browser, notes):
    """A layer's tables, with one note that is signed and has an addendum."""
    mara, address = browser(MARA), notes + LAYERS[request.param]
    write(mara, address, PLANTED)
    sign(mara, address)
    mara.submit(address, to=f"{address}/addenda", text=f"again {PLANTED}")
    db.done()
    return f"{request.param}_notes", f"{request.param}_addenda"


def refused(statement):
    """Whether the database refuses a statement."""
    with db.engine.connect() as connection:
        before = contents(connection)
        connection.rollback()
        try:
            connection.execute(text(statement))
            connection.commit()
        except DBAPIError:
            connection.rollback()
            return contents(connection) == before
        return False


def contents(connection):
    names = (f"{layer}_{part}" for layer in LAYERS for part in ("notes", "addenda"))
    return [
        sorted(map(tuple, connection.execute(text(f"SELECT * FROM {name}")).all()))  # noqa: S608
        for name in names
    ]


@pytest.mark.parametrize(
    "change",
    [
        "text_sealed = NULL",
        "signed_at = NULL, signed_by_id = NULL, sha256_sealed = NULL",
        "version = version + 1",
        "id = id || 'x'",
        "version = version",
    ],
)
def test_a_signed_note_is_never_updated(tables, change):
    assert refused(f"UPDATE {tables[0]} SET {change}")  # noqa: S608  (our own names)


def test_a_signed_note_is_never_deleted(tables):
    notes, addenda = tables
    assert refused(f"DELETE FROM {addenda}")  # noqa: S608  (our own names)
    assert refused(f"DELETE FROM {notes}")  # noqa: S608  (our own names)


def test_an_addendum_is_never_updated(tables):
    assert refused(f"UPDATE {tables[1]} SET kind = 'correction'")  # noqa: S608  (our own names)


def test_the_tables_are_never_emptied_or_replaced_in_one_stroke(tables):
    for table in tables:
        if ON_POSTGRESQL:
            assert refused(f"TRUNCATE {table} CASCADE")
        else:
            same = f"SELECT * FROM {table}"  # noqa: S608  (our own names)
            assert refused(f"INSERT OR REPLACE INTO {table} {same}")
            assert refused(f"UPDATE OR REPLACE {table} SET id = id")  # noqa: S608  (as above)


def test_an_unsigned_note_cannot_be_moved_to_another_visit(browser, clinic, notes):
    write(browser(MARA), notes, PLANTED)
    db.done()
    assert refused(f"UPDATE integration_notes SET visit_id = '{clinic.cleos_visit.id}'")  # noqa: S608


def test_half_a_signature_is_no_signature(browser, notes):
    write(browser(MARA), notes, PLANTED)
    db.done()
    assert refused("UPDATE integration_notes SET signed_at = saved_at")


def test_the_words_are_nowhere_in_the_database(tables, database_url):
    assert tables
    if ON_POSTGRESQL:
        with db.engine.connect() as connection:
            rows = contents(connection)
        assert PLANTED not in str(rows)
        assert PLANTED.encode() not in b"".join(
            bytes(value)
            for table in rows
            for row in table
            for value in row
            if isinstance(value, bytes | memoryview)
        )
        return
    db.disconnect()
    database = make_url(database_url).database
    for suffix in ("", "-wal"):
        try:
            with open(database + suffix, "rb") as file:  # noqa: PTH123  (a name with a suffix)
                assert PLANTED.encode() not in file.read()
        except FileNotFoundError:
            continue


def test_a_sealed_text_opens_in_no_other_row(browser, notes, clinic):
    write(browser(MARA), notes, PLANTED)
    note = db.session.scalars(select(IntegrationNote)).one()
    assert note.text == PLANTED
    note.id = clinic.visit.id
    with pytest.raises(Exception, match="does not open"):
        _ = note.text
    db.session.rollback()
