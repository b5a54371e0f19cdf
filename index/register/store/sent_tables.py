"""The tables of the send books: letters sent, their files, their recipients, and what was corrected."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, validates

from classify.letter import Secrecy, Urgency
from index.choices import BookName
from index.register.store.codec import Choice
from index.register.store.number_tables import NumberRow
from index.register.store.tables import JobColumns, RowId, Table, Words

Day: TypeAlias = date  # inside a class that has a column `date`


class SentRow(Table):
    """A letter sent, an order or an announcement under its number; whether it stands is the number's status."""

    __tablename__ = "sent"
    __table_args__ = (
        # the number it has must have been drawn
        ForeignKeyConstraint(
            ["office_id", "book", "buddhist_year", "running"],
            [NumberRow.office_id, NumberRow.book, NumberRow.buddhist_year, NumberRow.running],
        ),
        UniqueConstraint("office_id", "book", "buddhist_year", "running"),
        UniqueConstraint("entry_key"),
        Index(None, "office_id", "registered_at"),
        Index(None, "answers_id"),
        Index(None, "office_id", "to_index"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    book: Mapped[BookName] = mapped_column(Choice(BookName, 16))
    buddhist_year: Mapped[int] = mapped_column(Integer)
    running: Mapped[int] = mapped_column(Integer)
    registered_at: Mapped[datetime]
    registered_by: Mapped[str] = mapped_column(Words)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    number: Mapped[str] = mapped_column(Words)
    number_key: Mapped[str] = mapped_column(Words)
    date: Mapped[date]
    subject: Mapped[str] = mapped_column(Words)
    recipient: Mapped[str] = mapped_column(Words)
    group_code: Mapped[str] = mapped_column(String(64))
    urgency: Mapped[Urgency] = mapped_column(Choice(Urgency, 32), default=Urgency.NONE)
    secrecy: Mapped[Secrecy] = mapped_column(Choice(Secrecy, 32), default=Secrecy.NONE)
    note: Mapped[str] = mapped_column(Words, default="")
    retention_class: Mapped[str] = mapped_column(String(32), default="", server_default="")
    # the end: files and text are gone since, or the paper
    erased_on: Mapped[Day | None]
    paper_ended_on: Mapped[Day | None]
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    # the form it was entered with: a form sent twice draws one number
    entry_key: Mapped[str | None] = mapped_column(String(64))
    # a secrecy mark was found on a copy; hides the letter until the registrar has looked
    suspected_secret: Mapped[bool] = mapped_column(default=False, server_default=false())
    # follows `revision`: the search index has not taken over this one yet
    to_index: Mapped[bool] = mapped_column(default=True, server_default=true())

    @validates("revision")
    def _follow_revision(self, _key: str, revision: int) -> int:
        self.to_index = True
        return revision


class SentRecipientRow(Table):
    """One addressee: how and when the letter went there, and who acknowledged it when."""

    __tablename__ = "sent_recipients"

    sent_id: Mapped[int] = mapped_column(ForeignKey("sent.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Words)
    way: Mapped[str] = mapped_column(Words, default="")
    reference: Mapped[str] = mapped_column(Words, default="")
    sent_on: Mapped[date | None]
    acknowledged_on: Mapped[date | None]
    acknowledged_by: Mapped[str] = mapped_column(Words, default="")


class SentFileRow(JobColumns, Table):
    """A scanned copy of what was sent; the bytes lie in the archive. The row is also the job of reading it."""

    __tablename__ = "sent_files"
    __table_args__ = (Index(None, "state"),)

    sent_id: Mapped[int] = mapped_column(ForeignKey("sent.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(Words)
    media_type: Mapped[str] = mapped_column(Words)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    attached_at: Mapped[datetime]
    attached_by: Mapped[str] = mapped_column(Words)

    # waiting → working (leased) → read, or → unread with the reason
    state: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default=sql("0"))
    reason_thai: Mapped[str] = mapped_column(Words, default="", server_default="")
    reason_detail: Mapped[str] = mapped_column(Words, default="", server_default="")
    searchable_sha256: Mapped[str | None] = mapped_column(String(64))
    page_count: Mapped[int] = mapped_column(Integer, default=0, server_default=sql("0"))
    text: Mapped[str] = mapped_column(Words, default="", server_default="")


class SentChangeRow(Table):
    """A field of a sent letter that somebody changed, with what stood there before."""

    __tablename__ = "sent_changes"
    __table_args__ = (Index(None, "sent_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sent_id: Mapped[int] = mapped_column(ForeignKey("sent.id"))
    field: Mapped[str] = mapped_column(String(64))
    old: Mapped[str] = mapped_column(Words)
    new: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Words, default="", server_default="")
