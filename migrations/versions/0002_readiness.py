"""The readiness check: one row a visit, its answers and its clearances."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.kernel.append_only import allow_changes, refuse_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("readiness_answers", "readiness_clearances")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables."""
    _make_checks()
    _make_answers()
    _make_clearances()
    for table in APPEND_ONLY:
        refuse_changes(op.get_bind(), table)


def downgrade() -> None:
    """Drop them, with what they hold."""
    op.drop_table("readiness_clearances")
    op.drop_table("readiness_answers")
    op.drop_index("ix_readiness_checks_patient_id", table_name="readiness_checks")
    op.drop_table("readiness_checks")
    for table in APPEND_ONLY:
        allow_changes(op.get_bind(), table)


def _make_checks() -> None:
    op.create_table(
        "readiness_checks",
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("patient_id", sa.String(36), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("visit_id", name="pk_readiness_checks"),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_readiness_checks_visit_id_visits"
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_readiness_checks_patient_id_patients"
        ),
    )
    op.create_index("ix_readiness_checks_patient_id", "readiness_checks", ["patient_id"])


def _make_answers() -> None:
    name = "readiness_answers"
    op.create_table(
        name,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("patient_id", sa.String(36), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(40), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("value_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("via", sa.String(20), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("visit_id", "change", name=f"uq_{name}_visit_id_change"),
        *_references(name),
    )


def _make_clearances() -> None:
    name = "readiness_clearances"
    op.create_table(
        name,
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("visit_id", sa.String(36), nullable=False),
        sa.Column("patient_id", sa.String(36), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(36), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.String(36), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("visit_id", "change", name=f"uq_{name}_visit_id_change"),
        sa.UniqueConstraint("answer_id", name=f"uq_{name}_answer_id"),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["readiness_answers.id"],
            name=f"fk_{name}_answer_id_readiness_answers",
        ),
        *_references(name),
    )


def _references(name: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.{key}"], name=f"fk_{name}_{column}_{table}")
        for column, table, key in (
            ("visit_id", "readiness_checks", "visit_id"),
            ("patient_id", "patients", "id"),
            ("by_id", "persons", "id"),
        )
    ]
