"""Letters in the book that a scan may be a further copy of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from classify.numbers import parse_number
from index.choices import BookName, JobState
from index.register.letters.filing import Filing, fold_number
from index.register.received.likeness import Likeness, Reading, are_one_letter, worth_comparing
from index.register.store.import_tables import PageHashRow
from index.register.store.tables import ContentRow, LetterRow
from ocr.thai_text import fold

COMPARED = timedelta(days=120)  # scans are compared with what came in during this time
JUST_NOW = timedelta(
    minutes=15
)  # what was filed beside this scan is compared once more, under the lock


def find_alike(
    session: Session, office_id: int, letter_id: int, filing: Filing, now: datetime
) -> dict[int, Likeness]:
    """Return the letters like a scan that is about to be filed; reads only, so it may take its time."""
    book = _comparable(office_id, letter_id)
    lately = LetterRow.received_at >= now - COMPARED
    return {
        **_pages_alike(session, filing, and_(book, lately)),
        **_numbered_alike(session, filing, book),
    }


def find_just_filed(
    session: Session, office_id: int, letter_id: int, filing: Filing, now: datetime
) -> dict[int, Likeness]:
    """Return the same of what other workers filed meanwhile: few letters, for inside the writer's transaction."""
    since = and_(_comparable(office_id, letter_id), LetterRow.filed_at >= now - JUST_NOW)
    return {**_pages_alike(session, filing, since), **_numbered_alike(session, filing, since)}


def _comparable(office_id: int, letter_id: int) -> ColumnElement[bool]:
    return and_(
        LetterRow.office_id == office_id,
        LetterRow.state == JobState.FILED,
        LetterRow.book == BookName.RECEIVE,
        LetterRow.cancelled.is_(False),
        LetterRow.id != letter_id,
    )


def _numbered_alike(
    session: Session, filing: Filing, among: ColumnElement[bool]
) -> dict[int, Likeness]:
    """Return the letters with this number and date."""
    letter = filing.letter
    if letter.number is None or letter.date is None or parse_number(letter.number.value) is None:
        return {}
    sender = fold(letter.sender.value) if letter.sender else ""
    numbered = select(LetterRow.id, LetterRow.sender).where(
        among,
        LetterRow.number_key == fold_number(letter.number.value),
        LetterRow.date == letter.date.value,
    )
    return {
        first_id: Likeness.NUMBER_AND_SENDER if fold(known) == sender else Likeness.NUMBER
        for first_id, known in session.execute(numbered)
    }


def _pages_alike(
    session: Session, filing: Filing, among: ColumnElement[bool]
) -> dict[int, Likeness]:
    """Return the letters whose first page says, or shows, nearly the same."""
    letter = filing.letter
    scan = Reading(
        number_key=fold_number(letter.number.value) if letter.number else "",
        date=letter.date.value if letter.date else None,
        text=filing.text,
        page_hash=filing.page_hash,
    )
    rows = session.execute(
        select(LetterRow.id, LetterRow.number_key, LetterRow.date, PageHashRow.hash)
        .outerjoin(PageHashRow, PageHashRow.letter_id == LetterRow.id)
        .where(among)
    )
    found = {}
    for first_id, number_key, written, page_hash in rows:
        first = Reading(number_key, written, "", page_hash or "")
        if not worth_comparing(first, scan):
            continue
        content = session.get(ContentRow, first_id)
        if are_one_letter(replace(first, text=content.text if content else ""), scan):
            found[first_id] = Likeness.PAGE
    return found
