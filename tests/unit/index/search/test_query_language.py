"""What is typed is understood as a clerk means it, and bad syntax is searched for as words."""

from __future__ import annotations

from datetime import date

import pytest

from index.search.period import LAST, Period, parse_period, said_as
from index.search.query import (
    Dated,
    Either,
    InGroup,
    Not,
    Number,
    Query,
    Words,
    parse_query,
    with_closed_spaces,
)
from tests.searching import TODAY


def parts(typed: str) -> tuple[object, ...]:
    return parse_query(typed, TODAY).root.parts


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("ประชุม ผู้บริหาร", (Words("ประชุม"), Words("ผู้บริหาร"))),
        ('"การประชุม ด่วน"', (Words("การประชุม ด่วน", quoted=True),)),
        ("“การประชุม ด่วน”", (Words("การประชุม ด่วน", quoted=True),)),
        ('"ไม่ปิด', (Words("ไม่ปิด", quoted=True),)),
        ("-งบ", (Not(Words("งบ")),)),
        ("ก่อน OR หลัง OR กลาง", (Either((Words("ก่อน"), Words("หลัง"), Words("กลาง"))),)),
        ("OR ประชุม OR", (Words("ประชุม"),)),
        ("ก่อน หรือ หลัง", (Either((Words("ก่อน"), Words("หลัง"))),)),
        ("ผู้ส่ง: สพฐ.", (Words("สพฐ.", "sender"),)),
        ("ลงนาม:สมชาย", (Words("สมชาย", "signer"),)),
        ("เรื่อง:ประชุม", (Words("ประชุม", "subject"),)),
        ("Subject: ประชุม", (Words("ประชุม", "subject"),)),
        ("จาก: สพฐ.", (Words("สพฐ.", "sender"),)),
        ('จาก:"กรมบัญชี กลาง"', (Words("กรมบัญชี กลาง", "sender", quoted=True),)),
        ("-จาก:สพฐ", (Not(Words("สพฐ", "sender")),)),
        ("กลุ่ม:แผน", (InGroup("แผน"),)),
        ("กลุ่ม:", (Words("กลุ่ม:"),)),
        ("ที่ ศธ ๐๔๐๐๑/ว ๑๒๓", (Number("ศธ04001/ว123", "ที่ ศธ ๐๔๐๐๑/ว ๑๒๓"),)),
        ("ที่: 123", (Number("123", "123", only_own=True),)),
        ("กค 0402.2/026695 ด่วน", (Number("กค04022/026695", "กค 0402.2/026695"), Words("ด่วน"))),
        ('"((', ()),
        ("- | OR", ()),
        ("   ", ()),
        ("\x00", ()),
    ],
)
def test_understands(typed: str, understood: tuple[object, ...]) -> None:
    assert parts(typed) == understood


def test_a_query_is_empty_only_when_nothing_is_asked() -> None:
    assert Query("", parse_query("", TODAY).root).is_empty
    assert not parse_query("ก", TODAY).is_empty


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("15 ม.ค. 2569", date(2026, 1, 15), date(2026, 1, 15)),
        ("๑๕ มกราคม พ.ศ. ๒๕๖๙", date(2026, 1, 15), date(2026, 1, 15)),
        ("15/1/2569", date(2026, 1, 15), date(2026, 1, 15)),
        ("15/1/69", date(2026, 1, 15), date(2026, 1, 15)),
        ("2026-01-15", date(2026, 1, 15), date(2026, 1, 15)),
        ("ก.พ. 2567", date(2024, 2, 1), date(2024, 2, 29)),
        ("เดือนกุมภาพันธ์ 2568", date(2025, 2, 1), date(2025, 2, 28)),
        ("ปี 2568", date(2025, 1, 1), date(2025, 12, 31)),
        ("ปีงบประมาณ 2569", date(2025, 10, 1), date(2026, 9, 30)),
        ("เดือนที่แล้ว", date(2026, 10, 1), date(2026, 10, 31)),
        ("เดือนนี้", date(2026, 11, 1), date(2026, 11, 30)),
        ("สัปดาห์ที่แล้ว", date(2026, 11, 9), date(2026, 11, 15)),
        ("เมื่อวาน", date(2026, 11, 20), date(2026, 11, 20)),
        ("ปีที่แล้ว", date(2025, 1, 1), date(2025, 12, 31)),
        ("1 - 15 ม.ค. 2569", date(2026, 1, 1), date(2026, 1, 15)),
        ("ม.ค. - มี.ค. 2569", date(2026, 1, 1), date(2026, 3, 31)),
        ("ธ.ค. 2567 ถึง 5 ม.ค. 2569", date(2024, 12, 1), date(2026, 1, 5)),
        ("2567 - 2569", date(2024, 1, 1), date(2026, 12, 31)),
        ("ตั้งแต่ ม.ค. 2569", date(2026, 1, 1), LAST),
        ("หลัง ม.ค. 2569", date(2026, 2, 1), LAST),
    ],
)
def test_reads_days_months_years_and_ranges(typed: str, first: date, last: date) -> None:
    assert parse_period(typed, TODAY) == Period(first, last)


