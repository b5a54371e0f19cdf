"""The door to the book: reads what a viewer may have on a form, and fills the form in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from index.book import Book
from index.choices import BookName
from index.register.letters.letters import LetterFilter, Order
from index.register.sent.sent_letter import SentFilter
from index.registered_letter import LetterKey, RegisteredLetter, RegisterNumber
from index.retention.lists import StoreLine
from index.retention.papers import paper_id
from index.retention.retention import Retention
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA
from pipeline.forms.books import (
    SHORT_BOOKS,
    BookLine,
    fill_book,
    line_of_number,
    line_of_received,
    line_of_sent,
)
from pipeline.forms.counts_sheet import count_all, fill_counts
from pipeline.forms.days import Days
from pipeline.forms.errors import FormIncompleteError
from pipeline.forms.form import SHIPPED_FORMS, Form, load_forms
from pipeline.forms.retention_lists import (
    Head,
    fill_borrowing_card,
    fill_destruction_list,
    fill_store_list,
    fill_transfer_list,
)
from pipeline.forms.sheet import Sheet
from pipeline.office import Office, law_in_force

AT_ONCE = 500
FORM_PRINTED = "form_printed"
"""What the audit trail calls it when a form or a register was given out."""
"""Rows read from the book in one query: databases limit how many values a statement may name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants printed.

    `days` is for the books, `book` which of the send books, `code` a destruction batch or a transfer
    list, or the beginning of a file code, box or shelf; `letter` (in `letter_book`) whose borrowing card.
    """

    number: str
    days: Days | None = None
    book: BookName = BookName.SEND
    code: str = ""
    letter: RegisterNumber | None = None
    letter_book: BookName = BookName.RECEIVE

    def as_details(self, made: str) -> dict[str, str]:
        """Return what the audit trail keeps of a form that was given out as `made` (`pdf`, `xlsx`)."""
        details = {
            "form": self.number,
            "made": made,
            "period": f"{self.days.first}/{self.days.last}" if self.days else "",
            "book": self.book.value if self.number == "14" else "",
            "code": self.code,
            "number": str(self.letter) if self.letter else "",
        }
        return {name: value for name, value in details.items() if value}


@dataclass(frozen=True, slots=True)
class Source:
    """Where forms are filled in from; `groups` are the groups' names by code."""

    book: Book
    retention: Retention
    forms: Mapping[str, Form]
    office: str
    groups: Mapping[str, str]
    now: datetime


def open_source(office: Office, book: Book, groups: Mapping[str, str], now: datetime) -> Source:
    """Return where an office's forms are filled in from. Raises LawFileError or FormsFileError."""
    return Source(
        book=book,
        retention=book.retention(law_in_force(office)),
        forms=load_forms(office.rules / SHIPPED_FORMS),
        office=office.settings.office.name,
        groups=groups,
        now=now,
    )


