"""Sent letters are kept, lent and retired like received ones; tables of retention name papers of both."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

OF_PAPERS = ("clocks", "holds", "loans", "places", "batch_items", "transfer_items", "disposals")


def upgrade() -> None:
    """Give sent letters class and end, corrections a reason; a paper's id is below zero for a sent one."""
    op.add_column(
        "sent", sa.Column("retention_class", sa.String(32), nullable=False, server_default="")
    )
    op.add_column("sent", sa.Column("erased_on", sa.Date(), nullable=True))
    op.add_column("sent", sa.Column("paper_ended_on", sa.Date(), nullable=True))
    op.add_column("sent_changes", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    for table in OF_PAPERS:
        with op.batch_alter_table(table) as altered:
            altered.drop_constraint(op.f(f"fk_{table}_letter_id"), type_="foreignkey")
