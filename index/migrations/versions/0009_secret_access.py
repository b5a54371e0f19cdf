"""Grants that can be taken back, people who must not open a letter, and hand-overs with receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let grants end before their day, and create the tables of denials and hand-overs."""
    op.add_column("grants", sa.Column("ended_at", MOMENT, nullable=True))
    op.add_column("grants", sa.Column("ended_by", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_grants_letter_id"), "grants", ["letter_id"])
    op.create_table(
        "denials",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_denials_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denials")),
    )
    op.create_index(op.f("ix_denials_person"), "denials", ["person"])
    op.create_index(op.f("ix_denials_letter_id"), "denials", ["letter_id"])
    op.create_table(
        "handovers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("giver", sa.Text(), nullable=False),
        sa.Column("taker", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("taken_back_by", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_handovers_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    op.create_index(op.f("ix_handovers_letter_id"), "handovers", ["letter_id"])
    op.create_index(op.f("ix_handovers_taker"), "handovers", ["taker"])
