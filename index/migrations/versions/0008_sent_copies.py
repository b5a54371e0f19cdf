"""Copies of sent letters that are read, sent letters in the search index, scans that wait for a reserved number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Let copies that are there wait to be read, and let the index take all sent letters over."""
    op.add_column(
        "sent",
        sa.Column("suspected_secret", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "sent", sa.Column("to_index", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.create_index(op.f("ix_sent_office_id_to_index"), "sent", ["office_id", "to_index"])
    for column in (
        sa.Column("state", sa.String(length=16), nullable=False, server_default="waiting"),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("reason_thai", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason_detail", sa.Text(), nullable=False, server_default=""),
        sa.Column("searchable_sha256", sa.String(length=64), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
    ):
        op.add_column("sent_files", column)
    op.create_index(op.f("ix_sent_files_state"), "sent_files", ["state"])
    op.add_column("numbers", sa.Column("waits_for", sa.String(length=64), nullable=True))
    op.create_index(
        op.f("ix_numbers_office_id_waits_for"), "numbers", ["office_id", "waits_for"], unique=True
    )
