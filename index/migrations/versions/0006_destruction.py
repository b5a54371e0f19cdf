"""Destruction, tombstones, transfer and evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what a destruction leaves, later years that were named, and the lists of twenty years."""
    _make_transfer()
    _make_destruction()


def _make_destruction() -> None:
    op.add_column("letters", sa.Column("erased_on", sa.Date(), nullable=True))
    op.add_column("letters", sa.Column("paper_ended_on", sa.Date(), nullable=True))
    op.add_column(
        "batches", sa.Column("is_secret", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "executions",
        sa.Column("batch_id", ROW_ID, nullable=False),
        sa.Column("executor", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("certificate", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_executions_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_executions")),
    )
    op.create_table(
        "disposals",
        sa.Column("batch_id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("intended_at", MOMENT, nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('intended','erased','verified')", name=op.f("ck_disposals_state")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_disposals_batch_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_disposals_letter_id")),
        sa.PrimaryKeyConstraint("batch_id", "letter_id", name=op.f("pk_disposals")),
    )
    op.create_index(op.f("ix_disposals_letter_id"), "disposals", ["letter_id"], unique=False)


def _make_transfer() -> None:
    op.add_column("clocks", sa.Column("kept_until_year", sa.Integer(), nullable=True))
    op.add_column("clocks", sa.Column("wanted_on", sa.Date(), nullable=True))
    op.create_table(
        "transfer_lists",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("prepared_by", sa.Text(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("sent_number", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint("form IN ('21','22','23')", name=op.f("ck_transfer_lists_form")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_transfer_lists_office_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_lists")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_transfer_lists_office_id_code")),
    )
    op.create_table(
        "transfer_items",
        sa.Column("list_id", ROW_ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["list_id"], ["transfer_lists.id"], name=op.f("fk_transfer_items_list_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_transfer_items_letter_id")
        ),
        sa.PrimaryKeyConstraint("list_id", "position", name=op.f("pk_transfer_items")),
    )
    op.create_index(
        op.f("ix_transfer_items_letter_id"), "transfer_items", ["letter_id"], unique=False
    )
