"""Lending (ข้อ 61-65): the borrowing card of form 24, its overdue list, and who may not borrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import BookName
from index.errors import NoSuchRecordError
from index.message import message
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from index.retention.batches import take_out_if_barred
from index.retention.errors import StepRefusedError
from index.retention.law import Law
from index.retention.paper_list import listed
from index.retention.papers import PaperRow, get_paper, id_of, label_of, note_paper, open_paper
from index.retention.still_kept import open_kept
from index.retention.tables import LoanRow
from index.visibility import Viewer


class Standing(StrEnum):
    """Who borrows: somebody of this agency, another agency, or anybody else."""

    INSIDE = "inside"
    AGENCY = "agency"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Borrower:
    """Who asks for the letter; `unit` is the group, or the name of the other agency."""

    person: str
    unit: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Loan:
    """One line of the borrowing card. `received_by` took the letter away (ผู้รับ)."""

    letter_id: int
    label: str
    book: BookName
    register_number: RegisterNumber
    subject: str
    borrower: Borrower
    permitted_by: str
    received_by: str
    lent_on: date
    due_on: date
    returned_by: str | None
    returned_on: date | None

    def is_overdue(self, as_of: date) -> bool:
        """Tell whether the letter should have come back before a day and has not."""
        return self.returned_on is None and as_of > self.due_on


class Loans:
    """Lend, take back, and see what is out. A borrowed letter cannot be destroyed."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def lend(
        self,
        viewer: Viewer,
        letter_id: int,
        borrower: Borrower,
        *,
        permitted_by: str,
        due_on: date,
        now: datetime,
        received_by: str = "",
    ) -> Loan:
        """Hand a letter out. Raises StepRefusedError, with the clause, when that may not be."""
        today = now.astimezone(BANGKOK).date()
        _refuse(borrower, permitted_by, due_on, today)
        with self._database.writing() as session:
            row = open_kept(session, self._database.office_id, viewer, letter_id)
            if _open_loan(session, letter_id) is not None:
                raise StepRefusedError("ข้อ 63", message("หนังสือนี้มีผู้ยืมอยู่แล้ว"))
            loan = LoanRow(
                letter_id=letter_id,
                borrower=borrower.person.strip(),
                unit=borrower.unit.strip(),
                standing=borrower.standing,
                permitted_by=permitted_by.strip(),
                received_by=received_by.strip() or borrower.person.strip(),
                lent_on=today,
                due_on=due_on,
                lent_by=viewer.name,
            )
            session.add(loan)
            session.flush()
            self._note(session, row, "lent", viewer, now=now, loan=loan)
            return _loan(loan, row)

    def take_back(self, viewer: Viewer, letter_id: int, *, returned_by: str, now: datetime) -> Loan:
        """Note that a letter came back; NoSuchRecordError when it was not out."""
        with self._database.writing() as session:
            row = open_kept(session, self._database.office_id, viewer, letter_id)
            loan = _open_loan(session, letter_id)
            if loan is None:
                raise NoSuchRecordError(f"a loan of letter {label_of(row)}")
            loan.returned_by = returned_by.strip() or loan.borrower
            loan.returned_on = now.astimezone(BANGKOK).date()
            self._note(session, row, "returned_to_store", viewer, now=now, loan=loan)
            return _loan(loan, row)

    def overdue(self, viewer: Viewer, as_of: date) -> tuple[Loan, ...]:
        """Return what should have come back, the longest overdue first; never a secret letter."""
        return tuple(one for one in self.out(viewer) if one.is_overdue(as_of))

    def out(self, viewer: Viewer) -> tuple[Loan, ...]:
        """Return every loan that has not come back, by the day it is due; never a secret letter."""
        with self._database.reading() as session:
            of = listed(self._database.office_id, viewer, joined=True)
            loans = session.scalars(
                select(LoanRow)
                .join(of, of.c.id == LoanRow.letter_id)
                .where(LoanRow.returned_on.is_(None))
                .order_by(LoanRow.due_on, LoanRow.id)
            ).all()
            return tuple(_loan(loan, get_paper(session, loan.letter_id)) for loan in loans)

    def card(self, viewer: Viewer, letter_id: int) -> tuple[Loan, ...]:
        """Return a letter's borrowing card, oldest line first."""
        with self._database.reading() as session:
            row = open_paper(session, self._database.office_id, viewer, letter_id)
            loans = session.scalars(
                select(LoanRow).where(LoanRow.letter_id == letter_id).order_by(LoanRow.id)
            )
            return tuple(_loan(loan, row) for loan in loans)

    def _note(
        self,
        session: Session,
        row: PaperRow,
        action: str,
        viewer: Viewer,
        *,
        now: datetime,
        loan: LoanRow,
    ) -> None:
        details = {"loan": loan.id, "due_on": loan.due_on.isoformat()}
        note_paper(session, row, action, who=viewer.name, now=now, details=details)
        take_out_if_barred(session, id_of(row), self._law, who=viewer.name, now=now)


def _refuse(borrower: Borrower, permitted_by: str, due_on: date, today: date) -> None:
    if borrower.standing is Standing.OUTSIDER:
        raise StepRefusedError("ข้อ 65", message("บุคคลภายนอกยืมหนังสือไม่ได้ ขอดูหรือคัดลอกได้เมื่อได้รับอนุญาต"))
    if not borrower.person.strip() or not borrower.unit.strip():
        raise StepRefusedError("ข้อ 63", message("ต้องระบุผู้ยืมและหน่วยงาน"))
    if not permitted_by.strip() or permitted_by.strip() == borrower.person.strip():
        raise StepRefusedError("ข้อ 62-64", message("ต้องมีผู้อนุญาตให้ยืมซึ่งไม่ใช่ผู้ยืม"))
    if due_on < today:
        raise StepRefusedError("ข้อ 63", message("กำหนดส่งคืนอยู่ก่อนวันยืม"))


def _open_loan(session: Session, letter_id: int) -> LoanRow | None:
    return session.scalar(
        select(LoanRow).where(LoanRow.letter_id == letter_id, LoanRow.returned_on.is_(None))
    )


def _loan(loan: LoanRow, letter: PaperRow) -> Loan:
    return Loan(
        loan.letter_id,
        label_of(letter),
        letter.book or BookName.RECEIVE,
        RegisterNumber(letter.running or 0, letter.buddhist_year or 0),
        letter.subject,
        Borrower(loan.borrower, loan.unit, Standing(loan.standing)),
        loan.permitted_by,
        loan.received_by,
        loan.lent_on,
        loan.due_on,
        loan.returned_by,
        loan.returned_on,
    )
