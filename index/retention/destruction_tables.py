"""The tables of a destruction: what the executor stated, and what became of each letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from index.register.store.tables import RowId, Table, Words


class ExecutionRow(Table):
    """The carrying out of one batch; `statement` and `certificate` have their SHA-256 in the trail."""

    __tablename__ = "executions"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    executor: Mapped[str] = mapped_column(Words)
    began_at: Mapped[datetime]
    statement: Mapped[dict[str, Any]]
    finished_at: Mapped[datetime | None]
    certificate: Mapped[dict[str, Any]]  # empty until everything is verified gone


class DisposalRow(Table):
    """What becomes of one letter; written before anything is removed, kept for good."""

    __tablename__ = "disposals"
    __table_args__ = (
        CheckConstraint("state IN ('intended','erased','verified')", name="state"),
        Index(None, "letter_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    letter_id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(16))
    intended_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]
    verified_at: Mapped[datetime | None]
