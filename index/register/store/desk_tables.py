"""The desk's own tables: what each change took away (for undo), letters cut from others' scans, deadlines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from index.register.store.tables import Table, Words


class ChangeRow(Table):
    """A change made at the desk, and the letter as it stood before: what undo restores.

    `since` is the revision before it; for an undo the revision whose state stands again.
    """

    __tablename__ = "changes"
    __table_args__ = (Index(None, "who", "at"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    since: Mapped[int] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(16))
    before: Mapped[dict[str, Any]]
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class PartRow(Table):
    """A scan that belongs to another letter's: cut out of it, or joined to it.

    It is known by its bytes, for the letter cut out comes into the book later, by the normal way.
    Pages count from 1 in the scan of `source_id`; for a joined letter they are its own.
    """

    __tablename__ = "parts"
    __table_args__ = (Index(None, "source_id"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    relation: Mapped[str] = mapped_column(String(16))
    first_page: Mapped[int] = mapped_column(Integer)
    last_page: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class DeadlineRow(Table):
    """The day by which a group wants to be done with a letter."""

    __tablename__ = "deadlines"
    __table_args__ = (Index(None, "due_on"),)

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    due_on: Mapped[date]
    note: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
