"""People, care, visits, the visit log and the audit trail.

Events and audit rows are append-only from the first day on: triggers refuse every other change,
whoever asks. Clinical text has been sealed from the first day on too (columns of bytes).

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.kernel.append_only import allow_changes, refuse_changes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("visit_events", "audit_entries")
TABLES_LAST_FIRST = (
    "visit_marks",
    "visit_events",
    "visit_participants",
    "visit_channels",
    "visits",
    "care_circle_members",
    "sign_ins",
    "patients",
    "persons",
    "data_keys",
    "audit_entries",
    "access_versions",
)
INDEXED = (
    ("audit_entries", "about_id"),
    ("audit_entries", "actor_id"),
    ("care_circle_members", "patient_id"),
    ("care_circle_members", "person_id"),
    ("sign_ins", "person_id"),
    ("visit_participants", "person_id"),
    ("visit_participants", "state"),
    ("visits", "patient_id"),
    ("visits", "starts_at"),
    ("visits", "therapist_id"),
)


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "access_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_versions"),
    )
    op.execute("INSERT INTO access_versions (id, version) VALUES (1, 0)")
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.String(length=36), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )

    op.create_table(
        "data_keys",
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("ring_key", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", name="pk_data_keys"),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.UniqueConstraint("email", name="uq_persons_email"),
    )
    op.create_table(
        "patients",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("card_sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["persons.id"], name="fk_patients_id_persons"),
        sa.PrimaryKeyConstraint("id", name="pk_patients"),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_sign_ins_person_id_persons"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("token_hash", name="uq_sign_ins_token_hash"),
    )

    op.create_table(
        "care_circle_members",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_care_circle_members_patient_id_patients"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_care_circle_members_person_id_persons"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_care_circle_members"),
    )

    op.create_table(
        "visits",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("therapist_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name="fk_visits_patient_id_patients"
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["persons.id"], name="fk_visits_therapist_id_persons"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )

    op.create_table(
        "visit_channels",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_visit_channels_visit_id_visits"
        ),
        sa.PrimaryKeyConstraint("visit_id", "channel", name="pk_visit_channels"),
    )
    op.create_table(
        "visit_participants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name="fk_visit_participants_person_id_persons"
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_visit_participants_visit_id_visits"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visit_participants"),
        sa.UniqueConstraint(
            "visit_id", "person_id", name="uq_visit_participants_visit_id_person_id"
        ),
    )

    op.create_table(
        "visit_events",
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["visit_participants.id"],
            name="fk_visit_events_actor_id_visit_participants",
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name="fk_visit_events_visit_id_visits"
        ),
        sa.PrimaryKeyConstraint("visit_id", "channel", "seq", name="pk_visit_events"),
        sa.UniqueConstraint(
            "visit_id", "actor_id", "key", name="uq_visit_events_visit_id_actor_id_key"
        ),
    )
    op.create_index("ix_visit_events_kind", "visit_events", ["visit_id", "channel", "kind", "seq"])
    op.create_table(
        "visit_marks",
        sa.Column("participant_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["visit_participants.id"],
            name="fk_visit_marks_participant_id_visit_participants",
        ),
        sa.PrimaryKeyConstraint("participant_id", "channel", name="pk_visit_marks"),
    )
    for table, column in INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column])
    for table in APPEND_ONLY:
        refuse_changes(op.get_bind(), table)


def downgrade() -> None:
    """Go back."""
    for table in TABLES_LAST_FIRST:
        op.drop_table(table)
    for table in APPEND_ONLY:
        allow_changes(op.get_bind(), table)
