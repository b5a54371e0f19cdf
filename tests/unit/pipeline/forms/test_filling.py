"""A form shows what stands in the book, in its order, and of a secret letter only that its number is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from classify.letter import Secrecy, Urgency
from index.book import Book
from index.choices import BookName
from index.errors import NoSuchRecordError
from index.register.sent.sent_letter import SentDraft
from index.registered_letter import RegisterNumber
from index.retention.loans import Borrower, Standing
from index.retention.records import Place
from index.retention.transfers import Form as TransferForm
from index.visibility import SECRET_PLACEHOLDER
from pipeline.forms.days import one_day, one_month, one_year, parse_days
from pipeline.forms.errors import FormIncompleteError
from pipeline.forms.form import load_forms
from pipeline.forms.gather import Asked, Source, fill, read_stored
from pipeline.forms.papers import make_labels
from pipeline.forms.sheet import Sheet
from tests.keeping import CLERK, NOW, OFFICER, REGISTRAR, file_one, make_filing, make_scan
from tests.retaining import JANUARY, KEEPER, LAW, keep_finished, paper_steps

GROUPS = {"admin": "กลุ่มอำนวยการ", "plan": "กลุ่มนโยบายและแผน"}
TODAY = one_day(NOW.date())


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    with Book.open(f"sqlite:///{tmp_path / 'book.db'}") as opened:
        yield opened


@pytest.fixture
def source(book: Book) -> Source:
    return Source(book, book.retention(LAW), load_forms(), "สำนักงานสมมติ", GROUPS, NOW)


def column(sheet: Sheet, key: str) -> list[str]:
    return [row.get(key, "") for row in sheet.rows]


def test_the_days_book_has_its_letters_by_number_with_their_group_and_urgency(
    book: Book, source: Source
) -> None:
    file_one(book, "a", make_filing(subject="เรื่องแรก", copies=("plan",)))
    file_one(book, "b", make_filing(subject="เรื่องที่สอง", urgency=Urgency.MOST_URGENT))
    sheet = fill(source, CLERK, Asked("13", TODAY))
    assert sheet.heads["days"] == "วันที่ 15 เดือน มกราคม พ.ศ. 2569"
    assert column(sheet, "register_number") == ["1/2569", "2/2569"]
    assert column(sheet, "subject") == ["เรื่องแรก", "เรื่องที่สอง"]
    assert column(sheet, "action") == ["กลุ่มอำนวยการ, กลุ่มนโยบายและแผน", "กลุ่มอำนวยการ"]
    assert column(sheet, "note") == ["", "ด่วนที่สุด"]
    assert column(sheet, "date") == ["5 ม.ค. 2569"] * 2


def test_a_secret_letter_is_its_number_and_nothing_else(book: Book, source: Source) -> None:
    filing = make_filing(subject="ผลการสอบสวน", secrecy=Secrecy.SECRET, urgency=Urgency.URGENT)
    number = file_one(book, "a", filing).register_number
    book.numbers.cancel(BookName.RECEIVE, number, note="ผลการสอบสวนซ้ำ", who="ก", now=NOW)
    sheet = fill(source, CLERK, Asked("13", TODAY))
    (row,) = sheet.rows
    assert {key: text for key, text in row.items() if text} == {
        "register_number": "1/2569",
        "subject": SECRET_PLACEHOLDER,
    }
    assert column(fill(source, REGISTRAR, Asked("13", TODAY)), "subject") == ["ผลการสอบสวน"]
    assert list(fill(source, OFFICER, Asked("13", TODAY)).rows) == []


def test_cancelled_and_reserved_numbers_keep_their_lines(book: Book, source: Source) -> None:
    number = file_one(book, "a").register_number
    book.numbers.cancel(BookName.RECEIVE, number, note="ลงซ้ำ", who="ก", now=NOW)
    book.numbers.reserve(BookName.RECEIVE, note="รอหนังสือตัวจริง", who="ก", now=NOW)
    sheet = fill(source, CLERK, Asked("13", TODAY))
    assert column(sheet, "register_number") == ["1/2569", "2/2569"]
    assert column(sheet, "note") == ["ยกเลิก: ลงซ้ำ", "จองเลข: รอหนังสือตัวจริง"]
    assert column(fill(source, OFFICER, Asked("13", TODAY)), "note") == []


def test_a_month_is_told_day_under_day_and_another_day_is_not_in_it(
    book: Book, source: Source
) -> None:
    for key, day in enumerate((0, 0, 1, 40)):
        at = NOW + timedelta(days=day)
        book.jobs.record_arrival(replace(make_scan(key), received_at=at))
        job = book.jobs.take("w", 60, at)
        assert job is not None
        book.jobs.file(job, make_filing(subject=f"วันที่ {day}"), at)
    sheet = fill(source, CLERK, Asked("13", one_month(2026, 1)))
    assert [(one.heading, len(one.rows)) for one in sheet.sections] == [
        ("วันที่ 15 เดือน มกราคม พ.ศ. 2569", 2),
        ("วันที่ 16 เดือน มกราคม พ.ศ. 2569", 1),
    ]
    year = fill(source, CLERK, Asked("13", one_year(2026)))
    assert column(year, "subject") == ["วันที่ 0", "วันที่ 0", "วันที่ 1", "วันที่ 40"]


def send(book: Book, subject: str, *, secrecy: Secrecy = Secrecy.NONE) -> RegisterNumber:
    draft = SentDraft(
        subject=subject,
        group="plan",
        date=NOW.date(),
        recipient="โรงเรียนในสังกัดทุกโรงเรียน",
        recipients=("โรงเรียนหนึ่ง", "โรงเรียนสอง"),
        secrecy=secrecy,
    )
    who = REGISTRAR if secrecy else CLERK
    made = book.sent.enter(
        who, BookName.SEND, draft, write_number=lambda one: f"ศธ 04000/{one.running}", now=NOW
    )
    return made.register_number


def test_the_send_book_has_its_letters_its_gaps_and_no_secret(book: Book, source: Source) -> None:
    send(book, "ส่งรายงาน")
    send(book, "เรื่องลับมาก", secrecy=Secrecy.SECRET)
    book.sent.cancel(CLERK, BookName.SEND, send(book, "พิมพ์ผิด"), note="พิมพ์ผิด", now=NOW)
    book.numbers.reserve(BookName.SEND, note="ของผู้อำนวยการ", who="ก", now=NOW)
    sheet = fill(source, CLERK, Asked("14", TODAY))
    assert sheet.form.name == "ทะเบียนหนังสือส่ง"
    circulars = fill(source, CLERK, Asked("14", TODAY, book=BookName.CIRCULAR))
    assert circulars.form.name == "ทะเบียนหนังสือส่ง (เวียน)", "a book is told from the others"
    assert column(sheet, "register_number") == ["1/2569", "2/2569", "3/2569", "4/2569"]
    assert column(sheet, "subject") == ["ส่งรายงาน", SECRET_PLACEHOLDER, "พิมพ์ผิด", ""]
    assert column(sheet, "number") == ["ศธ 04000/1", "", "ศธ 04000/3", ""]
    assert column(sheet, "sender")[:2] == ["กลุ่มนโยบายและแผน", ""]
    assert column(sheet, "note")[2:] == ["ยกเลิก: พิมพ์ผิด", "จองเลข: ของผู้อำนวยการ"]


def test_what_waits_for_the_store_and_what_lies_in_it(book: Book, source: Source) -> None:
    retention = source.retention
    waits = keep_finished(book, retention, "a", subject="รอเก็บ")
    lies = keep_finished(book, retention, "b", subject="เก็บแล้ว", code="RPERM")
    keep_finished(book, retention, "c", subject="ลับ", secrecy=Secrecy.SECRET)
    retention.lists.store(KEEPER, (lies,), Place("A1", "7", "ผอ 1", date(2027, 4, 1)), now=JANUARY)
    source = replace(source, now=JANUARY)
    to_store = fill(source, KEEPER, Asked("19"))
    assert column(to_store, "subject") == ["รอเก็บ"]
    assert column(to_store, "period") == ["เก็บถึง พ.ศ. ๒๕๘๐"]
    assert [one.role for one in to_store.signatures] == ["ผู้ส่งเก็บ", "ผู้รับเก็บ"]
    stored = fill(source, KEEPER, Asked("20"))
    assert [tuple(stored.cells(row)) for row in stored.rows] == [
        (
            "1",
            "1 เม.ย. 2570",
            "2/2569",
            "ศธ 04001/ว 123",
            "เก็บแล้ว",
            "ผอ 1",
            "ห้ามทำลาย",
            "ชั้น A1 กล่อง 7",
        )
    ]
    assert list(fill(source, KEEPER, Asked("20", code="B")).rows) == []
    assert waits


def test_labels_name_each_file_once_with_the_longest_period_in_it(
    book: Book, source: Source
) -> None:
    retention = source.retention
    ids = [
        keep_finished(book, retention, key, code=code) for key, code in enumerate(("R10", "R05"))
    ]
    retention.lists.store(
        KEEPER, tuple(ids), Place("A1", "7", "ผอ 1", date(2027, 4, 1)), now=JANUARY
    )
    (label,) = make_labels(read_stored(replace(source, now=JANUARY), KEEPER, Asked("labels")))
    assert (label.letters, label.stamp, label.years) == (2, "เก็บถึง พ.ศ. 2580", "หนังสือปี 2569")


def test_the_destruction_list_is_empty_for_the_pen_until_the_committee_has_judged(
    book: Book, source: Source
) -> None:
    retention = source.retention
    letter_id = keep_finished(book, retention, "a")
    batch = retention.batches.propose(KEEPER, [letter_id], now=JANUARY)
    source = replace(source, now=JANUARY)
    before = fill(source, KEEPER, Asked("25", code=batch.batch_id))
    assert column(before, "verdict") == [""]
    assert [one.role for one in before.signatures] == ["ประธานกรรมการ", "กรรมการ", "กรรมการ"]
    assert before.heads == {"year": "2581", "office": "สำนักงานสมมติ", "day": "12 มกราคม 2581"}
    later = JANUARY + timedelta(days=120)
    retention.batches.record(KEEPER, batch.batch_id, *paper_steps([letter_id]), now=later)
    after = fill(replace(source, now=later), KEEPER, Asked("25", code=batch.batch_id))
    assert column(after, "verdict") == ["X"]
    assert [one.name for one in after.signatures] == ["ประธาน", "อนันต์", "บุษบา"]


def test_the_list_of_twenty_years_and_the_borrowing_card(book: Book, source: Source) -> None:
    retention, far = source.retention, datetime(2047, 1, 10, 9, tzinfo=JANUARY.tzinfo)
    letter_id = keep_finished(book, retention, "a", subject="ประวัติโรงเรียน")
    made = retention.transfers.prepare(
        KEEPER, TransferForm.HAND_OVER, [letter_id], year=2047, now=far
    )
    source = replace(source, now=far)
    sheet = fill(source, KEEPER, Asked("21", code=made.code))
    assert column(sheet, "subject") == ["ประวัติโรงเรียน"]
    assert sheet.heads["year"] == "2590"
    assert [one.role for one in sheet.signatures] == ["ผู้มอบ", "ผู้รับมอบ"]
    retention.transfers.withdraw(KEEPER, made.code, now=far)
    kept = retention.transfers.prepare(
        KEEPER, TransferForm.KEEP, [letter_id], year=2047, now=far, note="ใช้อ้างอิงแนวเขตที่ดิน"
    )
    assert column(fill(source, KEEPER, Asked("22", code=kept.code)), "note") == ["ใช้อ้างอิงแนวเขตที่ดิน"]
    with pytest.raises(FormIncompleteError, match="form 21"):
        fill(source, KEEPER, Asked("23", code=made.code))
    retention.loans.lend(
        KEEPER,
        letter_id,
        Borrower("วิชัย", "กลุ่มนโยบายและแผน", Standing.INSIDE),
        permitted_by="ผู้อำนวยการ",
        due_on=date(2047, 2, 1),
        now=far,
    )
    card = fill(source, KEEPER, Asked("24", letter=RegisterNumber(1, 2569)))
    assert column(card, "item") == ["๑/๒๕๖๙ ประวัติโรงเรียน"]
    assert column(card, "borrower") == ["วิชัย (กลุ่มนโยบายและแผน)"]
    assert column(card, "due_on") == ["1 ก.พ. 2590"]
    assert list(fill(source, KEEPER, Asked("24")).rows) == list(card.rows)
    with pytest.raises(NoSuchRecordError):
        fill(source, KEEPER, Asked("24", letter=RegisterNumber(9, 2569)))


def test_the_counts_are_told_by_day_and_by_month_for_a_long_time(
    book: Book, source: Source
) -> None:
    file_one(book, "a")
    send(book, "ส่งรายงาน")
    month = fill(source, CLERK, Asked("counts", one_month(2026, 1)))
    days, *others = month.sections
    assert len(days.rows) == 32
    assert days.rows[-1] == {"name": "รวม", "received": "1", "sent": "1"}
    assert dict(days.rows[14]) == {"name": "๑๕ มกราคม ๒๕๖๙", "received": "1", "sent": "1"}
    assert {"name": "กลุ่มอำนวยการ", "received": "1", "sent": "0"} in others[0].rows
    year = fill(source, CLERK, Asked("counts", one_year(2026)))
    assert [row["name"] for row in year.sections[0].rows][:2] == ["มกราคม ๒๕๖๙", "กุมภาพันธ์ ๒๕๖๙"]


@pytest.mark.parametrize("number", ["13", "14", "21", "25", "counts"])
def test_a_form_that_lacks_what_it_needs_says_what_it_needs(number: str, source: Source) -> None:
    with pytest.raises(FormIncompleteError, match=f"form {number} needs"):
        fill(source, CLERK, Asked(number))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2569-11-21", date(2026, 11, 21), date(2026, 11, 21)),
        ("2026-11-21", date(2026, 11, 21), date(2026, 11, 21)),
        ("2567-2", date(2024, 2, 1), date(2024, 2, 29)),
        ("2569", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_days_months_and_years_of_either_era_are_read(
    written: str, first: date, last: date
) -> None:
    days = parse_days(written)
    assert (days.first, days.last) == (first, last)


@pytest.mark.parametrize("written", ["", "yesterday", "2569-13", "2569-2-30", "0000"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_days(written)
