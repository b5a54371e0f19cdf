"""Spans of days as a clerk types them: a day, a month, a year, "last month", from … to …."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from classify.dates import find_dates, read_month
from ocr.thai_text import BUDDHIST_ERA, MONTHS, to_arabic_digits

SURE_MONTH = 0.9
YEAR_DIGITS = 4
FIRST, LAST = date(1857, 1, 1), date(2156, 12, 31)  # Buddhist years 2400 to 2699

_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(
    r"(?:เดือน\s*)?(?P<month>[ก-ฮเ][ก-๎.\s]{1,14}?)\s*(?:พ\.?\s*ศ\.?)?\s*(?P<year>\d{4}|\d{2})"
)
_ERA = r"(?:\s*พ\.?\s*ศ\.?)?"
_YEAR = re.compile(
    rf"(?P<word>ปีงบประมาณ|ปีงบ(?:ฯ|\.)?|ปีการศึกษา|ปี|year|(?=พ|\d{{4}})){_ERA}\s*(?P<year>\d{{4}}|\d{{2}})"
)
_QUARTER = re.compile(
    rf"ไตรมาส(?:ที่)?\s*(?P<quarter>[1-4])\s*(?:/|ปีงบ(?:ประมาณ|ฯ)?|ปี)?{_ERA}\s*(?P<year>\d{{4}}|\d{{2}})"
)
_BETWEEN = re.compile(r"\s*(?:ถึง|[-–—]|\bto\b)\s*")
_SINCE = re.compile(r"^(?:ตั้งแต่|หลัง|since|after|from)\s*")
_UNTIL = re.compile(r"^(?:ก่อน|จนถึง|ถึง|until|before)\s*")
_LETTERS_OWN = re.compile(r"^(?:ลงวันที่|ลว\.?(?=[\s\d])|ระหว่าง(?:วันที่)?)\s*")
_OPEN = re.compile(r"^(?:ตั้งแต่|หลัง|ก่อน|จนถึง|since|after|until|before)")
# Months as they are spoken (มกรา, กุมภา): what is left out is put back before anything is read.
_SPOKEN = {re.sub("(?:คม|ยน|พันธ์)$", "", name): name for name in MONTHS}
_SPOKEN_MONTH = re.compile(f"(?:{'|'.join(_SPOKEN)})(?![ก-๎])")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Tell whether it is one day."""
        return self.first == self.last


def parse_period(text: str, today: date) -> Period | None:
    """Read a day, month, year or range; None when the text is none of them, whole."""
    plain = re.sub(r"\s+", " ", to_arabic_digits(text)).strip().lower()
    plain = _SPOKEN_MONTH.sub(lambda match: _SPOKEN[match[0]], _LETTERS_OWN.sub("", plain))
    return _single(plain, today) or _range(plain, today)


def parse_spoken(text: str, today: date) -> Period | None:
    """Read only what is meant as a date in free text: not a bare number, nor a range of such."""
    plain = re.sub(r"\s+", " ", to_arabic_digits(text)).strip().lower()
    opened = _OPEN.match(plain)
    if opened is None and (_SINCE.match(plain) or _UNTIL.match(plain)):
        return None
    if re.fullmatch(r"\d*", plain[opened.end() :].strip() if opened else plain):
        return None
    return parse_period(plain, today)


def is_of_the_letter(text: str) -> bool:
    """Tell whether a date is said so that only the letter's own is meant: an open range, `ลว. …`."""
    plain = text.strip().lower()
    return bool(_OPEN.match(plain) or _LETTERS_OWN.match(plain))


def is_school_year(period: Period) -> bool:
    """Tell whether a period is a school year."""
    return period == _school_year(period.first.year)


def said_as(period: Period, typed: str) -> tuple[str, ...]:
    """Return how letters say a period that was typed: a month and a year of any kind written out."""
    first, year = period.first, period.last.year + BUDDHIST_ERA
    if period == _month_of(first):
        return tuple(f"{MONTHS[first.month - 1]}{era} {year}" for era in ("", " พ.ศ."))
    if period == _fiscal_year(period.last.year):
        return tuple(f"ปีงบประมาณ{era} {year}" for era in ("", " พ.ศ."))
    if is_school_year(period):
        return (f"ปีการศึกษา {first.year + BUDDHIST_ERA}",)
    return (typed,)


def _range(plain: str, today: date) -> Period | None:
    if match := _SINCE.match(plain):
        start = _single(plain[match.end() :], today)
        strictly = plain.startswith(("หลัง", "after"))
        return (
            Period(start.last + timedelta(1) if strictly else start.first, LAST) if start else None
        )
    if match := _UNTIL.match(plain):
        end = _single(plain[match.end() :], today)
        strictly = plain.startswith(("ก่อน", "before"))
        return Period(FIRST, end.first - timedelta(1) if strictly else end.last) if end else None
    for match in _BETWEEN.finditer(plain):
        start = _single(plain[: match.start()], today)
        end = _single(plain[match.end() :], today)
        if start is None and end is not None:
            start = _shortened(plain[: match.start()], plain[match.end() :], today)
        if start and end and start.first <= end.last:
            return Period(start.first, end.last)
    return None


