"""A letter's text says by when something is to be done: with and without a year, before a day, so many days on."""

from __future__ import annotations

from datetime import date

import pytest

from classify.due_days import find_due_days

WRITTEN, RECEIVED = date(2026, 1, 12), date(2026, 1, 15)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("ขอให้รายงานภายในวันที่ ๒๘ กุมภาพันธ์", [date(2026, 2, 28)]),
        ("รายงานภายในวันที่ ๒๘ กุมภาพันธ์ ๒๕๖๙ ด้วย", [date(2026, 2, 28)]),
        ("ส่งภายในวันศุกร์ที่ ๓๐ ม.ค. ๒๕๖๙", [date(2026, 1, 30)]),
        ("ให้แล้วเสร็จก่อนวันที่ 1 เมษายน 2569", [date(2026, 3, 31)]),
        ("ตอบกลับภายใน\nวันที่ ๕ มกราคม", [date(2027, 1, 5)]),
        ("ภายใน ๑๕ วัน นับแต่วันที่ได้รับหนังสือ", [date(2026, 1, 30)]),
        ("ภายใน ๗ วันทำการ นับแต่วันที่ได้รับหนังสือ", []),
        ("ภายในวันที่ ๓๐ กุมภาพันธ์", []),
        ("ภายในวันที่ ๑ มกราคม ๒๕๖๙", []),
        ("ภายในวันที่ ๓๐ กันยายน ๒๕๗๕", []),
        ("ประชุมวันที่ ๒๘ กุมภาพันธ์ ๒๕๖๙", []),
        ("ภายในวงเงิน ๕๐ ล้านบาท ไม่เกิน ๓ คน", []),
        (
            "ภายในวันที่ ๒๐ มีนาคม ๒๕๖๙ และอย่างช้าวันที่ ๑๐ กุมภาพันธ์ ๒๕๖๙ ไม่เกินวันที่ ๒๐ มีนาคม",
            [date(2026, 2, 10), date(2026, 3, 20)],
        ),
    ],
)
def test_days_are_read_as_the_text_asks_for_them(text: str, days: list[date]) -> None:
    found = find_due_days(text, written=WRITTEN, received=RECEIVED)
    assert [one.value for one in found] == days
    for one in found:
        assert one.words == " ".join(text[one.start : one.end].split())
