"""The tables of imports, of scans that are one letter, and of what is still to be delivered outside."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column

from classify.letter import Urgency
from index.register.store.codec import Choice
from index.register.store.tables import RowId, Table, Words


class ImportRow(Table):
    """One import: which profile, by whom, when."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    profile: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class ListedRow(Table):
    """What another system's list says of the file with these bytes; empty text means nothing."""

    __tablename__ = "listed"
    __table_args__ = (Unique("office_id", "sha256"), Index(None, "import_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(Words, default="")
    date: Mapped[date | None]
    sender: Mapped[str] = mapped_column(Words, default="")
    recipient: Mapped[str] = mapped_column(Words, default="")
    subject: Mapped[str] = mapped_column(Words, default="")
    urgency: Mapped[Urgency] = mapped_column(Choice(Urgency, 32), default=Urgency.NONE)


class PageHashRow(Table):
    """The perceptual hash of a letter's first page, in hexadecimal."""

    __tablename__ = "page_hashes"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(128))


class SameLetterRow(Table):
    """Two scans that may be one letter.

    `held`: the second was recognised before it had a number, and has none; `offered`: both have one;
    `joined` and `different` are a clerk's words.
    """

    __tablename__ = "same_letters"
    __table_args__ = (
        CheckConstraint("state IN ('held','offered','joined','different')", name="state"),
        Index(None, "second_id"),
        Index(None, "office_id", "state"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    state: Mapped[str] = mapped_column(String(16))
    because: Mapped[str] = mapped_column(String(32))
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class DeliveryRow(Table):
    """One message for one address outside; made from a line of the audit trail, contents not in it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Unique("office_id", "target", "sequence"),
        CheckConstraint("state IN ('waiting','sent','given_up')", name="state"),
        Index(None, "office_id", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    target: Mapped[str] = mapped_column(Words)
    sequence: Mapped[int] = mapped_column(BigInteger)
    event: Mapped[str] = mapped_column(String(64))
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    problem: Mapped[str] = mapped_column(Words, default="")


class DeliveryMarkRow(Table):
    """The last line of the audit trail that deliveries were made of."""

    __tablename__ = "delivery_marks"

    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
