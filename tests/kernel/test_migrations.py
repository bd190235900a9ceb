"""Migrations: up, down and up again with data, on both databases; the head is the models."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app.factory.models import metadata
from app.kernel import schema
from app.kernel.db import db, transaction
from app.readiness.demonstration import pass_check
from tests.cast import ADA, MARA

REVISIONS = [
    script.revision
    for script in ScriptDirectory.from_config(schema.alembic_config()).walk_revisions()
][::-1]
KEPT = ("persons", "patients", "visits", "visit_events", "audit_entries", "data_keys")


def rows():
    with db.engine.connect() as connection:
        there = [name for name in KEPT if inspect(connection).has_table(name)]
        return {
            name: sorted(map(str, connection.execute(text(f"SELECT * FROM {name}"))))  # noqa: S608  (our own names)
            for name in there
        }


def test_they_are_numbered_in_one_line():
    assert [f"{number:04}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS


@pytest.mark.usefixtures("app")
def test_the_head_is_the_models():
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.usefixtures("app")
def test_the_way_down_leaves_nothing_and_the_way_up_makes_the_same():
    before = shape()
    schema.downgrade("base")
    assert set(shape()) <= {"alembic_version"}
    schema.upgrade()
    assert shape() == before


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_one_step_down_and_up_again_keeps_the_floors_below(clinic, browser, revision):
    with transaction():
        pass_check(clinic.visit, patient=clinic.actor(ADA), therapist=clinic.actor(MARA))
    db.done()
    ada, visit = browser(ADA), clinic.visit.id
    assert ada.post(f"/visits/{visit}/notes", text="It was quiet.", base_version="0").status == 200
    before = rows()
    assert before["visit_events"]
    below = REVISIONS[REVISIONS.index(revision) - 1]
    schema.downgrade(below)
    with pytest.raises(RuntimeError):
        schema.require_current()
    schema.upgrade()
    assert rows() == before
    assert ada.open(f"/visits/{visit}/room").status == 200


def test_migrating_twice_changes_nothing(clinic):
    assert clinic
    before = rows()
    schema.upgrade()
    assert rows() == before


def test_an_empty_database_is_not_ready_until_it_is_migrated(app, empty_database_url):
    db.disconnect()
    db.connect(empty_database_url)
    client = app.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["failing"]) == (503, ["migrations"])
    schema.upgrade()
    assert client.get("/readyz").status_code == 200


def shape():
    with db.engine.connect() as connection:
        found = inspect(connection)
        return {
            name: (
                sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)),
                sorted(str(sorted(i["column_names"])) for i in found.get_indexes(name)),
                sorted(str(f["constrained_columns"]) for f in found.get_foreign_keys(name)),
            )
            for name in found.get_table_names()
        }
