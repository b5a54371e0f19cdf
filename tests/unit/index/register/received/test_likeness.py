"""Number, date and text decide whether two scans may be one letter; the picture only where these are missing."""

from __future__ import annotations

from datetime import date

import pytest

from index.register.received.likeness import (
    Reading,
    are_one_letter,
    explains,
    may_be_one_number,
    worth_comparing,
)
from ocr.document import PAGE_BREAK

DAY, OTHER_DAY = date(2026, 1, 5), date(2026, 1, 15)
TEXT = "ด้วยสำนักงานเขตพื้นที่การศึกษาได้รับแจ้งว่าจะมีการอบรมครูผู้สอนวิชาคณิตศาสตร์ จึงขอให้โรงเรียนส่งรายชื่อผู้เข้าอบรม"
OTHER = "ตามที่โรงเรียนได้ขอรับการสนับสนุนงบประมาณปรับปรุงอาคารเรียนนั้น บัดนี้ได้อนุมัติแล้ว ขอให้ดำเนินการตามระเบียบพัสดุ"
LOOK, SAME_LOOK, OTHER_LOOK = "f" * 128, "f" * 120 + "e" * 8, "0f" * 64


def reading(
    number: str = "ศธ04001/ว123", day: date | None = DAY, text: str = TEXT, look: str = ""
) -> Reading:
    return Reading(number, day, text, look)


@pytest.mark.parametrize(
    ("other", "one_letter"),
    [
        (
            reading(text=TEXT.replace("ครู", "คร").replace("คณิต", "คฌิต")),
            True,
        ),  # read a little differently
        (reading("ศธ04001/ว128"), True),  # a figure misread
        (reading(""), True),  # the number by hand, not read
        (reading("", None), True),
        (reading(day=OTHER_DAY), True),  # the same number: the day was misread
        (reading("ศธ04001/ว987"), False),
        (reading("", OTHER_DAY), False),
        (reading(text=OTHER), False),
        (reading("ศธ04001/ว128", text=OTHER), False),
        (reading("ศธ04001/ว987", look=SAME_LOOK), False),  # one layout, another letter
        (reading(text="", look=SAME_LOOK), True),  # nothing to compare but the picture
        (reading(text="", look=OTHER_LOOK), False),
        (reading(text=OTHER, look=SAME_LOOK), False),  # what is written speaks against the picture
    ],
)
def test_what_decides(other: Reading, one_letter: bool) -> None:
    assert are_one_letter(reading(look=LOOK), other) is one_letter
    assert are_one_letter(other, reading(look=LOOK)) is one_letter


def test_texts_are_looked_at_only_where_something_speaks_for_it() -> None:
    assert worth_comparing(reading(), reading("ศธ04001/ว128"))
    assert worth_comparing(reading(), reading("", DAY))
    assert worth_comparing(reading(look=LOOK), reading("", None, look=SAME_LOOK))
    assert not worth_comparing(reading(), reading("", None))
    assert not worth_comparing(reading(look=LOOK), reading("ศธ04001/ว987", look=SAME_LOOK))


def test_numbers_that_differ_by_more_than_a_misreading_are_two() -> None:
    assert may_be_one_number("ศธ04001/ว123", "ศธ04001/ว128")
    assert may_be_one_number("", "ศธ04001/ว128")
    assert not may_be_one_number("ศธ04001/ว123", "ศธ04001/456")


def test_a_page_explains_one_page() -> None:
    both = PAGE_BREAK.join([TEXT, OTHER])
    assert explains(both, TEXT)
    assert explains(both, PAGE_BREAK.join([OTHER, TEXT]))
    assert not explains(both, PAGE_BREAK.join([TEXT, TEXT]))
    assert not explains(TEXT, both)
    assert not explains(TEXT, PAGE_BREAK.join([TEXT, "๑"]))
