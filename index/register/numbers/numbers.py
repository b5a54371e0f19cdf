"""Register numbers: running, without gaps, for each book and Buddhist year, never used again.

The counter is a row raised in the same transaction as what the number is for, so that a transaction
taken back gives its number back too (measured against MAX+1 and against sequences: only this has
neither gaps nor retries). A number once drawn stays: given, reserved, or cancelled with a note (clauses 37-38).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import Insert, and_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from index.choices import BookName, NumberStatus
from index.errors import NoSuchRecordError, NumberRefusedError
from index.register.store.audit import append_entry
from index.register.store.change import note_change
from index.register.store.database import Database
from index.register.store.number_tables import CounterRow, NumberRow
from index.register.store.sent_tables import SentRow
from index.register.store.tables import BANGKOK, LetterRow
from index.register.store.visible import fully_visible, sent_fully_visible
from index.registered_letter import RegisterNumber
from index.visibility import SECRET_PLACEHOLDER, Viewer
from ocr.thai_text import BUDDHIST_ERA


@dataclass(frozen=True, slots=True)
class DrawnNumber:
    """A number and what became of it; `who` drew it, `at` is its place among the days of the book."""

    book: BookName
    number: RegisterNumber
    status: NumberStatus
    letter_id: int | None
    note: str
    who: str
    at: datetime


class _Drawn(NamedTuple):
    """What the audit needs of a number; a hundred thousand of them are looked at."""

    status: str
    letter_id: int | None


@dataclass(frozen=True, slots=True)
class NumberAudit:
    """One book's year: the run it should hold and what is wrong with it."""

    book: BookName
    buddhist_year: int
    first: int
    last: int
    gaps: tuple[int, ...]
    doubles: tuple[int, ...]
    cancelled: tuple[int, ...]
    reserved: tuple[int, ...]


def find_buddhist_year(moment: datetime, zone: tzinfo = BANGKOK) -> int:
    """Return the Buddhist year of the local date; the registers restart on 1 January there."""
    return moment.astimezone(zone).year + BUDDHIST_ERA


def draw_number(
    session: Session,
    office_id: int,
    book: BookName,
    now: datetime,
    who: str,
    *,
    letter_id: int | None = None,
    status: NumberStatus = NumberStatus.GIVEN,
    note: str = "",
) -> RegisterNumber:
    """Take the next number inside the caller's writing transaction."""
    year = find_buddhist_year(now)
    running = _raise_counter(session, office_id, book, year)
    session.add(
        NumberRow(
            office_id=office_id,
            book=book,
            buddhist_year=year,
            running=running,
            status=status,
            letter_id=letter_id,
            note=note,
            who=who,
            at=now,
        )
    )
    return RegisterNumber(running, year)


def use_reserved(
    session: Session,
    office_id: int,
    book: BookName,
    number: RegisterNumber,
    now: datetime,
    *,
    letter_id: int | None = None,
) -> None:
    """Give a reserved number to a letter; raise NumberRefusedError when it is not reserved."""
    row = _find(session, office_id, book, number)
    if row.status != NumberStatus.RESERVED:
        raise NumberRefusedError(f"number {number} is {row.status}, not reserved", "draw a new one")
    row.status, row.letter_id, row.at, row.waits_for = NumberStatus.GIVEN, letter_id, now, None


def _raise_counter(session: Session, office_id: int, book: BookName, year: int) -> int:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"office_id": office_id, "book": book, "buddhist_year": year, "first": 1, "last": 1}
    raise_last: Insert = (
        insert(CounterRow)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["office_id", "book", "buddhist_year"],
            set_={"last": CounterRow.last + 1},
        )
    )
    return session.scalars(raise_last.returning(CounterRow.last)).one()


def _find(session: Session, office_id: int, book: BookName, number: RegisterNumber) -> NumberRow:
    row = session.get(NumberRow, (office_id, book, number.buddhist_year, number.running))
    if row is None:
        raise NoSuchRecordError(f"number {number} of the {book} book")
    return row


