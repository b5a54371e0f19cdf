"""The send book, recipients, imports and duplicates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables of the send books, of imports, of scans that are one letter, and of deliveries."""
    _make_sent()
    _make_imports()


def _letter(table: str, column: str = "letter_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["letters.id"], name=op.f(f"fk_{table}_{column}"))


def _office(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["office_id"], ["offices.id"], name=op.f(f"fk_{table}_office_id")
    )


def _make_imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _office("imports"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "listed",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("import_id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        _office("listed"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_listed_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed")),
        sa.UniqueConstraint("office_id", "sha256", name=op.f("uq_listed_office_id_sha256")),
    )
    op.create_index(op.f("ix_listed_import_id"), "listed", ["import_id"], unique=False)
    _make_same_letters()
    _make_deliveries()


def _make_same_letters() -> None:
    op.create_table(
        "page_hashes",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("hash", sa.String(length=128), nullable=False),
        _letter("page_hashes"),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_page_hashes")),
    )
    op.create_table(
        "same_letters",
        sa.Column("first_id", ROW_ID, nullable=False),
        sa.Column("second_id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("because", sa.String(length=32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "state IN ('held','offered','joined','different')", name=op.f("ck_same_letters_state")
        ),
        _letter("same_letters", "first_id"),
        _letter("same_letters", "second_id"),
        _office("same_letters"),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_same_letters")),
    )
    op.create_index(op.f("ix_same_letters_second_id"), "same_letters", ["second_id"], unique=False)
    op.create_index(
        op.f("ix_same_letters_office_id_state"),
        "same_letters",
        ["office_id", "state"],
        unique=False,
    )


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting','sent','given_up')", name=op.f("ck_deliveries_state")
        ),
        _letter("deliveries"),
        _office("deliveries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "office_id", "target", "sequence", name=op.f("uq_deliveries_office_id_target_sequence")
        ),
    )
    op.create_index(
        op.f("ix_deliveries_office_id_state_due_at"),
        "deliveries",
        ["office_id", "state", "due_at"],
        unique=False,
    )
    op.create_table(
        "delivery_marks",
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        _office("delivery_marks"),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_delivery_marks")),
    )


def _make_sent() -> None:
    # A scan's way in may propose a group, and may say that the file holds several letters.
    op.add_column(
        "letters",
        sa.Column("proposed_group", sa.String(length=64), nullable=False, server_default=""),
    )
    op.add_column(
        "letters", sa.Column("batch", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(op.f("ix_numbers_office_id_at"), "numbers", ["office_id", "at"], unique=False)
    op.create_table(
        "sent",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("buddhist_year", sa.Integer(), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("group_code", sa.String(length=64), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("secrecy", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answers_id", ROW_ID, nullable=True),
        sa.Column("entry_key", sa.String(length=64), nullable=True),
        _office("sent"),
        _letter("sent", "answers_id"),
        sa.ForeignKeyConstraint(
            ["office_id", "book", "buddhist_year", "running"],
            ["numbers.office_id", "numbers.book", "numbers.buddhist_year", "numbers.running"],
            name=op.f("fk_sent_office_id_book_buddhist_year_running"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent")),
        sa.UniqueConstraint(
            "office_id",
            "book",
            "buddhist_year",
            "running",
            name=op.f("uq_sent_office_id_book_buddhist_year_running"),
        ),
        sa.UniqueConstraint("entry_key", name=op.f("uq_sent_entry_key")),
    )
    op.create_index(
        op.f("ix_sent_office_id_registered_at"),
        "sent",
        ["office_id", "registered_at"],
        unique=False,
    )
    op.create_index(op.f("ix_sent_answers_id"), "sent", ["answers_id"], unique=False)
    _make_what_belongs_to_a_sent_letter()


def _sent(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["sent_id"], ["sent.id"], name=op.f(f"fk_{table}_sent_id"))


def _make_what_belongs_to_a_sent_letter() -> None:
    op.create_table(
        "sent_recipients",
        sa.Column("sent_id", ROW_ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_by", sa.Text(), nullable=False),
        _sent("sent_recipients"),
        sa.PrimaryKeyConstraint("sent_id", "position", name=op.f("pk_sent_recipients")),
    )
    op.create_table(
        "sent_files",
        sa.Column("sent_id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("attached_at", MOMENT, nullable=False),
        sa.Column("attached_by", sa.Text(), nullable=False),
        _sent("sent_files"),
        sa.PrimaryKeyConstraint("sent_id", "sha256", name=op.f("pk_sent_files")),
    )
    op.create_table(
        "sent_changes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("sent_id", ROW_ID, nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _sent("sent_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_changes")),
    )
    op.create_index(op.f("ix_sent_changes_sent_id"), "sent_changes", ["sent_id"], unique=False)
