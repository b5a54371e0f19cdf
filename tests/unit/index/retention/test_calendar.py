"""A new office opens with nothing that was due before it existed; from its first day on the regulation's days count."""

from __future__ import annotations

from datetime import date, datetime

from index.book import Book
from index.register.store.tables import BANGKOK
from tests.retaining import KEEPER, LAW

BEGUN = datetime(2026, 7, 1, 9, 0, tzinfo=BANGKOK)


def late(book: Book, today: date) -> set[str]:
    entries = book.retention(LAW).calendar.year(KEEPER, today.year, today=today)
    return {one.key for one in entries if one.is_late(today)}


def test_a_new_office_has_nothing_late(book: Book) -> None:
    assert late(book, BEGUN.date()) == set()  # before anybody did anything
    book.audit.record("root", "login", BEGUN)
    assert late(book, BEGUN.date()) == set()
    assert late(book, date(2026, 8, 15)) == {"law-2026"}  # a month was enough to compare the law
    assert "survey-2027" in late(book, date(2027, 5, 1))
