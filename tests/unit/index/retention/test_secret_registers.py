"""ทข.1 to ทข.3 hold secret letters alone, by number; ทข.3 tells what became of each, as it happened."""

from __future__ import annotations

from datetime import datetime, timedelta

from classify.letter import Secrecy
from index.book import Book
from index.choices import BookName
from index.register.people.people import Person
from index.register.store.tables import BANGKOK
from index.retention.retention import Retention
from index.visibility import Role
from tests.keeping import (
    CLERK,
    NOW,
    REGISTRAR,
    file_one,
    make_draft,
    make_filing,
    make_hashing_quick,
    run_sql,
    send_one,
)

OFFICE = "สำนักงานเขตพื้นที่การศึกษาตัวอย่าง"
NEXT_YEAR = datetime(2027, 1, 4, 9, 0, tzinfo=BANGKOK)  # Buddhist year 2570


def after(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def file_secret(book: Book, key: object, now: datetime = NOW) -> int:
    return file_one(book, key, make_filing(secrecy=Secrecy.SECRET), now=now).letter_id


def test_received_ones_stand_by_number_and_none_that_is_not_secret_or_of_another_year(
    book: Book, retention: Retention, url: str
) -> None:
    for key in ("a", "b"):
        file_secret(book, key)
    file_one(book, "c")
    file_secret(book, "d", NEXT_YEAR)
    run_sql(url, "UPDATE letters SET running = 9 WHERE id = 1")
    lines = retention.secret_registers.received(REGISTRAR, 2569)
    assert [str(line.register_number) for line in lines] == ["2/2569", "9/2569"]
    assert {(line.secrecy, line.recipient) for line in lines} == {("ลับ", "ผู้อำนวยการ")}
    (line,) = retention.secret_registers.received(REGISTRAR, 2570)
    assert str(line.register_number) == "1/2570"


def test_sent_ones_stand_by_book_and_number_and_none_that_is_not_secret_or_of_another_year(
    book: Book, retention: Retention, url: str
) -> None:
    secret = make_draft(secrecy=Secrecy.VERY_SECRET, subject="ผลการสอบสวน")
    for to in (BookName.SEND, BookName.SEND, BookName.ORDER):
        send_one(book, secret, to=to, viewer=REGISTRAR)
    send_one(book)
    send_one(book, secret, viewer=REGISTRAR, now=NEXT_YEAR)
    run_sql(url, "UPDATE sent SET running = 9 WHERE id = 1")
    lines = retention.secret_registers.sent(REGISTRAR, 2569, OFFICE)
    assert [str(line.register_number) for line in lines] == ["1/2569", "2/2569", "9/2569"]
    assert {(line.subject, line.secrecy, line.sender) for line in lines} == {
        ("ผลการสอบสวน", "ลับมาก", OFFICE)
    }
    assert retention.secret_registers.sent(CLERK, 2569, OFFICE) == ()


def test_the_control_register_tells_changes_of_class_and_grants_in_the_order_of_events(
    book: Book, retention: Retention
) -> None:
    first, second = file_secret(book, "a"), file_secret(book, "b")
    make_hashing_quick(book)
    officer = frozenset({Role.GROUP_OFFICER})
    cleared = Person("wichai", "", officer, frozenset({"plan"}), Secrecy.TOP_SECRET)
    book.people.add(cleared, who="test", now=after(0), password="รหัสผ่านยาวพอ")
    book.grants.permit(
        REGISTRAR, second, "wichai", until=after(600), reason="สอบข้อเท็จจริง", now=after(1)
    )
    for field, value, minutes in (
        ("subject", "เรื่องที่แก้แล้ว", 3),
        ("secrecy", Secrecy.TOP_SECRET.value, 4),
    ):
        book.desk.correct(REGISTRAR, first, field, value, now=after(minutes))
    told = retention.secret_registers.control(REGISTRAR, 2569)
    assert [
        (str(one.register_number), one.at, one.secrecy, one.what, one.who, one.note) for one in told
    ] == [
        ("2/2569", after(1), "ลับ", "อนุญาตให้เข้าถึง", "สมศักดิ์", "wichai: สอบข้อเท็จจริง"),
        ("1/2569", after(4), "ลับที่สุด", "เปลี่ยนชั้นความลับ", "สมศักดิ์", "ลับ → ลับที่สุด"),
    ]
    assert retention.secret_registers.control(REGISTRAR, 2570) == ()
