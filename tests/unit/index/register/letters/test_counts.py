"""Counts say how many letters came and went, by Thai days, and tell nothing of a hidden letter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import BookName
from index.register.letters.counts import Count, DayCount
from index.register.letters.filing import Filing
from index.register.sent.sent_letter import SentDraft
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from tests.keeping import (
    ADMINISTRATOR,
    CLERK,
    DOUBTFUL_SECRECY,
    NOW,
    OFFICER,
    REGISTRAR,
    hand_on,
    make_filing,
    make_scan,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 1, 31)
SPAN = (FIRST, LAST)
PLAN = replace(make_filing(group="plan", sender="กรมบัญชีกลาง"))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with Book.open(f"sqlite:///{tmp_path / 'book.db'}") as opened:
        yield opened


def receive(
    book: Book, key: object, at: datetime, filing: Filing | None = None, *, wait_seconds: int = 30
) -> RegisterNumber:
    book.jobs.record_arrival(replace(make_scan(key), received_at=at))
    job = book.jobs.take("w", 60, at)
    assert job is not None
    filed = book.jobs.file(job, filing or make_filing(), at + timedelta(seconds=wait_seconds))
    return filed.register_number


def send(
    book: Book, subject: str = "ส่ง", *, group: str = "plan", at: datetime = NOW
) -> RegisterNumber:
    secrecy = Secrecy.SECRET if subject == "ลับ" else Secrecy.NONE
    draft = SentDraft(
        subject, group, at.date(), recipients=("โรงเรียนหนึ่ง",), secrecy=secrecy, way="e-mail"
    )
    made = book.sent.enter(REGISTRAR, BookName.SEND, draft, write_number=str, now=at)
    assert made.letter is not None
    book.sent.record_sending(
        REGISTRAR, made.letter.sent_id, [1], way="e-mail", on=at.date(), now=at
    )
    return made.register_number


def test_a_day_begins_and_ends_at_midnight_in_thailand(book: Book) -> None:
    for key, clock in enumerate(("2026-01-01T00:00", "2026-01-01T23:59", "2026-01-02T00:00")):
        receive(book, key, datetime.fromisoformat(clock).replace(tzinfo=BANGKOK))
    receive(book, "before", datetime(2025, 12, 31, 23, 59, 59, tzinfo=BANGKOK))
    receive(book, "after", datetime(2026, 1, 4, tzinfo=BANGKOK))
    send(book, at=datetime(2026, 1, 3, 0, 0, tzinfo=BANGKOK))
    assert book.counts.by_day(CLERK, FIRST, date(2026, 1, 3)) == (
        DayCount(FIRST, 2, 0),
        DayCount(date(2026, 1, 2), 1, 0),
        DayCount(date(2026, 1, 3), 0, 1),
    )


def test_groups_senders_urgency_and_channels_are_ranked(book: Book) -> None:
    receive(book, "a", NOW)
    receive(book, "b", NOW, PLAN)
    receive(book, "c", NOW, make_filing(group="plan", urgency=Urgency.URGENT))
    send(book)
    counts = book.counts
    assert counts.by_group(CLERK, *SPAN) == (Count("plan", 2, 1), Count("admin", 1, 0))
    assert counts.by_sender(CLERK, *SPAN) == (
        Count("สำนักงานสมมติ", 2, 0),
        Count("กรมบัญชีกลาง", 1, 0),
    )
    assert counts.by_sender(CLERK, *SPAN, limit=1) == (Count("สำนักงานสมมติ", 2, 0),)
    assert counts.by_urgency(CLERK, *SPAN) == (Count("", 2, 1), Count("ด่วน", 1, 0))
    assert counts.by_channel(CLERK, *SPAN) == (Count("inbox", 3, 0), Count("e-mail", 0, 1))


@pytest.mark.parametrize(
    "hidden",
    [make_filing(secrecy=Secrecy.SECRET, group="plan"), make_filing(review=(DOUBTFUL_SECRECY,))],
    ids=["secret", "suspected"],
)
def test_a_hidden_letter_is_counted_where_its_line_can_be_counted_and_nowhere_else(
    hidden: Filing, book: Book
) -> None:
    number = receive(book, "a", NOW, hidden)
    send(book, "ลับ")
    counts = book.counts
    for viewer, seen in ((CLERK, 1), (REGISTRAR, 1), (OFFICER, 0), (ADMINISTRATOR, 0)):
        (day,) = counts.by_day(viewer, NOW.date(), NOW.date())
        assert (day.received, day.sent) == (seen, seen), viewer.name
    for viewer in (CLERK, OFFICER, ADMINISTRATOR):
        for name in ("by_group", "by_sender", "by_urgency", "by_channel"):
            assert getattr(counts, name)(viewer, *SPAN) == (), name
        times = counts.filing_times(viewer, *SPAN)
        assert sum(number for _, number in times.within) + times.later == 0
    assert sum(one.received + one.sent for one in counts.by_group(REGISTRAR, *SPAN)) == 2
    # Its cancelling is hidden too: the count must not change by it.
    book.numbers.cancel(BookName.RECEIVE, number, note="ซ้ำ", who="ก", now=NOW)
    assert counts.by_day(CLERK, NOW.date(), NOW.date()) == (DayCount(NOW.date(), 1, 1),)


def test_a_cancelled_letter_is_no_letter(book: Book) -> None:
    number = receive(book, "a", NOW)
    book.numbers.cancel(BookName.RECEIVE, number, note="ลงซ้ำ", who="ก", now=NOW)
    book.sent.cancel(CLERK, BookName.SEND, send(book), note="พิมพ์ผิด", now=NOW)
    book.numbers.reserve(BookName.SEND, note="จอง", who="ก", now=NOW)
    assert book.counts.by_day(CLERK, NOW.date(), NOW.date()) == (DayCount(NOW.date(), 0, 0),)
    assert book.counts.by_group(CLERK, *SPAN) == ()


def test_an_officer_counts_the_letters_of_her_group_and_the_copies_it_got(book: Book) -> None:
    receive(book, "a", NOW, PLAN)
    receive(book, "b", NOW, make_filing(copies=("plan",)))
    receive(book, "c", NOW)
    assert (
        book.counts.by_day(OFFICER, NOW.date(), NOW.date())[0].received == 0
    )  # nobody gave her any
    hand_on(book, 1, 2, 3)
    send(book, group="admin")
    (day,) = book.counts.by_day(OFFICER, NOW.date(), NOW.date())
    assert (day.received, day.sent) == (2, 0)


def test_waiting_for_a_number_is_counted_by_how_long_it_took(book: Book) -> None:
    for key, seconds in enumerate((10, 60, 61, 3_600, 90_000)):
        receive(book, key, NOW, wait_seconds=seconds)
    times = book.counts.filing_times(CLERK, *SPAN)
    assert times.within == ((60, 2), (600, 1), (3_600, 1), (86_400, 0))
    assert times.later == 1
