"""The stretch of days that a book is printed for: one day, a month, a year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from classify.dates import format_thai_date
from ocr.thai_text import BUDDHIST_ERA, MONTHS, SHORT_MONTHS

FIRST_BUDDHIST_YEAR = 2400
"""A year as high as this is of the Buddhist era, whoever typed it."""


@dataclass(frozen=True, slots=True)
class Days:
    """Both ends included; `words` is how a form's head says it, with Arabic digits."""

    first: date
    last: date
    words: str

    @property
    def is_one_day(self) -> bool:
        """Tell whether the book is of a single day."""
        return self.first == self.last

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the first and the last moment, in the office's zone."""
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last, time.max, zone),
        )


def one_day(day: date) -> Days:
    """Return a single day."""
    return Days(day, day, head_of_day(day))


def one_month(year: int, month: int) -> Days:
    """Return a month; the year is Gregorian."""
    last = date(year, month, calendar.monthrange(year, month)[1])
    words = f"เดือน {MONTHS[month - 1]} พ.ศ. {year + BUDDHIST_ERA}"
    return Days(date(year, month, 1), last, words)


def one_year(year: int) -> Days:
    """Return a calendar year; the year is Gregorian."""
    words = f"ปี พ.ศ. {year + BUDDHIST_ERA}"
    return Days(date(year, 1, 1), date(year, 12, 31), words)


def head_of_day(day: date) -> str:
    """Write a day as the head of the books does: `วันที่ 21 เดือน พฤศจิกายน พ.ศ. 2569`."""
    year = day.year + BUDDHIST_ERA
    return f"วันที่ {day.day} เดือน {MONTHS[day.month - 1]} พ.ศ. {year}"


def short_date(day: date | None) -> str:
    """Write a day for a narrow column, `21 พ.ย. 2569`; nothing for no day."""
    if day is None:
        return ""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"


def long_date(day: date | None) -> str:
    """Write a day in full, `21 พฤศจิกายน 2569`; nothing for no day."""
    return "" if day is None else format_thai_date(day)


_WRITTEN: tuple[tuple[re.Pattern[str], Callable[..., Days]], ...] = (
    (
        re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
        lambda year, month, day: one_day(date(year, month, day)),
    ),
    (re.compile(r"(\d{4})-(\d{1,2})"), one_month),
    (re.compile(r"(\d{4})"), one_year),
)


def parse_days(text: str) -> Days:
    """Read `2569-11-21`, `2569-11` or `2569` (years of either era); ValueError on anything else."""
    for pattern, make in _WRITTEN:
        match = pattern.fullmatch(text.strip())
        if match:
            year, *rest = (int(part) for part in match.groups())
            if year >= FIRST_BUDDHIST_YEAR:
                year -= BUDDHIST_ERA
            return make(year, *rest)
    raise ValueError(
        f"not a day, a month or a year: {text!r}; write it as 2569-11-21, 2569-11 or 2569"
    )