@pytest.mark.parametrize(
    "typed", ["", "ประชุม", "31 ก.พ. 2569", "15/13/2569", "99", "ม.ค.", "2569 - 2567", "ถึง"]
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert parse_period(typed, TODAY) is None


def test_last_month_in_january_is_december_of_the_year_before() -> None:
    assert parse_period("เดือนที่แล้ว", date(2026, 1, 31)) == Period(
        date(2025, 12, 1), date(2025, 12, 31)
    )


@pytest.mark.parametrize(
    ("typed", "period_text", "others"),
    [
        ("ประชุม ม.ค. 2569", "ม.ค. 2569", 1),
        ("ม.ค. - มี.ค. 2569 ประชุม ด่วน", "ม.ค. - มี.ค. 2569", 2),
        ("ประชุม เดือนที่แล้ว", "เดือนที่แล้ว", 1),
        ("ลงวันที่: 1 - 15 ม.ค. 2569 ประชุม", "1 - 15 ม.ค. 2569", 1),
    ],
)
def test_a_date_among_words_is_a_date(typed: str, period_text: str, others: int) -> None:
    understood = parts(typed)
    assert [part.text for part in understood if isinstance(part, Dated)] == [period_text]
    assert len(understood) == others + 1


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("ปีงบ 2569", date(2025, 10, 1), date(2026, 9, 30)),
        ("ปีงบ 69", date(2025, 10, 1), date(2026, 9, 30)),
        ("ปีงบฯ 2569", date(2025, 10, 1), date(2026, 9, 30)),
        ("ปีงบประมาณ พ.ศ. 2569", date(2025, 10, 1), date(2026, 9, 30)),
        ("ปีการศึกษา 2569", date(2026, 5, 16), date(2027, 5, 15)),
        ("ไตรมาส 1 ปีงบ 2569", date(2025, 10, 1), date(2025, 12, 31)),
        ("ไตรมาสที่ 4/2569", date(2026, 7, 1), date(2026, 9, 30)),
        ("ปี 69", date(2026, 1, 1), date(2026, 12, 31)),
        ("มกรา 69", date(2026, 1, 1), date(2026, 1, 31)),
        ("เม.ย. 69", date(2026, 4, 1), date(2026, 4, 30)),
        ("25 พฤษภา 69", date(2026, 5, 25), date(2026, 5, 25)),
        ("ระหว่าง 1 ม.ค. 2569 ถึง 15 ม.ค. 2569", date(2026, 1, 1), date(2026, 1, 15)),
    ],
)
def test_periods_among_words_are_periods(typed: str, first: date, last: date) -> None:
    (dated,) = (part for part in parts(f"ประชุม {typed}") if isinstance(part, Dated))
    assert dated.period == Period(first, last)


@pytest.mark.parametrize(
    "typed",
    ["ก่อน 1 ก.พ. 2569", "ตั้งแต่ 1 พ.ย. 2569", "หลัง ม.ค. 2569", "จนถึง ปี 2568", "ลว. 27 เม.ย. 69"],
)
def test_open_ranges_and_the_day_of_a_letter_mean_its_own_date(typed: str) -> None:
    dated, words = parts(f"{typed} ประชุม")
    assert isinstance(dated, Dated)
    assert (dated.text, dated.only_own) == (typed, True)
    assert words == Words("ประชุม")
    (spoken,) = parts("1 ก.พ. 2569")
    assert isinstance(spoken, Dated)
    assert not spoken.only_own


@pytest.mark.parametrize(
    "typed", ["ก่อน ประชุม", "ตั้งแต่", "หลัง 5", "ก่อน 2500 บาท", "ถึง 1 ม.ค. 2569", "69", "2569"]
)
def test_words_that_may_open_a_range_stay_words(typed: str) -> None:
    assert not any(
        isinstance(part, Dated) and part.text.startswith(typed[:3]) for part in parts(typed)
    )


def test_a_period_is_looked_for_as_letters_say_it() -> None:
    def said(typed: str) -> tuple[str, ...]:
        period = parse_period(typed, TODAY)
        assert period is not None
        return said_as(period, typed)

    assert said("มค 69") == ("มกราคม 2569", "มกราคม พ.ศ. 2569")
    assert said("ปีงบ 69") == ("ปีงบประมาณ 2569", "ปีงบประมาณ พ.ศ. 2569")
    assert said("ปีการศึกษา 69") == ("ปีการศึกษา 2569",)
    assert said("ปี 2568") == ("ปี 2568",)


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        ("ไข้เลือด ออก", (Words("ไข้เลือดออก"),)),
        ("ห้อง ประ ชุม ด่วน", (Words("ห้องประชุม"), Words("ด่วน"))),
        ("โรง เรียน เรื่อง:ลูก เสือ", (Words("โรงเรียน"), Words("ลูก", "subject"), Words("เสือ"))),
    ],
)
def test_spaces_inside_words_are_closed_as_another_reading(
    typed: str, closed: tuple[object, ...]
) -> None:
    other = with_closed_spaces(parse_query(typed, TODAY))
    assert other is not None
    assert other.root.parts == closed


@pytest.mark.parametrize("typed", ["ประชุม ผู้บริหาร", '"ไข้เลือด" ออก', "123 456", ""])
def test_other_spaces_stay(typed: str) -> None:
    assert with_closed_spaces(parse_query(typed, TODAY)) is None


def test_a_word_before_a_date_makes_no_number_of_its_day() -> None:
    parts = parse_query("กรอบ 10 ก.ค. 2569", date(2026, 11, 21)).root.parts
    assert parts[0] == Words("กรอบ")
    assert isinstance(parts[1], Dated)
    assert parts[1].period == Period(date(2026, 7, 10), date(2026, 7, 10))


def test_a_number_before_a_date_stays_a_number() -> None:
    number, dated = parse_query("ศธ 04001/ว 123 1 ก.ค. 2569", date(2026, 11, 21)).root.parts
    assert isinstance(number, Number)
    assert number.key == "ศธ04001/ว123"
    assert isinstance(dated, Dated)
