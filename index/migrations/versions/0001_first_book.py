"""The first book: offices, letters and their jobs, numbers, corrections, audit trail, outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table, and let nobody change a line of the audit trail."""
    _make_the_office()
    _make_the_letters()
    _make_the_numbers()
    _make_what_belongs_to_a_letter()
    _make_the_doors_and_the_index()
    _make_the_desk()
    _make_the_audit_trail()
    _guard_the_audit_trail()


def _make_the_office() -> None:
    op.create_table(
        "offices",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audit_sequence", sa.BigInteger(), nullable=False),
        sa.Column("audit_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
    )


def _make_the_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason_code", sa.String(length=64), nullable=False),
        sa.Column("reason_thai", sa.Text(), nullable=False),
        sa.Column("reason_english", sa.Text(), nullable=False),
        sa.Column("reason_detail", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("secret_door", sa.Boolean(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("work_path", sa.Text(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("searchable_sha256", sa.String(length=64), nullable=True),
        sa.Column("book", sa.String(length=16), nullable=True),
        sa.Column("buddhist_year", sa.Integer(), nullable=True),
        sa.Column("running", sa.Integer(), nullable=True),
        sa.Column("filed_at", MOMENT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("review_count", sa.Integer(), nullable=False),
        sa.Column("is_secret", sa.Boolean(), nullable=False),
        sa.Column("suspected_secret", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_as_printed", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.String(length=32), nullable=False),
        sa.Column("secrecy", sa.String(length=32), nullable=False),
        sa.Column("group_code", sa.String(length=64), nullable=False),
        sa.Column("retention_class", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(state = 'filed') = (running IS NOT NULL)", name=op.f("ck_letters_filed_has_number")
        ),
        sa.CheckConstraint(
            "state IN ('waiting','working','filed','quarantined')", name=op.f("ck_letters_state")
        ),
        sa.CheckConstraint(
            "(running IS NULL) = (buddhist_year IS NULL) AND (running IS NULL) = (book IS NULL)",
            name=op.f("ck_letters_number_whole"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_letters_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "office_id",
            "book",
            "buddhist_year",
            "running",
            name=op.f("uq_letters_office_id_book_buddhist_year_running"),
        ),
        sa.UniqueConstraint("office_id", "sha256", name=op.f("uq_letters_office_id_sha256")),
    )
    op.create_index(
        op.f("ix_letters_office_id_group_code_filed_at"),
        "letters",
        ["office_id", "group_code", "filed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_letters_office_id_number_key_date"),
        "letters",
        ["office_id", "number_key", "date"],
        unique=False,
    )
    op.create_index(
        op.f("ix_letters_office_id_review_count"),
        "letters",
        ["office_id", "review_count"],
        unique=False,
    )
    op.create_index(
        op.f("ix_letters_office_id_state_received_at"),
        "letters",
        ["office_id", "state", "received_at"],
        unique=False,
    )
    op.create_index(
        "ix_letters_seen",
        "letters",
        ["office_id", "book", "state", "is_secret", "suspected_secret", "group_code"],
        unique=False,
    )


def _make_the_numbers() -> None:
    op.create_table(
        "counters",
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("buddhist_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_counters_office_id")),
        sa.PrimaryKeyConstraint("office_id", "book", "buddhist_year", name=op.f("pk_counters")),
    )
    op.create_table(
        "numbers",
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("buddhist_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("running", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "status IN ('given','reserved','cancelled')", name=op.f("ck_numbers_status")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_numbers_letter_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_numbers_office_id")),
        sa.PrimaryKeyConstraint(
            "office_id", "book", "buddhist_year", "running", name=op.f("pk_numbers")
        ),
    )
    op.create_index(op.f("ix_numbers_letter_id"), "numbers", ["letter_id"], unique=False)


def _make_what_belongs_to_a_letter() -> None:
    op.create_table(
        "contents",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_contents_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_contents")),
    )
    op.create_table(
        "copies",
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("group_code", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_copies_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", "group_code", name=op.f("pk_copies")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("thai", sa.Text(), nullable=False),
        sa.Column("english", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_reviews_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(
        op.f("ix_reviews_letter_id_closed_at"), "reviews", ["letter_id", "closed_at"], unique=False
    )


def _make_the_doors_and_the_index() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("claim", sa.String(length=64), nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("secret_door", sa.Boolean(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("outcome IN ('new','duplicate')", name=op.f("ck_arrivals_outcome")),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_arrivals_letter_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_arrivals_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
        sa.UniqueConstraint("office_id", "claim", name=op.f("uq_arrivals_office_id_claim")),
    )
    op.create_index(
        op.f("ix_arrivals_office_id_outcome"), "arrivals", ["office_id", "outcome"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_outbox_letter_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_outbox_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )


def _make_the_desk() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_corrections_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_letter_id"), "corrections", ["letter_id"], unique=False)
    op.create_table(
        "movements",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("group_code", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_movements_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movements")),
    )
    op.create_index(op.f("ix_movements_letter_id"), "movements", ["letter_id"], unique=False)
    op.create_table(
        "grants",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_grants_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index(op.f("ix_grants_person_until"), "grants", ["person", "until"], unique=False)


def _make_the_audit_trail() -> None:
    op.create_table(
        "audit",
        sa.Column("office_id", ROW_ID, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("letter_id", ROW_ID, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_audit_letter_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_audit_office_id")),
        sa.PrimaryKeyConstraint("office_id", "sequence", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_letter_id"), "audit", ["letter_id"], unique=False)


def _guard_the_audit_trail() -> None:
    """Refuse UPDATE and DELETE on `audit`, whoever asks; the hash chain shows what gets past this."""
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{action.lower()} BEFORE {action} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )
