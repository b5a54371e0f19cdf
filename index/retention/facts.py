"""What the register knows of letters that matters for their end, read in a few queries for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, true
from sqlalchemy.orm import Session

from index.choices import BookName
from index.message import in_thai
from index.register.letters.shared_pages import gave_its_number_up, joined_to
from index.register.store.tables import LetterRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisterNumber
from index.retention.batch import Stage
from index.retention.eligibility import Eligibility, Hold, HoldKind, LetterFacts, judge
from index.retention.law import Law
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
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA

CLOSED = (Stage.DESTROYED, Stage.WITHDRAWN)

_COLUMNS = (
    LetterRow.id,
    LetterRow.running,
    LetterRow.buddhist_year,
    LetterRow.number,
    LetterRow.date,
    LetterRow.sender,
    LetterRow.subject,
    LetterRow.retention_class,
    LetterRow.is_secret,
    LetterRow.suspected_secret,
    LetterRow.erased_on,
    LetterRow.paper_ended_on,
    ClockRow.finished_on,
    ClockRow.audited_on,
    ClockRow.superseded_on,
    ClockRow.kept_until_year,
    ClockRow.wanted_on,
    PlaceRow.file_code,
)


@dataclass(frozen=True, slots=True)
class KnownLetter:
    """One letter as the lists of retention show it, and the facts that it is judged by."""

    register_number: RegisterNumber
    number: str
    date: date | None
    sender: str
    subject: str
    file_code: str
    facts: LetterFacts


def listed(
    office_id: int, viewer: Viewer, *, secret: bool = False, joined: bool = False
) -> ColumnElement[bool]:
    """Return the condition on `letters` for every list of retention.

    Never a secret letter, nor one suspected to be secret, whoever looks: these run apart (DOMAIN §10).
    `secret` asks for that run: secret letters only, and only those that this viewer may open.
    A letter that was joined to another ends with that one: it is listed only where `joined` asks.
    """
    hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
    in_this_run = (
        and_(LetterRow.is_secret, not_(LetterRow.suspected_secret)) if secret else not_(hidden)
    )
    return and_(
        LetterRow.office_id == office_id,
        LetterRow.book == BookName.RECEIVE,
        fully_visible(viewer),
        in_this_run,
        true() if joined else not_(gave_its_number_up()),
    )


def something_is_left() -> ColumnElement[bool]:
    """Say of a letter that paper or electronic copy is still there."""
    return or_(LetterRow.erased_on.is_(None), LetterRow.paper_ended_on.is_(None))


def read_known(
    session: Session,
    condition: ColumnElement[bool],
    law: Law,
    as_of: date,
    *,
    narrowed: ColumnElement[bool] | None = None,
    in_batch: int | None = None,
) -> Iterator[KnownLetter]:
    """Yield the letters of a condition on `letters` by register number, with their stops on a day.

    `narrowed` is a further condition that may ask for their clocks too.
    `in_batch` is the row of the batch that asks: it does not stand in its own way.
    """
    stops = _stops(session, condition, as_of, in_batch)
    kept = frozenset(session.scalars(kept_by_the_office()))
    transfer = law.deadlines["transfer"].after_years
    # The connection's rows, not the session's: the survey reads them by the hundred thousand.
    rows = session.connection().execute(
        select(*_COLUMNS)
        .select_from(LetterRow)
        .outerjoin(ClockRow, ClockRow.letter_id == LetterRow.id)
        .outerjoin(PlaceRow, PlaceRow.letter_id == LetterRow.id)
        .where(condition, true() if narrowed is None else narrowed)
        .order_by(LetterRow.buddhist_year, LetterRow.running)
    )
    for (
        letter_id,
        running,
        year,
        number,
        written,
        sender,
        subject,
        code,
        secret,
        suspected,
        erased,
        paper_ended,
        finished,
        audited,
        superseded,
        later,
        wanted,
        file_code,
    ) in rows:
        holds = stops.get(letter_id, ())
        if wanted is not None:
            holds += (Hold(HoldKind.TWENTY_YEARS, "หอจดหมายเหตุขอรับมอบ", "", wanted),)
        elif letter_id not in kept:
            holds += _twenty_years(written, transfer, as_of)
        clock = Clock(finished, audited, superseded, later, wanted)
        gone = max(erased, paper_ended) if erased and paper_ended else None
        registered = (year or BUDDHIST_ERA) - BUDDHIST_ERA
        hidden = secret or suspected
        facts = LetterFacts(letter_id, code, clock, hidden, holds, gone, paper_ended, registered)
        number_in_book = RegisterNumber(running or 0, year or 0)
        yield KnownLetter(number_in_book, number, written, sender, subject, file_code or "", facts)


def judge_one(
    session: Session, letter_id: int, law: Law, as_of: date, *, batch: BatchRow | None = None
) -> Eligibility:
    """Judge one letter on a day, whoever asks; `batch` is the one that it stands in."""
    in_batch = batch.id if batch else None
    (known,) = read_known(session, LetterRow.id == letter_id, law, as_of, in_batch=in_batch)
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
    session: Session, condition: ColumnElement[bool], as_of: date, in_batch: int | None
) -> dict[int, tuple[Hold, ...]]:
    found: dict[int, tuple[Hold, ...]] = {}

    def add(letter_id: int, hold: Hold) -> None:
        found[letter_id] = (*found.get(letter_id, ()), hold)

    for letter_id in session.scalars(select(LetterRow.id).where(gave_its_number_up(), condition)):
        add(letter_id, Hold(HoldKind.JOINED, "ทำลายพร้อมฉบับนั้น", "", date.min))
    # What stops a letter stops the one that it was joined to.
    whole = joined_to(session, condition)
    asked = [condition, LetterRow.id.in_(whole.keys())] if whole else [condition]
    placed = select(HoldRow).join(LetterRow, LetterRow.id == HoldRow.letter_id)
    still = or_(HoldRow.released_on.is_(None), HoldRow.released_on > as_of)
    lent = select(LoanRow).join(LetterRow, LetterRow.id == LoanRow.letter_id)
    out = or_(LoanRow.returned_on.is_(None), LoanRow.returned_on > as_of)
    for letters in asked:
        for row in session.scalars(placed.where(letters, still).order_by(HoldRow.id)):
            add(whole.get(row.letter_id, row.letter_id), as_hold(row))
        for loan in session.scalars(lent.where(letters, out)):
            reason = f"{loan.borrower} ({loan.unit}) กำหนดส่งคืน {in_thai(loan.due_on)}"
            hold = Hold(HoldKind.BORROWED, reason, loan.lent_by, loan.lent_on)
            add(whole.get(loan.letter_id, loan.letter_id), hold)
    items = (
        select(BatchItemRow.letter_id, BatchRow.code, BatchRow.proposer, BatchRow.proposed_on)
        .join(BatchRow, BatchRow.id == BatchItemRow.batch_id)
        .join(LetterRow, LetterRow.id == BatchItemRow.letter_id)
        .where(condition, BatchItemRow.taken_out.is_(False), BatchRow.stage.not_in(CLOSED))
        .where(BatchRow.id != (in_batch or 0))
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
