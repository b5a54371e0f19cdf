"""A matter is closed once: a group's "done" starts the clock, work on it stops the clock, and undo puts it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from classify.letter import Secrecy
from index.book import Book
from index.choices import BookName, Step
from index.retention.closing import finished_on
from index.retention.destruction_tables import DisposalRow
from index.retention.errors import StepRefusedError
from index.retention.retention import Retention
from index.retention.unclosed import Open, OpenFilter
from tests.keeping import (
    CLERK,
    NOW,
    OFFICER,
    REGISTRAR,
    file_one,
    make_draft,
    make_filing,
    send_one,
)
from tests.retaining import JANUARY, KEEPER, keep_finished

TODAY = NOW.date()
LATER = NOW + timedelta(days=1)


def finished(book: Book, letter_id: int = 1) -> date | None:
    with book._database.reading() as session:
        return finished_on(session, letter_id)


def test_done_is_finished_and_work_takes_it_back(book: Book, retention: Retention) -> None:
    file_one(book)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=NOW)
    assert finished(book) is None
    book.desk.move(OFFICER, 1, Step.DONE, within="plan", now=NOW)
    assert finished(book) == TODAY
    assert retention.records.period(KEEPER, 1).stamp == "เก็บถึง พ.ศ. ๒๕๗๙"
    book.desk.move(CLERK, 1, Step.INSTRUCTED, note="เก็บ", now=LATER)
    assert finished(book) == TODAY, "an instruction moves nothing"
    book.desk.check(CLERK, 1, {}, route_to="hr", now=LATER)
    assert finished(book) is None
    noted = [one.details for one in book.audit.entries(letter_id=1) if one.action == "finished_on"]
    assert [one["to"] for one in noted] == ["2026-01-15", None]
    assert book.verify() == ()


def test_undo_of_done_undoes_finished_and_undo_of_work_restores_it(
    book: Book, retention: Retention
) -> None:
    file_one(book)
    book.desk.move(CLERK, 1, Step.DONE, now=NOW)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=LATER)
    book.desk.undo(CLERK, 1, now=LATER)
    assert finished(book) == TODAY
    book.desk.undo(CLERK, 1, now=LATER)
    assert finished(book) is None


def test_a_day_that_the_records_officer_noted_is_no_steps_to_change(
    book: Book, retention: Retention
) -> None:
    file_one(book)
    book.desk.move(CLERK, 1, Step.DONE, now=NOW)
    day = TODAY + timedelta(days=400)
    retention.records.finish(KEEPER, 1, day, now=NOW + timedelta(days=400))
    book.desk.undo(CLERK, 1, now=LATER)
    assert finished(book) == day
    book.desk.move(CLERK, 1, Step.DONE, now=NOW + timedelta(days=800))
    assert finished(book) == day


def test_undo_never_brings_an_earlier_day_than_stands(book: Book, retention: Retention) -> None:
    file_one(book)
    book.desk.move(CLERK, 1, Step.DONE, now=NOW)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=LATER)
    much_later = NOW + timedelta(days=800)
    retention.records.finish(KEEPER, 1, much_later.date(), now=much_later)
    book.desk.move(CLERK, 1, Step.RETURNED, group="admin", now=much_later)
    book.desk.undo(CLERK, 1, now=much_later)
    assert finished(book) == much_later.date()
    book.desk.undo(CLERK, 1, now=much_later)
    assert finished(book) == much_later.date(), "not the day of two years before"


def test_a_letter_dated_after_today_is_not_closed_by_a_step(
    book: Book, retention: Retention
) -> None:
    file_one(book, "a", make_filing(written=TODAY + timedelta(days=30)))
    book.desk.move(CLERK, 1, Step.DONE, now=NOW)
    assert finished(book) is None
    (open_still,), _ = retention.unclosed.page(KEEPER, OpenFilter(Open.SAID_DONE), limit=9)
    assert open_still.proposed_on == TODAY


def test_a_letter_that_is_worked_on_again_leaves_its_open_batch(
    book: Book, retention: Retention
) -> None:
    for key in ("a", "b"):
        keep_finished(book, retention, key)
    retention.batches.propose(KEEPER, [1, 2], now=JANUARY)
    book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=JANUARY)
    assert retention.batches.find("2581-1").items == (2,)
    book.desk.move(CLERK, 2, Step.DONE, now=JANUARY)
    assert retention.batches.find("2581-1").items == (2,), "it was finished before"


def test_a_letter_whose_destruction_was_begun_is_worked_on_by_nobody(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "a")
    retention.batches.propose(KEEPER, [1], now=JANUARY)
    with book._database.writing() as session:
        session.add(
            DisposalRow(batch_id=1, letter_id=1, state="intended", intended_at=JANUARY, evidence={})
        )
    with pytest.raises(StepRefusedError):
        book.desk.move(CLERK, 1, Step.ROUTED, group="plan", now=JANUARY)
    found = book.letters.by_id(CLERK, 1)
    assert found is not None
    assert (found.step, finished(book)) == ("", date(2027, 3, 1))


def test_a_day_before_the_receipt_needs_a_reason_which_is_kept(
    book: Book, retention: Retention
) -> None:
    for key in ("a", "b", "c"):
        file_one(book, key)
    day = TODAY - timedelta(days=3)
    with pytest.raises(StepRefusedError, match="before the receipt"):
        retention.records.finish(KEEPER, 1, day, now=NOW)
    with pytest.raises(StepRefusedError, match="before the receipt"):
        book.desk.move(CLERK, 2, Step.DONE, finished_on=day, now=NOW)
    retention.records.finish(KEEPER, 1, day, reason="รับย้อนหลัง", now=NOW)
    book.desk.move(CLERK, 2, Step.DONE, finished_on=day, note="รับย้อนหลัง", now=NOW)
    for letter_id in (1, 2):
        assert finished(book, letter_id) == day
        (kept,) = book.desk.corrections_of(CLERK, letter_id)
        assert (kept.field, kept.new, kept.reason) == ("finished_on", "2026-01-12", "รับย้อนหลัง")
    for on in (TODAY + timedelta(days=1), date(2026, 1, 4)):
        with pytest.raises(StepRefusedError):
            book.desk.move(CLERK, 3, Step.DONE, finished_on=on, note="x", now=NOW)


def test_what_was_never_closed_is_listed_with_the_day_proposed(
    book: Book, retention: Retention
) -> None:
    keep_finished(book, retention, "closed")
    for key in ("answered", "waits", "cancelled answer", "secret answer"):
        file_one(book, key)
    file_one(book, "secret", make_filing(secrecy=Secrecy.SECRET))
    answer = send_one(book, make_draft(answers=2))
    gone = send_one(book, make_draft(answers=4))
    book.sent.cancel(CLERK, BookName.SEND, gone.register_number, note="ออกซ้ำ", now=NOW)
    hidden = make_draft(answers=5, secrecy=Secrecy.SECRET)
    send_one(book, hidden, viewer=REGISTRAR)
    rows, total = retention.unclosed.page(KEEPER, OpenFilter(), limit=2)
    assert [one.letter_id for one in rows] == [2, 3]
    assert total == 5
    assert answer.letter is not None
    assert (rows[0].answer, rows[0].proposed_on) == (answer.letter.number, TODAY)
    assert rows[1].proposed_on is None
    answered, count = retention.unclosed.page(KEEPER, OpenFilter(Open.ANSWERED), limit=9)
    assert ([one.letter_id for one in answered], count) == ([2], 1)
    assert retention.unclosed.years(KEEPER) == ((2569, 5),)
    assert retention.unclosed.page(KEEPER, OpenFilter(buddhist_year=2568), limit=9) == ((), 0)
    assert [one.letter_id for one in retention.unclosed.named(KEEPER, (6, 3, 1))] == [3]
    (sent,), one = retention.unclosed.page(KEEPER, OpenFilter(Open.SENT), limit=9)
    assert (sent.letter_id, sent.proposed_on, one) == (-1, TODAY, 1)
