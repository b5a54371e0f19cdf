"""What the books know of papers that matters for their end, read in a few queries for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, or_, select, true
from sqlalchemy.orm import Session

from index.choices import BookName
from index.message import in_thai
from index.register.letters.shared_pages import gave_its_number_up, joined_to
from index.register.store.tables import LetterRow
from index.registered_letter import RegisterNumber
from index.retention.batch import Stage
from index.retention.eligibility import Eligibility, Hold, HoldKind, LetterFacts, judge
from index.retention.law import Law
from index.retention.paper_list import in_order, named_papers
from index.retention.papers import label
from index.retention.schedule import Clock
from index.retention.tables import (
    BatchItemRow,
    BatchRow,
    ClockRow,
    HoldRow,
    LoanRow,
    PlaceRow,
    TransferItemRow,
    TransferListRow,
)
from ocr.thai_text import BUDDHIST_ERA

CLOSED = (Stage.DESTROYED, Stage.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """One paper as the lists of retention show it, and the facts that it is judged by."""

    register_number: RegisterNumber
    number: str
    date: date | None
    sender: str
    subject: str
    file_code: str
    facts: LetterFacts
    book: BookName = BookName.RECEIVE

    @property
    def label(self) -> str:
        """Its number, with the book it stands in where that is not the receive book."""
        return label(self.book, self.register_number)

    @property
    def order(self) -> tuple[int, int, int]:
        """Where it stands in every list: `paper_list.in_order`."""
        number = self.register_number
        return number.buddhist_year, tuple(BookName).index(self.book), number.running


def something_is_left(of: Subquery) -> ColumnElement[bool]:
    """Say of a paper that paper or electronic copy is still there."""
    return or_(of.c.erased_on.is_(None), of.c.paper_ended_on.is_(None))


def read_known(
    session: Session,
    of: Subquery,
    law: Law,
    as_of: date,
    *,
    narrowed: ColumnElement[bool] | None = None,
    in_batch: int | None = None,
) -> Iterator[KnownLetter]:
    """Yield papers by register number, with their stops on a day; `of` is of `paper_list`.

    `narrowed` is a further condition that may ask for their clocks too.
    `in_batch` is the row of the batch that asks: it does not stand in its own way.
    """
    stops = _stops(session, of, as_of, in_batch)
    kept = frozenset(session.scalars(kept_by_the_office()))
    transfer = law.deadlines["transfer"].after_years
    # The connection's rows, not the session's: the survey reads them by the hundred thousand.
    rows = session.connection().execute(_rows(of, narrowed))
    for (
        letter_id,
        book,
        running,
        year,
        number,
        written,
        sender,
        subject,
        code,
        hidden,
        erased,
        paper_ended,
        file_code,
        *clocked,
    ) in rows:
        holds, clock = stops.get(letter_id, ()), Clock(*clocked)
        if clock.wanted_on is not None:
            holds += (Hold(HoldKind.TWENTY_YEARS, "หอจดหมายเหตุขอรับมอบ", "", clock.wanted_on),)
        elif letter_id not in kept:
            holds += _twenty_years(written, transfer, as_of)
        gone = max(erased, paper_ended) if erased and paper_ended else None
        registered = (year or BUDDHIST_ERA) - BUDDHIST_ERA
        facts = LetterFacts(
            letter_id, code, clock, bool(hidden), holds, gone, paper_ended, registered
        )
        number_in_book = RegisterNumber(running or 0, year or 0)
        yield KnownLetter(
            number_in_book,
            number,
            written,
            sender,
            subject,
            file_code or "",
            facts,
            book or BookName.RECEIVE,
        )


def _rows(of: Subquery, narrowed: ColumnElement[bool] | None) -> Select[Any]:
    """Return the query for what is known of each paper, in the order of every list."""
    return (
        select(
            of.c.id,
            of.c.book,
            of.c.running,
            of.c.buddhist_year,
            of.c.number,
            of.c.date,
            of.c.sender,
            of.c.subject,
            of.c.retention_class,
            of.c.is_hidden,
            of.c.erased_on,
            of.c.paper_ended_on,
            PlaceRow.file_code,
            ClockRow.finished_on,
            ClockRow.audited_on,
            ClockRow.superseded_on,
            ClockRow.kept_until_year,
            ClockRow.wanted_on,
        )
        .select_from(of)
        .outerjoin(ClockRow, ClockRow.letter_id == of.c.id)
        .outerjoin(PlaceRow, PlaceRow.letter_id == of.c.id)
        .where(true() if narrowed is None else narrowed)
        .order_by(*in_order(of))
    )


def judge_one(
    session: Session, letter_id: int, law: Law, as_of: date, *, batch: BatchRow | None = None
) -> Eligibility:
    """Judge one letter on a day, whoever asks; `batch` is the one that it stands in."""
    in_batch = batch.id if batch else None
    (known,) = read_known(session, named_papers([letter_id]), law, as_of, in_batch=in_batch)
    return judge(known.facts, law, as_of, in_secret_run=batch is not None and batch.is_secret)


def _twenty_years(written: date | None, years: int | None, as_of: date) -> tuple[Hold, ...]:
    """A letter that turns twenty goes to the archives (ข้อ 58) before anybody may destroy it."""
    if written is None or years is None:
        return ()
    turned = written.year + years
    if as_of.year < turned:
        return ()
    reason = f"ลงวันที่ {in_thai(written)}"
    return (Hold(HoldKind.TWENTY_YEARS, reason, "", date(turned, 1, 1)),)


def kept_by_the_office() -> Select[int]:
    """Select the letters that the archives agreed to leave here (form 22, ข้อ 58.3)."""
    return (
        select(TransferItemRow.letter_id)
        .join(TransferListRow, TransferListRow.id == TransferItemRow.list_id)
        .where(TransferListRow.form == "22", TransferListRow.withdrawn_on.is_(None))
        .where(TransferListRow.received_on.is_not(None))
    )


def _stops(
    session: Session, of: Subquery, as_of: date, in_batch: int | None
) -> dict[int, tuple[Hold, ...]]:
    found: dict[int, tuple[Hold, ...]] = {}
    ids = select(of.c.id)

    def add(letter_id: int, hold: Hold) -> None:
        found[letter_id] = (*found.get(letter_id, ()), hold)

    asked_for = LetterRow.id.in_(ids)
    for letter_id in session.scalars(select(LetterRow.id).where(gave_its_number_up(), asked_for)):
        add(letter_id, Hold(HoldKind.JOINED, "ทำลายพร้อมฉบับนั้น", "", date.min))
    # What stops a letter stops the one that it was joined to.
    whole = joined_to(session, asked_for)
    held = or_(HoldRow.letter_id.in_(ids), HoldRow.letter_id.in_(whole))
    still = or_(HoldRow.released_on.is_(None), HoldRow.released_on > as_of)
    for row in session.scalars(select(HoldRow).where(held, still).order_by(HoldRow.id)):
        add(whole.get(row.letter_id, row.letter_id), as_hold(row))
    lent = or_(LoanRow.letter_id.in_(ids), LoanRow.letter_id.in_(whole))
    out = or_(LoanRow.returned_on.is_(None), LoanRow.returned_on > as_of)
    for loan in session.scalars(select(LoanRow).where(lent, out)):
        reason = f"{loan.borrower} ({loan.unit}) กำหนดส่งคืน {in_thai(loan.due_on)}"
        hold = Hold(HoldKind.BORROWED, reason, loan.lent_by, loan.lent_on)
        add(whole.get(loan.letter_id, loan.letter_id), hold)
    items = (
        select(BatchItemRow.letter_id, BatchRow.code, BatchRow.proposer, BatchRow.proposed_on)
        .join(BatchRow, BatchRow.id == BatchItemRow.batch_id)
        .where(BatchItemRow.letter_id.in_(ids), BatchItemRow.taken_out.is_(False))
        .where(BatchRow.stage.not_in(CLOSED), BatchRow.id != (in_batch or 0))
    )
    for letter_id, code, proposer, proposed_on in session.execute(items):
        add(letter_id, Hold(HoldKind.OPEN_BATCH, f"บัญชี {code}", proposer, proposed_on))
    return found


def as_hold(row: HoldRow) -> Hold:
    """Return a hold as the arithmetic knows it."""
    kind = HoldKind(row.kind)
    return Hold(kind, row.reason, row.placed_by, row.placed_on, row.until, row.released_on)


def as_clock(row: ClockRow) -> Clock:
    """Return a clock as the arithmetic knows it."""
    return Clock(
        row.finished_on, row.audited_on, row.superseded_on, row.kept_until_year, row.wanted_on
    )
