"""A Thai date is read in every form letters print, and an impossible one is not read at all."""

from __future__ import annotations

from datetime import date

import pytest

from classify import format_thai_date, parse_thai_date
from classify.dates import find_dates, month_and_year, read_month


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("๑๕ มกราคม ๒๕๖๙", date(2026, 1, 15)),
        ("ประกาศ ณ วันที่ ๑ เมษายน พ.ศ. ๒๕๖๙", date(2026, 4, 1)),
        ("ลว 31 พ.ค.2544", date(2001, 5, 31)),
        ("ลว. 15 ก.ย. 48", date(2005, 9, 15)),
        ("ว19 ลว.25ตค.61", date(2018, 10, 25)),
        ("18 กย 2568", date(2025, 9, 18)),
        ("๕  ธันวาคม   ๒๕๖๙", date(2026, 12, 5)),
        ("๒๕มิถุนายน๒๕๖๕", date(2022, 6, 25)),
        ("วันที่ 15 ม.ค. 69 เวลา 10.57 น.", date(2026, 1, 15)),
        ("29 กุมภาพันธ์ 2567", date(2024, 2, 29)),
        ("วันที่ ๑๕ เดือน มกราคม พ.ศ. ๒๕๖๙", date(2026, 1, 15)),
        ("ให้ไว้ ณ วันที่ ๕ เดือน กุมภาพันธ์ พุทธศักราช ๒๕๖๘", date(2025, 2, 5)),
        ("วันที่ ๒ เดือนมีนาคม ๒๕๖๙", date(2026, 3, 2)),
        ("15/01/2569", date(2026, 1, 15)),
        ("๕/๑/๒๕๖๙", date(2026, 1, 5)),
        ("15-01-2569", date(2026, 1, 15)),
        ("15 ม.ค. 69", date(2026, 1, 15)),
        ("15 January 2026", date(2026, 1, 15)),
        ("January 15, 2026", date(2026, 1, 15)),
        ("15th Jan. 2026", date(2026, 1, 15)),
    ],
)
def test_a_variant_is_read(printed: str, value: date) -> None:
    assert parse_thai_date(printed) == value


@pytest.mark.parametrize(
    "printed",
    [
        "31 กุมภาพันธ์ 2567",
        "29 กุมภาพันธ์ 2566",
        "98 มีนาคม 2551",
        "15 มกราคม 1269",
        "๑๕ เดือน ๒๕๖๙",
        "2ง5 กันยายน 2550",
        "31/02/2569",
        "กค 0405/12/2568",
        "โทร. 02-28-2569",
        "15 Janitor 2026",
        "",
    ],
)
def test_an_impossible_date_is_not_read(printed: str) -> None:
    assert parse_thai_date(printed) is None


def test_a_misread_month_is_read_with_less_trust() -> None:
    (reading,) = find_dates("๕ มีนาดม ๒๕๖๗")
    assert reading.value == date(2024, 3, 5)
    assert reading.confidence < 1.0


def test_months_that_look_alike_are_not_guessed() -> None:
    assert read_month("มกรคม") == (1, 0.9)
    assert read_month("มกาคม") is None  # one letter from มกราคม and one from มีนาคม
    assert read_month("คม") is None
    assert read_month("กXค") is None


def test_a_year_of_the_common_era_is_told() -> None:
    (reading,) = find_dates("15 มกราคม 2026")
    assert reading.value == date(2026, 1, 15)
    assert reading.common_era


def test_a_day_written_by_hand_into_a_printed_date_is_trusted_less() -> None:
    (mixed,) = find_dates("๒ ตุลาคม 2550")
    (dirty,) = find_dates("%5 มีนาคม 2551")
    assert mixed.confidence < 0.9
    assert dirty.confidence < 0.9


def test_month_and_year_are_found_where_the_day_is_unreadable() -> None:
    assert month_and_year("@ มีนาคม ๒๕๕๑") == (3, 2008)
    assert month_and_year("ปีงบประมาณ") is None


def test_a_date_is_written_as_letters_print_it() -> None:
    assert format_thai_date(date(2026, 1, 15)) == "15 มกราคม 2569"


def test_only_a_date_in_figures_is_doubted_for_its_common_era_year() -> None:
    (figures,), (english,) = find_dates("15/01/2026"), find_dates("15 January 2026")
    assert figures.common_era and not english.common_era


def test_a_date_in_two_languages_is_found_in_the_order_it_stands_in() -> None:
    found = find_dates("15 January 2026 (๑๖ มกราคม ๒๕๖๙)")
    assert [one.value.day for one in found] == [15, 16]


@pytest.mark.parametrize("printed", ["๑๒ พฤศจิกายน ๒๕๕๖๘", "๑๒ พฤศจิกายน ๒๒๕๖๘", "๑๒ พฤศจิกายน ๒๕๖๖๘"])
def test_a_year_read_with_a_figure_twice_is_proposed_and_hardly_trusted(printed: str) -> None:
    (reading,) = find_dates(printed)
    assert reading.value == date(2025, 11, 12)
    assert reading.confidence <= 0.5


def test_a_year_of_five_other_figures_is_no_year() -> None:
    assert find_dates("๑๒ พฤศจิกายน ๒๕๖๘๙") == ()
