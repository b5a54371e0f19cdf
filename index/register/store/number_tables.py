"""The tables of numbers: where each book and year stands, and every number ever drawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from index.choices import BookName, NumberStatus
from index.register.store.codec import Choice
from index.register.store.tables import Table, Words


class CounterRow(Table):
    """The last number drawn in one book and year; `first` is past the paper book's last number."""

    __tablename__ = "counters"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    book: Mapped[BookName] = mapped_column(Choice(BookName, 16), primary_key=True)
    buddhist_year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    first: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)


class NumberRow(Table):
    """Every number ever drawn: given to a letter, reserved, or cancelled with a note."""

    __tablename__ = "numbers"
    __table_args__ = (
        CheckConstraint("status IN ('given','reserved','cancelled')", name="status"),
        Index(None, "letter_id"),
        Index(None, "office_id", "at"),
        Index(None, "office_id", "waits_for", unique=True),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    book: Mapped[BookName] = mapped_column(Choice(BookName, 16), primary_key=True)
    buddhist_year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    running: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[NumberStatus] = mapped_column(Choice(NumberStatus, 16))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))
    note: Mapped[str] = mapped_column(Words, default="")
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    # SHA-256 of the scan that is to be filed under a reserved number
    waits_for: Mapped[str | None] = mapped_column(String(64))
