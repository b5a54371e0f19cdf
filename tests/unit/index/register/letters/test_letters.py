"""Reading the book: by number, in pages, filtered, sorted, counted, and streamed to the index."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from classify.letter import Urgency
from index.book import Book
from index.choices import BookName
from index.errors import NoSuchRecordError
from index.register.letters.letters import LetterFilter, Order
from index.register.store.outbox import IndexOp
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisteredLetter, RegisterNumber
from tests.keeping import CLERK, NOW, file_one, make_filing, make_scan


def _ids(letters: tuple[RegisteredLetter, ...]) -> list[int]:
    return [letter.letter_id for letter in letters]


def test_a_filed_letter_comes_back_as_it_was_filed(book: Book) -> None:
    filing = make_filing(copies=("plan", "legal"), text="หน้า ๑\nหน้า ๒")
    letter = file_one(book, "a", filing)
    assert book.letters.by_number(CLERK, RegisterNumber(1, 2569)) == letter
    assert (letter.letter, letter.decision, letter.text) == (
        filing.letter,
        filing.decision,
        filing.text,
    )
    assert (letter.number, letter.date, letter.group, letter.copies) == (
        "ศธ 04001/ว 123",
        date(2026, 1, 5),
        "admin",
        ("legal", "plan"),
    )
    assert letter.received_at == NOW
    assert letter.received_at.utcoffset() == timedelta(hours=7)
    assert book.letters.by_sha256(CLERK, make_scan("a").sha256) == letter


def test_what_is_not_in_the_book_is_none(book: Book) -> None:
    assert book.letters.by_number(CLERK, RegisterNumber(1, 2569)) is None
    file_one(book)
    assert book.letters.by_number(CLERK, RegisterNumber(1, 2568)) is None
    assert book.letters.by_number(CLERK, RegisterNumber(1, 2569), BookName.SEND) is None
    assert book.letters.by_id(CLERK, 2) is None


def test_pages_cover_the_list_once_newest_first(book: Book) -> None:
    for key in range(5):
        file_one(book, key)
    pages = [book.letters.page(CLERK, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [_ids(page.letters) for page in pages] == [[5, 4], [3, 2], [1], []]
    assert {page.total for page in pages} == {5}
    assert _ids(book.letters.page(CLERK, order=Order.NUMBER_UP).letters) == [1, 2, 3, 4, 5]


def test_a_row_of_a_list_has_its_fields_but_neither_text_nor_evidence(book: Book) -> None:
    whole = file_one(book, "a", make_filing(copies=("plan",)))
    (row,) = book.letters.page(CLERK).letters
    assert (row.subject, row.copies, row.revision) == (whole.subject, whole.copies, 1)
    assert (row.text, row.letter, row.decision) == ("", None, None)


def test_the_most_urgent_letters_come_first(book: Book) -> None:
    marks = (Urgency.NONE, Urgency.MOST_URGENT, Urgency.URGENT, Urgency.VERY_URGENT)
    for mark in marks:
        file_one(book, mark, make_filing(urgency=mark))
    assert _ids(book.letters.page(CLERK, order=Order.URGENCY).letters) == [2, 4, 3, 1]


def test_letters_without_a_date_come_last_in_the_order_of_dates(book: Book) -> None:
    for key, day in enumerate((3, 9, 6)):
        file_one(book, key, make_filing(written=date(2026, 1, day)))
    book.desk.correct(CLERK, 2, "date", "", now=NOW)
    assert _ids(book.letters.page(CLERK, order=Order.LETTER_DATE).letters) == [3, 1, 2]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (LetterFilter(buddhist_year=2569), [2, 1]),
        (LetterFilter(buddhist_year=2570), [3]),
        (LetterFilter(group="plan"), [2]),
        (LetterFilter(sender="คลัง"), [3]),
        (LetterFilter(subject="100%"), [2]),
        (LetterFilter(subject="100_"), []),
        (LetterFilter(subject="เบิก%ประชุม"), []),
        (LetterFilter(sender="กรม_ลัง"), []),
        (LetterFilter(sender="%"), []),
        (LetterFilter(subject="ประชุม", group="admin"), [3, 1]),
        (LetterFilter(number="ศธ ๐๔๐๐๑/ว.๑๒๓"), [3, 2, 1]),
        (LetterFilter(date_from=date(2026, 1, 6), date_to=date(2026, 1, 6)), [2]),
        (LetterFilter(letter_ids=(3, 1)), [3, 1]),
        (LetterFilter(letter_ids=()), []),
        (LetterFilter(received_from=NOW, received_to=NOW), [3, 2, 1]),
        (LetterFilter(received_from=NOW + timedelta(seconds=1)), []),
    ],
)
def test_a_list_is_narrowed(book: Book, wanted: LetterFilter, ids: list[int]) -> None:
    file_one(book, 1)
    file_one(
        book,
        2,
        make_filing(group="plan", subject="เบิกจ่าย 100% ประชุม", written=date(2026, 1, 6)),
    )
    file_one(
        book,
        3,
        make_filing(sender="กรมคลังสมมติ"),
        now=datetime(2027, 1, 1, tzinfo=BANGKOK),
    )
    page = book.letters.page(CLERK, wanted)
    assert (_ids(page.letters), page.total) == (ids, len(ids))


def test_letters_are_counted_by_a_field(book: Book) -> None:
    for key, group in enumerate(("plan", "admin", "plan")):
        file_one(book, key, make_filing(group=group))
    assert book.letters.counts_by(CLERK, "group") == {"plan": 2, "admin": 1}
    narrowed = LetterFilter(group="plan")
    assert book.letters.counts_by(CLERK, "sender", narrowed) == {"สำนักงานสมมติ": 2}


def test_the_index_stream_has_every_letter_once_with_its_text(book: Book) -> None:
    for key in range(7):
        file_one(book, key, make_filing(text=f"ข้อความ {key}"))
    streamed = list(book.letters.all_for_index())
    assert [letter.text for letter in streamed] == [f"ข้อความ {key}" for key in range(7)]
    assert [letter.letter_id for letter in book.letters.all_for_index(after_id=5)] == [6, 7]
    assert streamed[3] == book.letters.by_id(CLERK, 4)


def test_the_outbox_holds_each_change_until_the_index_has_it(book: Book) -> None:
    file_one(book)
    book.desk.correct(CLERK, 1, "subject", "ใหม่", now=NOW)
    items = book.outbox.pending()
    assert [(item.key.id, item.revision, item.op) for item in items] == [
        (1, 1, IndexOp.PUT),
        (1, 2, IndexOp.PUT),
    ]
    book.outbox.done(items[:1])
    assert book.outbox.pending() == (items[1],)
    assert book.outbox.count() == 1
    assert list(book.letters.index_revisions()) == [(1, 2)]


def test_a_cancelled_letter_leaves_the_index(book: Book) -> None:
    number = file_one(book).register_number
    book.numbers.cancel(BookName.RECEIVE, number, note="ซ้ำ", who="มาลี", now=NOW)
    assert book.outbox.pending()[-1].op is IndexOp.REMOVE
    assert list(book.letters.all_for_index()) == []
    assert book.verify() == ()


def test_two_offices_in_one_database_know_nothing_of_each_other(book: Book, url: str) -> None:
    file_one(book, "a")
    with Book.open(url, office="second") as other:
        assert other.letters.page(CLERK).total == 0
        assert other.letters.by_id(CLERK, 1) is None
        for act in (
            lambda: other.letters.file_of(CLERK, 1),
            lambda: other.desk.correct(CLERK, 1, "subject", "x", now=NOW),
        ):
            with pytest.raises(NoSuchRecordError):
                act()
        assert str(file_one(other, "a").register_number) == "1/2569"
        assert other.letters.count_states(CLERK).received == 1
        assert other.verify() == ()
    assert book.letters.page(CLERK).total == 1
