"""The desk: undo, the order of the inbox, where each letter stands, letters cut from others' scans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Give every letter its haste and its last step; make the tables of undo, parts, deadlines."""
    _place_the_letters()
    _make_the_changes()
    _make_the_parts()
    _make_the_deadlines()


def _place_the_letters() -> None:
    op.add_column(
        "letters", sa.Column("haste", sa.Integer(), nullable=False, server_default=sa.text("3"))
    )
    op.add_column(
        "letters",
        sa.Column("step", sa.String(length=16), nullable=False, server_default=sa.text("''")),
    )
    op.add_column(
        "letters",
        sa.Column(
            "standing", sa.String(length=16), nullable=False, server_default=sa.text("'registry'")
        ),
    )
    op.execute(
        "UPDATE letters SET haste = CASE urgency "
        "WHEN 'ด่วนที่สุด' THEN 0 WHEN 'ด่วนมาก' THEN 1 WHEN 'ด่วน' THEN 2 ELSE 3 END"
    )
    op.execute(
        "UPDATE letters SET step = COALESCE((SELECT step FROM movements WHERE "
        "movements.letter_id = letters.id AND movements.step <> 'instructed' "
        "ORDER BY movements.id DESC LIMIT 1), '')"
    )
    op.execute(
        "UPDATE letters SET standing = CASE WHEN step IN ('routed', 'taken', 'assigned') "
        "THEN 'group' WHEN step = 'done' THEN 'done' ELSE 'registry' END"
    )
    op.create_index(
        "ix_letters_due",
        "letters",
        [
            "office_id",
            "book",
            "standing",
            "haste",
            "buddhist_year",
            "running",
            "state",
            "cancelled",
            "is_secret",
            "suspected_secret",
            "review_count",
            "group_code",
        ],
        unique=False,
    )
    op.drop_index("ix_letters_office_id_group_code_filed_at", table_name="letters")
    op.create_index(
        "ix_letters_of_group",
        "letters",
        [
            "office_id",
            "group_code",
            "book",
            "state",
            "is_secret",
            "suspected_secret",
            "cancelled",
            "step",
            "haste",
        ],
        unique=False,
    )
    op.drop_index("ix_letters_office_id_review_count", table_name="letters")
    op.create_index(
        "ix_letters_in_doubt",
        "letters",
        ["office_id", "review_count", "state", "is_secret", "suspected_secret", "group_code"],
        unique=False,
    )


def _make_the_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_changes_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", "revision", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_who_at"), "changes", ["who", "at"], unique=False)


def _make_the_parts() -> None:
    op.create_table(
        "parts",
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source_id", ROW_ID, nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=False),
        sa.Column("last_page", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_parts_office_id")),
        sa.ForeignKeyConstraint(["source_id"], ["letters.id"], name=op.f("fk_parts_source_id")),
        sa.PrimaryKeyConstraint("office_id", "sha256", name=op.f("pk_parts")),
    )
    op.create_index(op.f("ix_parts_source_id"), "parts", ["source_id"], unique=False)


def _make_the_deadlines() -> None:
    op.create_table(
        "deadlines",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_deadlines_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_deadlines")),
    )
    op.create_index(op.f("ix_deadlines_due_on"), "deadlines", ["due_on"], unique=False)
    op.create_index(op.f("ix_copies_group_code"), "copies", ["group_code"], unique=False)