def cancel_number(
    session: Session,
    office_id: int,
    book: BookName,
    number: RegisterNumber,
    *,
    note: str,
    who: str,
    now: datetime,
) -> None:
    """Cancel a number inside the caller's writing transaction; see `Numbers.cancel`."""
    row = _find(session, office_id, book, number)
    if row.status == NumberStatus.CANCELLED:
        return
    row.status, row.note, row.waits_for = NumberStatus.CANCELLED, note, None  # its place stays
    details = {"book": book, "number": str(number)}
    if row.letter_id is None:
        append_entry(
            session, office_id, at=now, who=who, action="number_cancelled", details=details
        )
        return
    letter = session.get_one(LetterRow, row.letter_id)
    letter.cancelled = True
    note_change(session, letter, "number_cancelled", who=who, now=now, details=details)


SENT_UNDER_ITS_NUMBER = and_(
    SentRow.office_id == NumberRow.office_id,
    SentRow.book == NumberRow.book,
    SentRow.buddhist_year == NumberRow.buddhist_year,
    SentRow.running == NumberRow.running,
)
"""The condition that joins a sent letter to its number."""


class Numbers:
    """What people do with numbers: reserve, cancel, continue the paper book, audit.

    They are drawn with what they are for: by filing a received letter, by entering a sent one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, book: BookName, *, note: str, who: str, now: datetime) -> RegisterNumber:
        """Keep the next number back; it is used later or stays in the book as reserved."""
        office_id = self._database.office_id
        with self._database.writing() as session:
            number = draw_number(
                session, office_id, book, now, who, status=NumberStatus.RESERVED, note=note
            )
            details = {"book": book, "number": str(number)}
            append_entry(
                session, office_id, at=now, who=who, action="number_reserved", details=details
            )
        return number

    def cancel(
        self, book: BookName, number: RegisterNumber, *, note: str, who: str, now: datetime
    ) -> None:
        """Cancel a number; it stays in the book with the note, and so does the letter that has it."""
        if not note.strip():
            raise NumberRefusedError(
                f"number {number} was not cancelled", "write the reason as note"
            )
        office_id = self._database.office_id
        with self._database.writing() as session:
            cancel_number(session, office_id, book, number, note=note, who=who, now=now)

    def start_after(
        self, book: BookName, last_on_paper: RegisterNumber, *, who: str, now: datetime
    ) -> None:
        """Continue the paper book: the next number is the one after its last.

        Raises NumberRefusedError once a number of that book and year was drawn here.
        """
        if last_on_paper.running < 0:
            raise NumberRefusedError("a paper book cannot end below 0", "give its last number")
        office_id = self._database.office_id
        key = (office_id, book, last_on_paper.buddhist_year)
        with self._database.writing() as session:
            counter = session.get(CounterRow, key)
            if counter is not None and counter.last >= counter.first:
                raise NumberRefusedError(
                    f"the {book} book of {last_on_paper.buddhist_year} already stands at "
                    f"{counter.last}",
                    "a book that is in use cannot be started again",
                )
            if counter is None:
                counter = CounterRow(office_id=office_id, book=book, buddhist_year=key[2])
                session.add(counter)
            counter.first, counter.last = last_on_paper.running + 1, last_on_paper.running
            details = {"book": book, "last_on_paper": str(last_on_paper)}
            append_entry(
                session, office_id, at=now, who=who, action="book_continued", details=details
            )

    def of_year(self, book: BookName, buddhist_year: int) -> tuple[DrawnNumber, ...]:
        """Return every number drawn in that book and year, in order."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(NumberRow)
                .where(
                    NumberRow.office_id == self._database.office_id,
                    NumberRow.book == book,
                    NumberRow.buddhist_year == buddhist_year,
                )
                .order_by(NumberRow.running)
            )
            return tuple(_drawn(row) for row in rows)

    def set_aside(
        self, viewer: Viewer, book: BookName, buddhist_year: int
    ) -> tuple[DrawnNumber, ...]:
        """Return the reserved and the cancelled numbers, without the notes on hidden letters."""
        may_open = or_(
            NumberRow.status == NumberStatus.RESERVED,
            and_(NumberRow.letter_id.is_(None), SentRow.id.is_(None)),
            and_(LetterRow.id.is_not(None), fully_visible(viewer)),
            and_(SentRow.id.is_not(None), sent_fully_visible(viewer)),
        )
        with self._database.reading() as session:
            rows = session.execute(
                select(NumberRow, may_open)
                .outerjoin(LetterRow, LetterRow.id == NumberRow.letter_id)
                .outerjoin(SentRow, SENT_UNDER_ITS_NUMBER)
                .where(
                    NumberRow.office_id == self._database.office_id,
                    NumberRow.book == book,
                    NumberRow.buddhist_year == buddhist_year,
                    NumberRow.status != NumberStatus.GIVEN,
                )
                .order_by(NumberRow.running)
            ).all()
        return tuple(
            _drawn(row) if opens else replace(_drawn(row), note=SECRET_PLACEHOLDER, letter_id=None)
            for row, opens in rows
        )

    def run(self, book: BookName, buddhist_year: int) -> range:
        """Return the numbers that were drawn in that book and year; empty, from the next, when none."""
        with self._database.reading() as session:
            counter = session.get(CounterRow, (self._database.office_id, book, buddhist_year))
            return range(counter.first, counter.last + 1) if counter else range(1, 1)

    def audit(self, book: BookName, buddhist_year: int) -> NumberAudit:
        """Compare counter, drawn numbers and letters; gaps and doubles should both be empty.

        A gap is a number that was never drawn, or that is given to a letter which does not have it;
        a double is one that two letters have, or a letter has without its being drawn for it.
        """
        office_id = self._database.office_id
        with self._database.reading() as session:
            counter = session.get(CounterRow, (office_id, book, buddhist_year))
            drawn = {
                running: _Drawn(status, letter_id)
                for running, status, letter_id in session.execute(
                    select(NumberRow.running, NumberRow.status, NumberRow.letter_id).where(
                        NumberRow.office_id == office_id,
                        NumberRow.book == book,
                        NumberRow.buddhist_year == buddhist_year,
                    )
                )
            }
            holders = _find_holders(session, office_id, book, buddhist_year)
        first, last = (counter.first, counter.last) if counter else (1, 0)
        return _audit(book, buddhist_year, range(first, last + 1), drawn, holders)


