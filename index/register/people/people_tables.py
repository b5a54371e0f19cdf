"""The tables of people: who they are, who is logged in, failed log-ins, and tokens for programs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classify.letter import Secrecy
from index.choices import MandateKind
from index.register.store.codec import Choice
from index.register.store.tables import RowId, Table, Words


class PersonRow(Table):
    """A person who may log in; never deleted, because the audit trail names them."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("office_id", "name"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    name: Mapped[str] = mapped_column(String(64))
    shown_name: Mapped[str] = mapped_column(Words)
    password_hash: Mapped[str] = mapped_column(Words)
    roles: Mapped[list[str]] = mapped_column(JSON)
    groups: Mapped[list[str]] = mapped_column(JSON)
    clearance: Mapped[Secrecy] = mapped_column(Choice(Secrecy, 32), default=Secrecy.NONE)
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]


class SessionRow(Table):
    """A browser that is logged in, known by the SHA-256 of its token only."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "person_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AttemptRow(Table):
    """Failed log-ins in a row, by name or by address; the key is a hash, for people type anything."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "last_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime]


class TokenRow(Table):
    """A program's key to the interface, made by a person and never stronger than that person."""

    __tablename__ = "tokens"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(Words)
    token_hash: Mapped[str] = mapped_column(String(64))
    roles: Mapped[list[str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class MandateRow(Table):
    """An order that lets a person act for another on some days, or decide what only the director decides.

    It ends on its last day or when it was ended before; it is never deleted. `absent` is empty where the
    order names no post that is acted for; `ends` where it holds until it is ended.
    """

    __tablename__ = "mandates"
    __table_args__ = (Index(None, "office_id", "person"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    kind: Mapped[MandateKind] = mapped_column(Choice(MandateKind, 16))
    person: Mapped[str] = mapped_column(String(64))
    absent: Mapped[str] = mapped_column(String(64))
    order_number: Mapped[str] = mapped_column(Words)
    begins: Mapped[date]
    ends: Mapped[date | None]
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(Words, default="")