def fill(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    """Fill a form with what the viewer may see.

    Raises FormIncompleteError when the request lacks what the form needs, KeyError for a form that is
    not filled from the book, NoSuchRecordError for a batch, list or letter that is not there.
    """
    return FILLED[asked.number](source, viewer, asked)


def _receive_book(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    days = _needed_days(asked)
    drawn = {
        one.number: one
        for year in sorted({days.first.year + BUDDHIST_ERA, days.last.year + BUDDHIST_ERA})
        for one in source.book.numbers.set_aside(viewer, BookName.RECEIVE, year)
    }
    lines: list[BookLine] = []
    for letter in _received(source, viewer, days):
        number = letter.register_number
        why = drawn.pop(number).note if number in drawn else ""
        lines.append(line_of_received(letter, source.groups, why))
    if viewer.keeps_register:
        unused = (one for one in drawn.values() if one.letter_id is None)
        lines += [line_of_number(one) for one in unused if days.first <= one.at.date() <= days.last]
    return fill_book(source.forms["13"], source.office, days, lines)


def _received(source: Source, viewer: Viewer, days: Days) -> Iterator[RegisteredLetter]:
    zone = source.now.tzinfo
    assert zone is not None  # noqa: S101 - the office's clock has its zone
    first, last = days.moments(zone)
    wanted = LetterFilter(received_from=first, received_to=last)
    offset = 0
    while True:
        page = source.book.letters.page(
            viewer, wanted, order=Order.NUMBER_UP, limit=AT_ONCE, offset=offset
        )
        yield from page.letters
        offset += AT_ONCE
        if offset >= page.total:
            return


def _send_book(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    days = _needed_days(asked)
    wanted = SentFilter(book=asked.book, day_from=days.first, day_to=days.last)
    lines: list[BookLine] = []
    while True:
        page = source.book.sent.page(
            viewer, wanted, limit=AT_ONCE, offset=len(lines), oldest_first=True
        )
        lines += [line_of_sent(entry, source.groups) for entry in page.entries]
        if len(lines) >= page.total or not page.entries:
            form = source.forms["14"]
            if asked.book is not BookName.SEND:
                form = replace(form, name=f"{form.name} ({SHORT_BOOKS[asked.book]})")
            return fill_book(form, source.office, days, lines)


def _to_store(source: Source, viewer: Viewer, _asked: Asked) -> Sheet:
    def read(limit: int, offset: int) -> tuple[tuple[StoreLine, ...], int]:
        return source.retention.lists.to_store(
            viewer, source.now.date(), limit=limit, offset=offset
        )

    return fill_store_list(source.forms["19"], source.office, _store_lines(read))


def _stored(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    return fill_store_list(source.forms["20"], source.office, read_stored(source, viewer, asked))


def read_stored(source: Source, viewer: Viewer, asked: Asked) -> Iterator[StoreLine]:
    """Yield what lies in the store, by register number; `asked.code` narrows to a place."""

    def read(limit: int, offset: int) -> tuple[tuple[StoreLine, ...], int]:
        return source.retention.lists.stored(
            viewer, source.now.date(), words=asked.code, limit=limit, offset=offset
        )

    return _store_lines(read)


def _store_lines(
    read: Callable[[int, int], tuple[tuple[StoreLine, ...], int]],
) -> Iterator[StoreLine]:
    offset = 0
    while True:
        lines, total = read(AT_ONCE, offset)
        yield from lines
        offset += AT_ONCE
        if offset >= total:
            return


def _transfer(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    code = _needed_code(asked, "a transfer list (--list)", "โปรดระบุเลขที่บัญชี")
    found = source.retention.transfers.find(code)
    if found.form != asked.number:
        raise FormIncompleteError(
            asked.number,
            f"a list of its own kind; {code} is of form {found.form}",
            f"บัญชี {code} เป็นแบบที่ {found.form}",
        )
    head = Head(source.office, found.year, found.prepared_on)
    letters = source.retention.transfers.rows(viewer, code, source.now.date())
    notes = source.retention.transfers.notes(code)
    return fill_transfer_list(source.forms[asked.number], head, letters, notes)


def _paper_id(source: Source, viewer: Viewer, number: RegisterNumber, asked: Asked) -> int:
    """Return the paper of a number; 0, which nothing has, where the viewer may not open it."""
    if asked.letter_book is BookName.RECEIVE:
        letter = source.book.letters.by_number(viewer, number)
        return letter.letter_id if letter is not None else 0
    sent = source.book.sent.by_number(viewer, asked.letter_book, number).letter
    return paper_id(LetterKey.sent(sent.sent_id)) if sent is not None else 0


def _borrowing_card(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    if asked.letter is None:
        loans = source.retention.loans.out(viewer)
    else:
        loans = source.retention.loans.card(viewer, _paper_id(source, viewer, asked.letter, asked))
    return fill_borrowing_card(source.forms["24"], source.office, loans)


def _destruction_list(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    code = _needed_code(asked, "a destruction batch (--batch)", "โปรดระบุบัญชีขอทำลาย")
    rows = source.retention.batches.rows(viewer, code, source.now.date())
    batch = source.retention.batches.find(code, viewer)
    head = Head(source.office, batch.year, batch.proposed_on)
    return fill_destruction_list(source.forms["25"], head, batch, rows)


def _counts(source: Source, viewer: Viewer, asked: Asked) -> Sheet:
    days = _needed_days(asked)
    counted = count_all(source.book.counts, viewer, days)
    return fill_counts(source.forms["counts"], source.office, days, counted, source.groups)


FILLED: Mapping[str, Callable[[Source, Viewer, Asked], Sheet]] = {
    "13": _receive_book,
    "14": _send_book,
    "19": _to_store,
    "20": _stored,
    "21": _transfer,
    "22": _transfer,
    "23": _transfer,
    "24": _borrowing_card,
    "25": _destruction_list,
    "counts": _counts,
}
"""What is filled in from the book, by the form's number."""


def _needed_days(asked: Asked) -> Days:
    if asked.days is None:
        raise FormIncompleteError(
            asked.number, "a day, a month or a year", "โปรดระบุวัน เดือน หรือปีที่จะพิมพ์"
        )
    return asked.days


def _needed_code(asked: Asked, needed: str, thai: str) -> str:
    if not asked.code:
        raise FormIncompleteError(asked.number, needed, thai)
    return asked.code