def _find_holders(
    session: Session, office_id: int, book: BookName, buddhist_year: int
) -> dict[int, list[int | None]]:
    """Return what the numbers' rows should name, by number: letters' ids, or None for each sent one."""
    holders: dict[int, list[int | None]] = {}
    received = select(LetterRow.running, LetterRow.id).where(
        LetterRow.office_id == office_id,
        LetterRow.book == book,
        LetterRow.buddhist_year == buddhist_year,
    )
    sent = select(SentRow.running).where(
        SentRow.office_id == office_id,
        SentRow.book == book,
        SentRow.buddhist_year == buddhist_year,
    )
    for running, letter_id in session.execute(received):
        if running is not None:
            holders.setdefault(running, []).append(letter_id)
    for running in session.scalars(sent):
        holders.setdefault(running, []).append(None)
    return holders


def _audit(
    book: BookName,
    year: int,
    run: range,
    drawn: dict[int, _Drawn],
    holders: dict[int, list[int | None]],
) -> NumberAudit:
    gaps = [
        running
        for running in run
        if running not in drawn
        or (
            running not in holders
            and (
                drawn[running].status == NumberStatus.GIVEN or drawn[running].letter_id is not None
            )
        )
    ]
    doubles = [
        running
        for running, letters in sorted(holders.items())
        if len(letters) > 1 or running not in drawn or drawn[running].letter_id != letters[0]
    ]
    doubles += [running for running in sorted(drawn) if running not in run]
    with_status = {
        status: tuple(sorted(n for n, row in drawn.items() if row.status == status))
        for status in NumberStatus
    }
    return NumberAudit(
        book=book,
        buddhist_year=year,
        first=run.start,
        last=run.stop - 1,
        gaps=tuple(gaps),
        doubles=tuple(doubles),
        cancelled=with_status[NumberStatus.CANCELLED],
        reserved=with_status[NumberStatus.RESERVED],
    )


def _drawn(row: NumberRow) -> DrawnNumber:
    return DrawnNumber(
        book=row.book,
        number=RegisterNumber(row.running, row.buddhist_year),
        status=row.status,
        letter_id=row.letter_id,
        note=row.note,
        who=row.who,
        at=row.at,
    )
