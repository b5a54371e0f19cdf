"""Mandates, the director's folder with the steps of its papers, and the tasks that follow from them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the four tables."""
    op.create_table(
        "mandates",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("absent", sa.String(64), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_mandates_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(op.f("ix_mandates_office_id_person"), "mandates", ["office_id", "person"])
    _create_papers()
    _create_steps()
    _create_tasks()


def _create_papers() -> None:
    op.create_table(
        "folder_papers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=True),
        sa.Column("group_code", sa.String(64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("station", sa.String(16), nullable=False),
        sa.Column("last", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_folder_papers_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_folder_papers_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder_papers")),
    )
    op.create_index(
        op.f("ix_folder_papers_office_id_state_station"),
        "folder_papers",
        ["office_id", "state", "station"],
    )
    op.create_index(op.f("ix_folder_papers_letter_id"), "folder_papers", ["letter_id"])


def _create_steps() -> None:
    op.create_table(
        "folder_steps",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("paper_id", ROW_ID, nullable=False),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("station", sa.String(16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["folder_papers.id"], name=op.f("fk_folder_steps_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folder_steps")),
    )
    op.create_index(op.f("ix_folder_steps_paper_id"), "folder_steps", ["paper_id"])


def _create_tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("paper_id", ROW_ID, nullable=True),
        sa.Column("letter_id", ROW_ID, nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("group_code", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_tasks_office_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["folder_papers.id"], name=op.f("fk_tasks_paper_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_tasks_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        op.f("ix_tasks_office_id_done_at_due_on"), "tasks", ["office_id", "done_at", "due_on"]
    )
    op.create_index(op.f("ix_tasks_letter_id"), "tasks", ["letter_id"])
