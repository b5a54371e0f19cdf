"""By when a letter wants something done, as its text says it: `รายงานภายในวันที่ ๒๘ กุมภาพันธ์`. Always a proposal.

A day without a year is the first such day from the letter's own date on; `ก่อนวันที่` means the day before.
`ภายใน ๗ วัน นับแต่วันที่ได้รับ` counts from the day of receipt; working days are left to people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from classify.dates import find_dates, read_month
from ocr.thai_text import to_arabic_digits

_CUE = re.compile(
    r"(?P<cue>ภายใน|ก่อน|ไม่เกิน|ไม่ช้ากว่า|อย่างช้า)\s*(?P<day>วัน\s*[ก-ฮะ-ู็-๎]{0,12}\s*ที่|วันที่)?\s*(?=\d)"
)
_WITHOUT_YEAR = re.compile(r"(?P<day>\d{1,2})\s*(?:เดือน\s*)?(?P<month>[ก-ฮเ][ก-ฮะ-ฺเ-์.]{1,11})")
_FROM_RECEIPT = re.compile(r"(?P<days>\d{1,3})\s*วัน\s*นับ\s*(?:แต่|จาก|ตั้งแต่)\s*วันที่\s*(?:ได้\s*)?รับ")
_BEFORE = "ก่อน"
_LONGEST_DAYS = 400
"""What is further ahead is the end of a project or of a contract."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day (included), the words that say it, and where in the text they stand."""

    value: date
    words: str
    start: int
    end: int


def find_due_days(text: str, *, written: date, received: date) -> tuple[DueDay, ...]:
    """Return the days a text asks for, soonest first, each once; those before `written` are of another matter."""
    found: dict[date, DueDay] = {}
    for one in _readings(text, written, received):
        if written <= one.value <= written + timedelta(days=_LONGEST_DAYS):
            found.setdefault(one.value, one)
    return tuple(sorted(found.values(), key=lambda one: one.value))


def _readings(text: str, written: date, received: date) -> Iterator[DueDay]:
    plain = to_arabic_digits(text).replace("\n", " ")
    for cue in _CUE.finditer(plain):
        read = _day_at(plain, cue.end(), written, received)
        if read is None:
            continue
        day, end = read
        if cue["cue"] == _BEFORE:
            day -= timedelta(days=1)
        words = " ".join(text[cue.start() : end].split())
        yield DueDay(day, words, cue.start(), end)


def _day_at(plain: str, start: int, written: date, received: date) -> tuple[date, int] | None:
    """Read the day that begins at `start`; return it and where it ends."""
    counted = _FROM_RECEIPT.match(plain, start)
    if counted:
        return received + timedelta(days=int(counted["days"])), counted.end()
    whole = next(iter(find_dates(plain[start : start + 60])), None)
    if whole is not None and whole.start == 0:
        return whole.value, start + whole.end
    part = _WITHOUT_YEAR.match(plain, start)
    month = read_month(part["month"]) if part else None
    if part is None or month is None:
        return None
    for year in (written.year, written.year + 1):
        try:
            day = date(year, month[0], int(part["day"]))
        except ValueError:
            continue
        if day >= written:
            return day, part.end()
    return None
