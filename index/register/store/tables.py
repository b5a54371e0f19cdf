"""The tables of the book. Every constraint is named, so that SQLite and PostgreSQL can both change it.

The letter's row is also the job: `state`, `lease_owner`, `lease_until`, `attempts`. Large and rarely
listed things (the text of the pages, the evidence) lie beside it in `contents`, so that a list of a
hundred thousand letters reads little.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, validates

from classify.letter import Kind, Secrecy, Urgency
from index.choices import OPEN_STEPS, BookName, JobState, NoChoice, Standing, Step
from index.register.store.codec import Choice

BANGKOK = timezone(timedelta(hours=7), "Asia/Bangkok")
"""Thai time. Fixed at UTC+7 since 1920 and without summer time, so no time zone files are needed."""


class Moment(TypeDecorator[datetime]):
    """A point in time: stored as UTC, handed out in Thai time; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a timezone-aware moment into UTC (naive for SQLite, which keeps no zone)."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone; pass a timezone-aware datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand the moment out in Thai time, so that its `.date()` is the office's date."""
        if value is None:
            return None
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(BANGKOK)


class Words(TypeDecorator[str]):
    """Text from people, files and pages: what no database can store (NUL, lone surrogates) is dropped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Drop what cannot be stored; names of files that are not UTF-8 carry lone surrogates."""
        return None if value is None else value.replace("\0", "").encode(errors="ignore").decode()


class Table(DeclarativeBase):
    """The base of every row; it carries the naming rule of constraints."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Moment(),
        date: Date(),
        dict[str, Any]: JSON(),
    }


# SQLite numbers rows by itself only for a column of exactly type INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


class OfficeRow(Table):
    """An office that keeps its own books; its row is also the lock of its writers."""

    __tablename__ = "offices"
    __table_args__ = (UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(Words)
    audit_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    audit_hash: Mapped[str] = mapped_column(String(64), default="")
    # whose folder it is, and where that was when the office was last served (`OfficePlace`)
    identity: Mapped[str] = mapped_column(Words, default="", server_default="")
    place: Mapped[str] = mapped_column(Words, default="", server_default="")


_STANDING = {**dict.fromkeys(OPEN_STEPS, Standing.WITH_GROUP), Step.DONE: Standing.DONE}
_HASTE = {mark.value: place for place, mark in enumerate(reversed(Urgency)) if mark}


class JobColumns:
    """What a row is as a job: who has it, until when, and how often it was tried."""

    lease_owner: Mapped[str | None] = mapped_column(Words)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)

    def end_lease(self) -> None:
        """Let nobody have the row any more; the caller says what it is now."""
        self.lease_owner = self.lease_until = None


class LetterRow(JobColumns, Table):
    """One scan by its SHA-256: first a job, then a registered letter. Empty text means not known."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("office_id", "sha256"),
        UniqueConstraint("office_id", "book", "buddhist_year", "running"),
        CheckConstraint("state IN ('waiting','working','filed','quarantined')", name="state"),
        CheckConstraint("(state = 'filed') = (running IS NOT NULL)", name="filed_has_number"),
        CheckConstraint(
            "(running IS NULL) = (buddhist_year IS NULL) AND (running IS NULL) = (book IS NULL)",
            name="number_whole",
        ),
        Index(None, "office_id", "state", "received_at"),
        Index(None, "office_id", "number_key", "date"),
        # everything visibility asks: a list's length is counted without touching the rows
        Index(
            "ix_letters_seen",
            "office_id",
            "book",
            "state",
            "is_secret",
            "suspected_secret",
            "group_code",
        ),
        # a group's letters and their counts
        Index(
            "ix_letters_of_group",
            "office_id",
            "group_code",
            "book",
            "state",
            "is_secret",
            "suspected_secret",
            "cancelled",
            "step",
            "haste",
        ),
        Index(
            "ix_letters_in_doubt",
            "office_id",
            "review_count",
            "state",
            "is_secret",
            "suspected_secret",
            "group_code",
        ),
        # the desk's order, and all it is narrowed by: a page of it is read without sorting
        Index(
            "ix_letters_due",
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
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    sha256: Mapped[str] = mapped_column(String(64))

    # how the job ended, or where it stands
    state: Mapped[JobState] = mapped_column(Choice(JobState, 16))
    reason_code: Mapped[str] = mapped_column(String(64), default="")
    reason_thai: Mapped[str] = mapped_column(Words, default="")
    reason_english: Mapped[str] = mapped_column(Words, default="")
    reason_detail: Mapped[str] = mapped_column(Words, default="")

    # the file; its name may itself give a secret away
    name: Mapped[str] = mapped_column(Words)
    door: Mapped[str] = mapped_column(Words)
    secret_door: Mapped[bool] = mapped_column(default=False)
    # what the way in says: whose scanner it is, and whether the file may hold several letters
    proposed_group: Mapped[str] = mapped_column(String(64), default="")
    batch: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    media_type: Mapped[str] = mapped_column(Words)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    work_path: Mapped[str] = mapped_column(Words)
    page_count: Mapped[int] = mapped_column(Integer, default=0)
    searchable_sha256: Mapped[str | None] = mapped_column(String(64))

    # the register
    book: Mapped[BookName | None] = mapped_column(Choice(BookName, 16))
    buddhist_year: Mapped[int | None] = mapped_column(Integer)
    running: Mapped[int | None] = mapped_column(Integer)
    filed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer, default=0)
    cancelled: Mapped[bool] = mapped_column(default=False)
    review_count: Mapped[int] = mapped_column(Integer, default=0)
    is_secret: Mapped[bool] = mapped_column(default=False)
    # an open doubt about secrecy: hidden like a secret letter until the registrar has looked
    suspected_secret: Mapped[bool] = mapped_column(default=False)

    # the end: files and text are gone since, or the paper (or there never was any)
    erased_on: Mapped[date | None]
    paper_ended_on: Mapped[date | None]

    # the fields as they stand today
    number: Mapped[str] = mapped_column(Words, default="")
    number_as_printed: Mapped[str] = mapped_column(Words, default="")
    number_key: Mapped[str] = mapped_column(Words, default="")
    date: Mapped[date | None]
    sender: Mapped[str] = mapped_column(Words, default="")
    recipient: Mapped[str] = mapped_column(Words, default="")
    subject: Mapped[str] = mapped_column(Words, default="")
    kind: Mapped[Kind | NoChoice] = mapped_column(Choice(Kind, 16), default="")
    urgency: Mapped[Urgency] = mapped_column(Choice(Urgency, 32), default=Urgency.NONE)
    secrecy: Mapped[Secrecy] = mapped_column(Choice(Secrecy, 32), default=Secrecy.NONE)
    group_code: Mapped[str] = mapped_column(String(64), default="")
    retention_class: Mapped[str] = mapped_column(String(32), default="")

    # follows `urgency`: 0 is ด่วนที่สุด, 3 none; what lists are sorted by
    haste: Mapped[int] = mapped_column(Integer, default=3, server_default=text("3"))
    # the last movement but instructions; empty while the letter waits at the registry
    step: Mapped[Step | NoChoice] = mapped_column(
        Choice(Step, 16), default="", server_default=text("''")
    )
    # follows `step`: at whom the work is; one value a list, so that its index gives the order too
    standing: Mapped[Standing] = mapped_column(
        Choice(Standing, 16), default=Standing.AT_REGISTRY, server_default=text("'registry'")
    )

    @validates("urgency")
    def _follow_urgency(self, _key: str, urgency: Urgency) -> Urgency:
        self.haste = _HASTE.get(urgency, len(_HASTE))
        return urgency

    @validates("step")
    def _follow_step(self, _key: str, step: Step | NoChoice) -> Step | NoChoice:
        self.standing = _STANDING.get(step, Standing.AT_REGISTRY) if step else Standing.AT_REGISTRY
        return step


