"""Forms 13 and 14: the receive book and the send book, day under day as on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from index.choices import NumberStatus
from index.register.numbers.numbers import DrawnNumber
from index.register.sent.sent_letter import SentEntry
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import SECRET_PLACEHOLDER
from pipeline.forms.days import Days, head_of_day, short_date
from pipeline.forms.form import Form
from pipeline.forms.sheet import Row, Section, Sheet, numbered

CANCELLED = "ยกเลิก"
RESERVED = "จองเลข"


@dataclass(frozen=True, slots=True)
class BookLine:
    """One line of a book: a letter, or a number without one. `day` is the day it was entered."""

    day: date
    register_number: RegisterNumber
    number: str = ""
    date: date | None = None
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    action: str = ""
    note: str = ""


SHORT_BOOKS = {"send": "ส่ง", "circular": "เวียน", "order": "คำสั่ง", "announcement": "ประกาศ"}
"""What stands before the number of a letter that the office sent, among received ones."""


def line_of_received(
    letter: RegisteredLetter, groups: Mapping[str, str], why_cancelled: str = ""
) -> BookLine:
    """Return a received letter's line; of a redacted one nothing but its number is known."""
    day = letter.received_at.date()
    if letter.is_redacted:
        return BookLine(day, letter.register_number, subject=SECRET_PLACEHOLDER)
    names = [groups.get(code, code) for code in (letter.group, *letter.copies) if code]
    cancelled = _why(CANCELLED, why_cancelled) if letter.cancelled else ""
    return BookLine(
        day=day,
        register_number=letter.register_number,
        number=letter.number,
        date=letter.date,
        sender=letter.sender,
        recipient=letter.recipient,
        subject=letter.subject,
        action=", ".join(names),
        note=_joined(cancelled, letter.urgency),
    )


def line_of_number(drawn: DrawnNumber) -> BookLine:
    """Return the line of a number that was reserved or cancelled without a letter."""
    word = RESERVED if drawn.status is NumberStatus.RESERVED else CANCELLED
    return BookLine(drawn.at.date(), drawn.number, note=_why(word, drawn.note))


def line_of_sent(entry: SentEntry, groups: Mapping[str, str]) -> BookLine:
    """Return a line of a send book; of a hidden letter nothing but its number is known."""
    day, letter = entry.entered_at.date(), entry.letter
    if entry.is_hidden:
        return BookLine(day, entry.register_number, subject=SECRET_PLACEHOLDER)
    words = {NumberStatus.RESERVED: RESERVED, NumberStatus.CANCELLED: CANCELLED}
    word = words.get(entry.status, "")
    why = _why(word, entry.status_note) if word else ""
    if letter is None:
        return BookLine(day, entry.register_number, note=why)
    answered = f"ตอบรับแล้ว {letter.acknowledged_count} จาก {letter.recipient_count} แห่ง"
    return BookLine(
        day=day,
        register_number=entry.register_number,
        number=letter.number,
        date=letter.date,
        sender=groups.get(letter.group, letter.group),
        recipient=letter.recipient,
        subject=letter.subject,
        action=answered if letter.acknowledged_count else "",
        note=_joined(why, letter.urgency, letter.note),
    )


def _why(word: str, reason: str) -> str:
    return f"{word}: {reason}" if reason else word


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def fill_book(form: Form, office: str, days: Days, lines: Iterable[BookLine]) -> Sheet:
    """Fill a book's form for some days, by number; of more than one day, each has its heading.

    The order of the numbers is the book's; a number drawn for an earlier day keeps its place.
    """
    ordered = sorted(
        lines, key=lambda one: (one.register_number.buddhist_year, one.register_number.running)
    )
    if days.is_one_day:
        sections = [Section("", tuple(_row(line) for line in ordered))]
    else:
        sections = [
            Section(head_of_day(day), tuple(_row(line) for line in of_day))
            for day, of_day in groupby(ordered, key=lambda one: one.day)
        ]
    return Sheet(form, office, tuple(sections), {"days": days.words})


def fill_found(
    form: Form,
    office: str,
    query: str,
    letters: Iterable[RegisteredLetter],
    groups: Mapping[str, str],
    *,
    near: bool = False,
) -> Sheet:
    """Fill the list of letters that a search found, in its order; `near` when none says what was asked."""
    rows = numbered(_found_row(letter, groups) for letter in letters)
    heading = f"{query} (ใกล้เคียง)" if near else query
    return Sheet(form, office, (Section("", rows),), {"query": heading})


def _found_row(letter: RegisteredLetter, groups: Mapping[str, str]) -> Row:
    """Return a line whose number says its book, unless it is the receive book."""
    row = _row(line_of_received(letter, groups))
    book = SHORT_BOOKS.get(letter.book, "")
    return {**row, "register_number": f"{book} {letter.register_number}".strip()}


def _row(line: BookLine) -> Row:
    return {
        "register_number": str(line.register_number),
        "number": line.number,
        "date": short_date(line.date),
        "sender": line.sender,
        "recipient": line.recipient,
        "subject": line.subject,
        "action": line.action,
        "note": line.note,
    }
