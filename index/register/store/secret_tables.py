"""The tables of who may open a secret letter, who must not, and in whose hands its paper is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from index.register.store.tables import RowId, Table, Words


class GrantRow(Table):
    """A personal permission to open one letter, for a reason and until a moment; or until it was taken back."""

    __tablename__ = "grants"
    __table_args__ = (Index(None, "person", "until"), Index(None, "letter_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    person: Mapped[str] = mapped_column(Words)
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(Words, default="", server_default="")


class DenialRow(Table):
    """A person who must not open one letter while it is secret, whatever else is granted; until it is lifted."""

    __tablename__ = "denials"
    __table_args__ = (Index(None, "person"), Index(None, "letter_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    person: Mapped[str] = mapped_column(Words)
    reason: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(Words, default="", server_default="")


class HandoverRow(Table):
    """A secret letter that went from one person to another: on its way, received, or taken back before.

    `giver` had it, `who` wrote it down: the giver, or the registrar who fetched the letter. It is received
    when the taker has signed for it (ใบตอบรับ).
    """

    __tablename__ = "handovers"
    __table_args__ = (Index(None, "letter_id"), Index(None, "taker"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    giver: Mapped[str] = mapped_column(Words)
    taker: Mapped[str] = mapped_column(Words)
    note: Mapped[str] = mapped_column(Words)
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    received_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str] = mapped_column(Words, default="", server_default="")