def _shortened(left: str, right: str, today: date) -> Period | None:
    """Read the left of `1 - 15 ม.ค. 2569` or `ม.ค. - มี.ค. 2569`, which leaves the rest unsaid."""
    words = right.split(" ")
    for said in range(1, len(words)):
        if found := _single(" ".join([left, *words[said:]]), today):
            return found
    return None


def _single(plain: str, today: date) -> Period | None:
    return (
        _relative(plain, today) or _day(plain) or _month(plain) or _quarter(plain) or _year(plain)
    )


def _relative(plain: str, today: date) -> Period | None:
    spoken = re.sub(r"\s", "", plain)
    month_start = today.replace(day=1)
    week_start = today - timedelta(today.weekday())
    last_month = month_start - timedelta(1)
    spans = {
        ("วันนี้", "today"): (today, today),
        ("เมื่อวาน", "เมื่อวานนี้", "yesterday"): (today - timedelta(1), today - timedelta(1)),
        ("สัปดาห์นี้", "อาทิตย์นี้", "thisweek"): (week_start, week_start + timedelta(6)),
        ("สัปดาห์ที่แล้ว", "สัปดาห์ก่อน", "อาทิตย์ที่แล้ว", "อาทิตย์ก่อน", "lastweek"): (
            week_start - timedelta(7),
            week_start - timedelta(1),
        ),
        ("เดือนนี้", "thismonth"): (month_start, _month_end(month_start)),
        ("เดือนที่แล้ว", "เดือนก่อน", "lastmonth"): (last_month.replace(day=1), last_month),
        ("ปีนี้", "thisyear"): (date(today.year, 1, 1), date(today.year, 12, 31)),
        ("ปีที่แล้ว", "ปีก่อน", "lastyear"): (
            date(today.year - 1, 1, 1),
            date(today.year - 1, 12, 31),
        ),
    }
    for names, (first, last) in spans.items():
        if spoken in names:
            return Period(first, last)
    return None


def _day(plain: str) -> Period | None:
    if match := _ISO.fullmatch(plain):
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.fullmatch(plain):
        return _checked(int(match[3]), int(match[2]), int(match[1]))
    stripped = re.sub(r"^วันที่\s*|^ลงวันที่\s*", "", plain)
    readings = find_dates(stripped)
    if len(readings) == 1 and (readings[0].start, readings[0].end) == (0, len(stripped)):
        return Period(readings[0].value, readings[0].value)
    return None


def _checked(year: int, month: int, day: int) -> Period | None:
    common = _common_era(year)
    try:
        found = date(common, month, day) if common else None
    except ValueError:
        return None
    return Period(found, found) if found else None


def _month(plain: str) -> Period | None:
    match = _MONTH.fullmatch(plain)
    month = read_month(match["month"].strip()) if match else None
    year = _common_era(int(match["year"])) if match else None
    if month is None or year is None or month[1] < SURE_MONTH:
        return None
    return _month_of(date(year, month[0], 1))


def _month_of(first: date) -> Period:
    return Period(first.replace(day=1), _month_end(first))


def _quarter(plain: str) -> Period | None:
    """Read a quarter of a fiscal year: the first is October to December of the year before."""
    match = _QUARTER.fullmatch(plain)
    year = _common_era(int(match["year"])) if match else None
    if match is None or year is None:
        return None
    first, quarter = date(year - 1, 10, 1), int(match["quarter"])
    if quarter > 1:
        first = date(year, 3 * quarter - 5, 1)
    return Period(first, _month_end(first.replace(month=first.month + 2)))


def _year(plain: str) -> Period | None:
    match = _YEAR.fullmatch(plain)
    year = _common_era(int(match["year"])) if match else None
    if match is None or year is None or (not match["word"] and len(match["year"]) < YEAR_DIGITS):
        return None
    if match["word"].startswith("ปีงบ"):
        return _fiscal_year(year)
    if match["word"] == "ปีการศึกษา":
        return _school_year(year)
    return Period(date(year, 1, 1), date(year, 12, 31))


def _fiscal_year(year: int) -> Period:
    """Return a fiscal year, named by the year it ends in (พ.ร.บ.วิธีการงบประมาณ)."""
    return Period(date(year - 1, 10, 1), date(year, 9, 30))


def _school_year(year: int) -> Period:
    """Return a school year, 16 May to 15 May (ระเบียบ ศธ. ว่าด้วยปีการศึกษา พ.ศ. 2549)."""
    return Period(date(year, 5, 16), date(year + 1, 5, 15))


def _common_era(year: int) -> int | None:
    if year < 100:
        year += 2500
    if 2400 <= year <= 2699:
        return year - BUDDHIST_ERA
    return year if FIRST.year <= year <= LAST.year else None


def _month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
