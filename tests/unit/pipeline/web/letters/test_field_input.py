"""What a clerk types is understood as she writes it; what it cannot mean is refused in Thai."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from classify.letter import Found, Kind, Letter, Secrecy, Urgency
from index.choices import Step
from index.deadlines import load_periods
from index.registered_letter import RegisteredLetter, RegisterNumber
from pipeline.web.letters.field_input import Typed, control_for, read_typed
from pipeline.web.site.time_left import time_left
from pipeline.web.site.typed_day import parse_day, typed_day
from tests.keeping import NOW

LETTER = RegisteredLetter(
    letter_id=1,
    register_number=RegisterNumber(1, 2569),
    revision=1,
    received_at=NOW,
    number="ศธ 04001/ว 123",
    date=date(2026, 1, 5),
    sender="สำนักงานสมมติ",
    recipient="ผู้อำนวยการ",
    subject="การประชุม",
    kind=Kind.EXTERNAL,
    urgency=Urgency.MOST_URGENT,
    secrecy=Secrecy.NONE,
    group="admin",
    retention_class="R10",
    text="",
    sha256="0" * 64,
    is_secret=False,
    review=(),
)


def typed(name: str, text: str, sure: str = "") -> Typed:
    return read_typed(name, text, LETTER, today=NOW.date(), sure=sure)


@pytest.mark.parametrize(
    "text",
    [
        "๒๕ มี.ค. ๖๙",
        "25/3/2569",
        "25/03/69",
        "๒๕/๓/๒๕๖๙",
        "25-3-2026",
        "25.3.69",
        "2026-03-25",
        "25 มีนาคม 2569",
        "25 มีค 69",
        " วันที่ ๒๕ มีนาคม พ.ศ. ๒๕๖๙ ",
    ],
)
def test_a_day_is_understood_as_people_write_it(text: str) -> None:
    assert parse_day(text) == date(2026, 3, 25)


@pytest.mark.parametrize("text", ["31/2/2569", "25/13/69", "เมื่อวาน", "25", "25/3/300", "๒๕ มี.ค."])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert parse_day(text) is None
    assert "อ่านวันที่" in typed("date", text).problem


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("date", "๕ ม.ค. ๒๕๖๙", None),
        ("date", "", ""),
        ("number", "ศธ ๐๔๐๐๑/ว ๑๒๓", None),
        ("number", "ศธ ๐๔๐๐๑/ว ๑๒๔", "ศธ 04001/ว 124"),
        ("subject", "ปี ๒๕๖๙", "ปี ๒๕๖๙"),
        ("urgency", "", ""),
        ("kind", "order", "order"),
        ("group", "plan", None),
    ],
)
def test_what_the_register_keeps(name: str, text: str, kept: str | None) -> None:
    read = typed(name, text)
    assert (read.value, read.problem) == (kept, "")


def test_a_date_that_lies_ahead_is_asked_about_once_in_buddhist_years() -> None:
    asked = typed("date", "16/1/2569")
    assert (asked.value, asked.asked) == (None, True)
    assert "๑๖ มกราคม ๒๕๖๙" in asked.problem
    assert typed("date", "17/1/2569", sure="16/1/2569").asked, "another day is asked about again"
    assert typed("date", "16/1/2569", sure="16/1/2569") == Typed("2026-01-16")
    assert typed("date", "15/1/2569") == Typed("2026-01-15"), "today has come"


def test_a_field_shows_a_day_as_it_is_typed_and_keeps_what_is_none() -> None:
    assert [typed_day(one) for one in (date(2026, 3, 25), "2026-03-25", "25/3/69")] == [
        "๒๕ มี.ค. ๒๕๖๙"
    ] * 3
    assert [typed_day(one) for one in (None, "", "31/2/2569")] == ["", "", "31/2/2569"]


@pytest.mark.parametrize("name", ["number", "date", "sender", "subject", "urgency", "kind"])
def test_what_is_shown_and_sent_back_changes_nothing(name: str) -> None:
    control = control_for(name, LETTER)
    assert control is not None
    assert typed(name, control.value).value is None


def left_of(letter: RegisteredLetter, now: datetime) -> str:
    left = time_left(letter, load_periods(), now)
    return left.text if left else ""


@pytest.mark.parametrize(
    ("later", "text"),
    [
        (timedelta(), "เหลือเวลา ๓๐ นาที"),
        (timedelta(minutes=29, seconds=30), "เหลือเวลาไม่ถึง ๑ นาที"),
        (timedelta(minutes=30, seconds=9), "ครบกำหนดแล้ว"),
        (timedelta(minutes=31), "เลยกำหนด ๑ นาที"),
        (timedelta(hours=3), "เลยกำหนด ๒ ชม. ๓๐ นาที"),
        (timedelta(days=3), "เลยกำหนด ๒ วัน"),
    ],
)
def test_the_time_left_runs_from_the_receipt(later: timedelta, text: str) -> None:
    assert left_of(LETTER, NOW + later) == text


def test_nothing_is_left_of_what_is_not_urgent_or_done_or_hidden() -> None:
    for letter in (
        replace(LETTER, urgency=Urgency.NONE),
        replace(LETTER, step=Step.DONE),
        replace(LETTER, cancelled=True),
        replace(LETTER, is_secret=True),
    ):
        assert left_of(letter, NOW) == ""


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("ภายในวันที่ ๑๕ มกราคม ๒๕๖๙ เวลา ๑๑.๓๐ น.", "เหลือเวลา ๒ ชม."),
        ("๑๖.๓๐ น.", "เหลือเวลา ๗ ชม."),
        ("๑๕ มกราคม ๒๕๖๙", "เหลือเวลา ๑๔ ชม. ๒๙ นาที"),
        ("โดยเร็ว", "เหลือเวลา ๓๐ นาที"),
    ],
)
def test_a_moment_that_the_letter_names_goes_before_the_table(printed: str, text: str) -> None:
    read = Letter(
        kind=Found(Kind.EXTERNAL, "", 0.9, None, None, ""),
        urgent_until=Found(printed, printed, 0.9, 1, None, ""),
    )
    assert left_of(replace(LETTER, letter=read), NOW) == text
