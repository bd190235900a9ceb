"""Notes in their layers; what is signed or added never changes again.

The triggers hold against every statement of the application's own database user: UPDATE, DELETE,
TRUNCATE, and SQLite's INSERT or UPDATE "OR REPLACE", which deletes a row without a DELETE.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: Table of a layer's notes -> table of its addenda.
LAYERS = {
    "integration_notes": "integration_addenda",
    "psychotherapy_notes": "psychotherapy_addenda",
}
SIGNED_WHOLLY = (
    "(signed_at IS NULL) = (signed_by_id IS NULL) AND (signed_at IS NULL) = (sha256_sealed IS NULL)"
)
#: What says which note a row is; it stays what it was made as.
WHOSE = {
    "integration_notes": ("id", "patient_id", "visit_id"),
    "psychotherapy_notes": ("id", "patient_id", "visit_id", "author_id"),
}


def upgrade() -> None:
    """Make the tables and their guards."""
    _make_notes("integration_notes", "visit_id")
    _make_notes("psychotherapy_notes", "visit_id", "author_id")
    for notes, addenda in LAYERS.items():
        _make_addenda(addenda, notes)
    grown = op.get_bind().dialect.name == "postgresql"
    for notes, addenda in LAYERS.items():
        for statement in (_postgresql if grown else _sqlite)(notes, addenda):
            op.execute(statement)


def downgrade() -> None:
    """Drop the tables, and the guards with them."""
    for notes, addenda in LAYERS.items():
        op.drop_table(addenda)
        op.drop_table(notes)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change_of_note()")
        op.execute("DROP FUNCTION refuse_change_of_addendum()")


def _make_notes(table: str, *whose: str) -> None:
    author = [sa.Column("author_id", sa.String(36), nullable=False)] if "author_id" in whose else []
    op.create_table(
        table,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("patient_id", sa.String(36), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        *author,
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary()),
        sa.Column("saved_at", sa.DateTime(timezone=True)),
        sa.Column("saved_by_id", sa.String(36)),
        sa.Column("signed_at", sa.DateTime(timezone=True)),
        sa.Column("signed_by_id", sa.String(36)),
        sa.Column("sha256_sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint(*whose, name=f"uq_{table}_{'_'.join(whose)}"),
        sa.CheckConstraint(SIGNED_WHOLLY, name=op.f(f"ck_{table}_signed_wholly")),
        _points(table, "patient_id", "patients"),
        _points(table, "visit_id", "visits"),
        *(_points(table, column.name, "persons") for column in author),
        _points(table, "saved_by_id", "persons"),
        _points(table, "signed_by_id", "persons"),
    )


def _make_addenda(table: str, notes: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("note_id", sa.String(36), nullable=False),
        sa.Column("patient_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _points(table, "note_id", notes),
        _points(table, "patient_id", "patients"),
        _points(table, "added_by_id", "persons"),
    )
    op.create_index(f"ix_{table}_note_id", table, ["note_id"])


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}_{to}")


def _sqlite(notes: str, addenda: str) -> list[str]:
    moved = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in WHOSE[notes])
    there = f"SELECT 1 FROM {notes} n WHERE n.signed_at IS NOT NULL AND"  # noqa: S608  (our own names)
    same = " AND ".join(f"n.{c} = NEW.{c}" for c in WHOSE[notes] if c not in {"id", "patient_id"})
    replaces = f"EXISTS ({there} (n.id = NEW.id OR ({same})))"
    added = f"EXISTS (SELECT 1 FROM {addenda} a WHERE a.id = NEW.id)"  # noqa: S608  (our own names)
    return [
        _refusal(notes, "UPDATE", f"OLD.signed_at IS NOT NULL OR {moved}", "A signed note"),
        _refusal(notes, "DELETE", "OLD.signed_at IS NOT NULL", "A signed note"),
        _refusal(notes, "INSERT", replaces, "A signed note"),
        _refusal(addenda, "UPDATE", "1", "An addendum"),
        _refusal(addenda, "DELETE", "1", "An addendum"),
        _refusal(addenda, "INSERT", added, "An addendum"),
    ]


def _refusal(table: str, verb: str, when: str, what: str) -> str:
    return (
        f"CREATE TRIGGER {table}_refuse_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{what} never changes.'); END"
    )


def _postgresql(notes: str, addenda: str) -> list[str]:
    moved = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in WHOSE[notes])
    update = f"BEFORE UPDATE ON {notes} FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL OR {moved})"
    delete = f"BEFORE DELETE ON {notes} FOR EACH ROW WHEN (OLD.signed_at IS NOT NULL)"
    change = f"BEFORE UPDATE OR DELETE ON {addenda} FOR EACH ROW"
    return [
        _function("refuse_change_of_note", "A signed note never changes."),
        _function("refuse_change_of_addendum", "An addendum never changes."),
        _trigger(f"{notes}_refuse_update", update, "refuse_change_of_note"),
        _trigger(f"{notes}_refuse_delete", delete, "refuse_change_of_note"),
        _trigger(
            f"{notes}_refuse_truncate", f"BEFORE TRUNCATE ON {notes}", "refuse_change_of_note"
        ),
        _trigger(f"{addenda}_refuse_change", change, "refuse_change_of_addendum"),
        _trigger(
            f"{addenda}_refuse_truncate",
            f"BEFORE TRUNCATE ON {addenda}",
            "refuse_change_of_addendum",
        ),
    ]


def _function(name: str, message: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$"
    )


def _trigger(name: str, when: str, function: str) -> str:
    return f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()"
