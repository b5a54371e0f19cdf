"""Retention: clocks, holds, loans, places in the store, batches and their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of retention; no letter is finished, held, lent or proposed yet."""
    _make_what_belongs_to_a_letter()
    _make_the_batches()


def _letter(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["letter_id"], ["letters.id"], name=op.f(f"fk_{table}_letter_id")
    )


def _make_what_belongs_to_a_letter() -> None:
    op.create_table(
        "clocks",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("audited_on", sa.Date(), nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        _letter("clocks"),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_clocks")),
    )
    op.create_table(
        "holds",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("release_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('legal','audit','discipline','information_request')",
            name=op.f("ck_holds_kind"),
        ),
        _letter("holds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_letter_id"), "holds", ["letter_id"], unique=False)
    op.create_table(
        "loans",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("borrower", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("permitted_by", sa.Text(), nullable=False),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("lent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lent_by", sa.Text(), nullable=False),
        sa.Column("returned_by", sa.Text(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.CheckConstraint("standing IN ('inside','agency')", name=op.f("ck_loans_standing")),
        _letter("loans"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
    )
    op.create_index(
        op.f("ix_loans_letter_id_returned_on"), "loans", ["letter_id", "returned_on"], unique=False
    )
    op.create_table(
        "places",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("shelf", sa.Text(), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("file_code", sa.Text(), nullable=False),
        sa.Column("stored_on", sa.Date(), nullable=False),
        sa.Column("stored_by", sa.Text(), nullable=False),
        _letter("places"),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_places")),
    )


def _make_the_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("proposer", sa.Text(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_batches_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_batches_office_id_code")),
    )
    op.create_table(
        "batch_items",
        sa.Column("batch_id", ROW_ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("taken_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id")),
        _letter("batch_items"),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_batch_items")),
    )
    op.create_index(
        op.f("ix_batch_items_letter_id_taken_out"),
        "batch_items",
        ["letter_id", "taken_out"],
        unique=False,
    )
    op.create_table(
        "batch_steps",
        sa.Column("batch_id", ROW_ID, nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_steps_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "sequence", name=op.f("pk_batch_steps")),
    )
