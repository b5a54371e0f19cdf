"""A day as people type it and as a field shows it: Thai or Arabic digits, short months, Buddhist years.

One field serves every page (`templates/_day.html`); what it gives goes no further inside than here.
"""

from __future__ import annotations

import re
from datetime import date

from classify.dates import parse_thai_date
from index.message import Message, message
from ocr.thai_text import BUDDHIST_ERA, to_arabic_digits
from pipeline import thai_form
from pipeline.web.site.language import in_english

BUDDHIST_CENTURY = 2500
FIRST_BUDDHIST_YEAR, FIRST_YEAR, LAST_YEAR = 2400, 1900, 2200
_FIGURES = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def parse_day(text: str) -> date | None:
    """Read a day as people type it: `๒๕ มี.ค. ๖๙`, `25/3/2569`, `25-03-69`; None when it is none.

    A year of two figures is Buddhist, as on letters; one of four is what it can only be.
    """
    plain = to_arabic_digits(text).strip()
    if _ISO.fullmatch(plain):
        return _day(int(plain[8:]), int(plain[5:7]), int(plain[:4]))
    numbers = _FIGURES.fullmatch(plain)
    if numbers is None:
        return parse_thai_date(plain)
    day, month, year = (int(one) for one in numbers.groups())
    return _day(day, month, year + BUDDHIST_CENTURY if year < 100 else year)


def _day(day: int, month: int, year: int) -> date | None:
    common = year - BUDDHIST_ERA if year >= FIRST_BUDDHIST_YEAR else year
    try:
        return date(common, month, day) if FIRST_YEAR <= common <= LAST_YEAR else None
    except ValueError:
        return None


def typed_day(day: date | str | None) -> str:
    """Return a day as a field shows it, in either language; what was typed and is no day stays as it is."""
    if isinstance(day, str):
        read = parse_day(day)
        return day if read is None else typed_day(read)
    return day.isoformat() if day and in_english() else thai_form.thai_date(day)


def no_day(text: str) -> Message:
    """Say that a text is no day, and how one is typed."""
    return message("อ่านวันที่ “%(text)s” ไม่ได้ โปรดพิมพ์เช่น ๒๕ มี.ค. ๖๙ หรือ 25/3/2569", text=text[:40])


def still_to_come(day: date | None, today: date) -> Message | None:
    """Ask whether a letter's date that lies ahead is meant; None for every other."""
    if day is None or day <= today:
        return None
    return message("วันที่ %(day)s ยังมาไม่ถึง หากถูกต้องแล้ว โปรดกดบันทึกอีกครั้ง", day=day)
