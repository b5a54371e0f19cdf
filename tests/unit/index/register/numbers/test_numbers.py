"""Register numbers run without gaps for each book and Buddhist year, and none is ever used twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from index.book import Book
from index.choices import BookName, NumberStatus
from index.errors import NoSuchRecordError, NumberRefusedError
from index.register.numbers.numbers import find_buddhist_year
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from tests.keeping import CLERK, NOW, file_one, make_filing, make_scan, run_sql, send_one, take


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=BANGKOK), 2569),
        (datetime(2027, 1, 1, 0, 0, 0, tzinfo=BANGKOK), 2570),
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), 2569),
        (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), 2570),
    ],
)
def test_the_year_is_that_of_the_date_in_bangkok(moment: datetime, year: int) -> None:
    assert find_buddhist_year(moment) == year


def test_numbers_restart_at_midnight_in_bangkok_and_the_old_year_stays(book: Book) -> None:
    eve = datetime(2026, 12, 31, 23, 59, 59, tzinfo=BANGKOK)
    midnight = datetime(2027, 1, 1, tzinfo=BANGKOK)
    numbers = [str(file_one(book, key, now=eve).register_number) for key in "ab"]
    numbers += [str(file_one(book, key, now=midnight).register_number) for key in "cd"]
    assert numbers == ["1/2569", "2/2569", "1/2570", "2/2570"]


def test_each_book_has_a_run_of_its_own(book: Book) -> None:
    drawn = [book.numbers.reserve(name, note="", who="มาลี", now=NOW) for name in BookName]
    assert {number.running for number in drawn} == {1}
    assert send_one(book).register_number.running == 2


def test_a_transaction_taken_back_gives_its_number_back(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.jobs.record_arrival(make_scan())
    job = take(book)
    with monkeypatch.context() as broken:
        broken.setattr("index.register.letters.filing.note_change", _fail)
        with pytest.raises(RuntimeError):
            book.jobs.file(job, make_filing(), NOW)
    assert book.jobs.file(job, make_filing(), NOW).register_number.running == 1


def _fail(*_args: object, **_named: object) -> None:
    raise RuntimeError("the program broke off")


def test_the_book_goes_on_where_the_paper_book_ended(book: Book) -> None:
    book.numbers.start_after(BookName.RECEIVE, RegisterNumber(4711, 2569), who="มาลี", now=NOW)
    assert str(file_one(book).register_number) == "4712/2569"
    audit = book.numbers.audit(BookName.RECEIVE, 2569)
    assert (audit.first, audit.last, audit.gaps, audit.doubles) == (4712, 4712, (), ())


def test_a_paper_book_may_be_set_again_while_nothing_was_drawn(book: Book) -> None:
    book.numbers.start_after(BookName.SEND, RegisterNumber(10, 2569), who="มาลี", now=NOW)
    book.numbers.start_after(BookName.SEND, RegisterNumber(20, 2569), who="มาลี", now=NOW)
    assert send_one(book).register_number.running == 21


@pytest.mark.parametrize("running", [-1, 0])
def test_a_paper_book_ends_at_a_number_or_is_empty(book: Book, running: int) -> None:
    last = RegisterNumber(running, 2569)
    if running < 0:
        with pytest.raises(NumberRefusedError, match="below 0"):
            book.numbers.start_after(BookName.RECEIVE, last, who="มาลี", now=NOW)
    else:
        book.numbers.start_after(BookName.RECEIVE, last, who="มาลี", now=NOW)
    assert file_one(book).register_number.running == 1


def test_a_book_in_use_cannot_be_started_again(book: Book) -> None:
    file_one(book)
    with pytest.raises(NumberRefusedError, match="already stands at 1"):
        book.numbers.start_after(BookName.RECEIVE, RegisterNumber(9, 2569), who="มาลี", now=NOW)


def test_a_cancelled_number_stays_with_its_note_and_is_not_drawn_again(book: Book) -> None:
    number = file_one(book).register_number
    book.numbers.cancel(BookName.RECEIVE, number, note="ลงรับซ้ำ", who="มาลี", now=NOW)
    assert file_one(book, "b").register_number.running == 2
    first, _second = book.numbers.of_year(BookName.RECEIVE, 2569)
    assert (first.status, first.note) == (NumberStatus.CANCELLED, "ลงรับซ้ำ")
    letter = book.letters.by_number(CLERK, number)
    assert letter is not None
    assert letter.cancelled
    audit = book.numbers.audit(BookName.RECEIVE, 2569)
    assert (audit.gaps, audit.doubles, audit.cancelled) == ((), (), (1,))


def test_who_kept_back_cancelled_or_continued_which_number_stands_in_the_trail(book: Book) -> None:
    book.numbers.start_after(BookName.SEND, RegisterNumber(10, 2569), who="มาลี", now=NOW)
    kept = book.numbers.reserve(BookName.SEND, note="", who="วิชัย", now=NOW)
    for who in ("มาลี", "อีกคน"):  # cancelled once: the second time changes nothing
        book.numbers.cancel(BookName.SEND, kept, note="ไม่ใช้", who=who, now=NOW)
    letter = file_one(book)
    book.numbers.cancel(BookName.RECEIVE, letter.register_number, note="ซ้ำ", who="มาลี", now=NOW)
    assert [
        (one.action, one.who, one.letter_id, one.details["book"], one.details.get("number"))
        for one in book.audit.entries()
        if "book" in one.details and one.action != "filed"
    ] == [
        ("book_continued", "มาลี", None, "send", None),
        ("number_reserved", "วิชัย", None, "send", "11/2569"),
        ("number_cancelled", "มาลี", None, "send", "11/2569"),
        ("number_cancelled", "มาลี", letter.letter_id, "receive", "1/2569"),
    ]


def test_a_number_is_not_cancelled_without_a_reason(book: Book) -> None:
    number = file_one(book).register_number
    with pytest.raises(NumberRefusedError, match="reason"):
        book.numbers.cancel(BookName.RECEIVE, number, note="  ", who="มาลี", now=NOW)


def test_a_number_never_drawn_cannot_be_cancelled(book: Book) -> None:
    with pytest.raises(NoSuchRecordError, match="5/2569"):
        book.numbers.cancel(BookName.SEND, RegisterNumber(5, 2569), note="x", who="มาลี", now=NOW)


def test_a_reserved_number_is_skipped_until_a_letter_is_entered_under_it(book: Book) -> None:
    kept = book.numbers.reserve(BookName.RECEIVE, note="หนังสือด่วนทางโทรศัพท์", who="มาลี", now=NOW)
    assert file_one(book, "a").register_number.running == 2
    assert book.numbers.audit(BookName.RECEIVE, 2569).reserved == (1,)
    book.reservations.bind(kept, make_scan("b").sha256, who="มาลี", now=NOW)
    assert file_one(book, "b").register_number == kept
    audit = book.numbers.audit(BookName.RECEIVE, 2569)
    assert (audit.gaps, audit.doubles, audit.reserved) == ((), (), ())


def test_the_audit_finds_a_gap_and_a_double(book: Book, url: str) -> None:
    for key in "abcd":
        file_one(book, key)
    run_sql(url, "DELETE FROM numbers WHERE running = 2")
    run_sql(url, "UPDATE numbers SET letter_id = 4 WHERE running = 3")
    audit = book.numbers.audit(BookName.RECEIVE, 2569)
    assert (audit.gaps, audit.doubles) == ((2,), (2, 3))
    assert "number 2/2569 of the receive book is missing" in book.verify()