class ContentRow(Table):
    """The text of a letter's pages and what the program found and decided, with the evidence."""

    __tablename__ = "contents"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Words)
    letter: Mapped[dict[str, Any]]
    decision: Mapped[dict[str, Any]]


class CopyRow(Table):
    """A group that gets a copy of the letter besides the lead group."""

    __tablename__ = "copies"
    __table_args__ = (Index(None, "group_code"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(64), primary_key=True)


class ReviewRow(Table):
    """A reason why a clerk should look; open until somebody confirms or corrects the field."""

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "letter_id", "closed_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    field: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    thai: Mapped[str] = mapped_column(Words)
    english: Mapped[str] = mapped_column(Words)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(Words)


class ArrivalRow(Table):
    """A file that came through any door, duplicates included: nothing comes in unrecorded."""

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("office_id", "claim"),
        CheckConstraint("outcome IN ('new','duplicate')", name="outcome"),
        Index(None, "office_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    claim: Mapped[str] = mapped_column(String(64))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    outcome: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Words)
    door: Mapped[str] = mapped_column(Words)
    secret_door: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))


class CorrectionRow(Table):
    """A field that a clerk changed: the rules are tested against these."""

    __tablename__ = "corrections"
    __table_args__ = (Index(None, "letter_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    field: Mapped[str] = mapped_column(String(64))
    old: Mapped[str] = mapped_column(Words)
    new: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Words, default="")
    revision: Mapped[int] = mapped_column(Integer)


class MovementRow(Table):
    """Who had the letter when: routed, taken, assigned, done or sent back."""

    __tablename__ = "movements"
    __table_args__ = (Index(None, "letter_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    step: Mapped[Step] = mapped_column(Choice(Step, 16))
    group_code: Mapped[str] = mapped_column(String(64))
    officer: Mapped[str] = mapped_column(Words, default="")
    note: Mapped[str] = mapped_column(Words, default="")
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class AuditRow(Table):
    """One line of the audit trail; `hash` covers the line and the hash of the line before it."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "letter_id"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(Words)
    action: Mapped[str] = mapped_column(String(32))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class OutboxRow(Table):
    """A change the search index has still to take over."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    revision: Mapped[int] = mapped_column(Integer)
    op: Mapped[str] = mapped_column(String(8))
