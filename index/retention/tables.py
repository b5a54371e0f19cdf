"""The tables of retention: clocks, holds, loans, places in the store, and batches as their ordered steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from index.register.store.tables import RowId, Table, Words


class ClockRow(Table):
    """What a letter's period is counted from; no row means that the matter is still worked on."""

    __tablename__ = "clocks"

    letter_id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    finished_on: Mapped[date | None]
    audited_on: Mapped[date | None]
    superseded_on: Mapped[date | None]
    kept_until_year: Mapped[int | None]  # Gregorian; the committee or the archives named it
    wanted_on: Mapped[date | None]  # the day of the letter by which the archives asked for it


class HoldRow(Table):
    """A person's stop on a letter; it is released, never deleted."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('legal','audit','discipline','information_request')", name="kind"
        ),
        Index(None, "letter_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(RowId)
    kind: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Words)
    placed_by: Mapped[str] = mapped_column(Words)
    placed_on: Mapped[date]
    until: Mapped[date | None]
    released_by: Mapped[str | None] = mapped_column(Words)
    released_on: Mapped[date | None]
    release_reason: Mapped[str] = mapped_column(Words, default="")


class LoanRow(Table):
    """One line of a borrowing card (form 24)."""

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("standing IN ('inside','agency')", name="standing"),
        Index(None, "letter_id", "returned_on"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    letter_id: Mapped[int] = mapped_column(RowId)
    borrower: Mapped[str] = mapped_column(Words)
    unit: Mapped[str] = mapped_column(Words)
    standing: Mapped[str] = mapped_column(String(16))
    permitted_by: Mapped[str] = mapped_column(Words)
    received_by: Mapped[str] = mapped_column(Words)
    lent_on: Mapped[date]
    due_on: Mapped[date]
    lent_by: Mapped[str] = mapped_column(Words)
    returned_by: Mapped[str | None] = mapped_column(Words)
    returned_on: Mapped[date | None]


class PlaceRow(Table):
    """Where the paper lies in the store."""

    __tablename__ = "places"

    letter_id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    shelf: Mapped[str] = mapped_column(Words)
    box: Mapped[str] = mapped_column(Words)
    file_code: Mapped[str] = mapped_column(Words)
    stored_on: Mapped[date]
    stored_by: Mapped[str] = mapped_column(Words)


class BatchRow(Table):
    """A destruction batch; `stage` repeats what the steps add up to, so that lists need no replay."""

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("office_id", "code"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    code: Mapped[str] = mapped_column(String(32))
    year: Mapped[int] = mapped_column(Integer)
    proposer: Mapped[str] = mapped_column(Words)
    proposed_on: Mapped[date]
    stage: Mapped[str] = mapped_column(String(16))
    is_secret: Mapped[bool] = mapped_column(default=False)


class BatchItemRow(Table):
    """A letter on the list, in the order of form 25; one that was taken out keeps its line."""

    __tablename__ = "batch_items"
    __table_args__ = (Index(None, "letter_id", "taken_out"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    letter_id: Mapped[int] = mapped_column(RowId)
    taken_out: Mapped[bool] = mapped_column(default=False)


class BatchStepRow(Table):
    """One step, as `step_codec` packs it; its SHA-256 stands in the audit trail."""

    __tablename__ = "batch_steps"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    step: Mapped[dict[str, Any]]
    who: Mapped[str] = mapped_column(Words)
    at: Mapped[datetime]


class TransferListRow(Table):
    """A list of letters of twenty years: handed over (21), kept (22), or left in deposit (23)."""

    __tablename__ = "transfer_lists"
    __table_args__ = (
        UniqueConstraint("office_id", "code"),
        CheckConstraint("form IN ('21','22','23')", name="form"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    code: Mapped[str] = mapped_column(String(32))
    form: Mapped[str] = mapped_column(String(2))
    year: Mapped[int] = mapped_column(Integer)
    prepared_by: Mapped[str] = mapped_column(Words)
    prepared_on: Mapped[date]
    sent_number: Mapped[str] = mapped_column(Words, default="")
    sent_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(Words, default="")
    received_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]


class TransferItemRow(Table):
    """A letter on such a list, in the order of the form; `note` is its หมายเหตุ."""

    __tablename__ = "transfer_items"
    __table_args__ = (Index(None, "letter_id"),)

    list_id: Mapped[int] = mapped_column(ForeignKey("transfer_lists.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    letter_id: Mapped[int] = mapped_column(RowId)
    note: Mapped[str] = mapped_column(Words, default="")
