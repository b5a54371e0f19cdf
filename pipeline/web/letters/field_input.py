"""What a clerk types into a field, and what the register keeps of it; a refusal is a Thai sentence.

Thai digits, short months and Buddhist years are understood here and go no further inside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from classify.dates import parse_thai_date
from classify.letter import Kind, Secrecy, Urgency
from index.registered_letter import RegisteredLetter
from ocr.thai_text import to_arabic_digits
from pipeline import thai_form
from pipeline.web.site.language import Marked, _, figures, in_english, mark

MOST_CHARACTERS = 1000
BUDDHIST_CENTURY = 2500
NONE = mark("ไม่มี")
_FIGURES = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


class Shape(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Control:
    """One field to fill in: its value as the clerk sees it, and what may be chosen (value, label)."""

    name: str
    shape: Shape
    value: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What the register is to keep (None: leave it as it is), or why that cannot be, in Thai."""

    value: str | None
    problem: str = ""


def control_for(name: str, letter: RegisteredLetter) -> Control | None:
    """Return how a field is corrected; None for what is not typed (the group, the pages)."""
    if name == "date":
        return Control(name, Shape.DATE, _typed_day(letter.date))
    if name in _CHOICES:
        return Control(name, Shape.CHOICE, str(getattr(letter, name)), _CHOICES[name])
    if name in ("number", "sender", "recipient", "subject"):
        value = str(getattr(letter, name))
        return Control(name, Shape.TEXT, figures(value) if name == "number" else value)
    return None


def _typed_day(day: date | None) -> str:
    """Return a day as it may be typed, in either language."""
    return day.isoformat() if day and in_english() else thai_form.thai_date(day)


def read_typed(name: str, text: str, letter: RegisteredLetter) -> Typed:
    """Turn what was typed into what the register keeps."""
    text = " ".join(text.split())
    control = control_for(name, letter)
    if control is None or text == control.value:
        return Typed(None)
    if len(text) > MOST_CHARACTERS:
        return Typed(None, _("ยาวเกินไป พิมพ์ได้ไม่เกิน %(most)s ตัวอักษร", most=figures(MOST_CHARACTERS)))
    if control.shape is Shape.DATE:
        return _read_date(text)
    if control.shape is Shape.CHOICE:
        known = text in dict(control.choices)
        return Typed(text) if known else Typed(None, _("โปรดเลือกจากรายการ"))
    return Typed(to_arabic_digits(text) if name == "number" else text)


def _read_date(text: str) -> Typed:
    if not text:
        return Typed("")
    day = parse_day(text)
    if day is None:
        return Typed(None, _("อ่านวันที่ “%(text)s” ไม่ได้ พิมพ์เป็น ๒๕ มี.ค. ๖๙ หรือ 25/3/2569", text=text))
    return Typed(day.isoformat())


def parse_day(text: str) -> date | None:
    """Read a day as people type it: `๒๕ มี.ค. ๖๙`, `25/3/2569`, `25-03-69`; None when it is none.

    A year of two figures is Buddhist, as on letters.
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
    common = year - thai_form.BUDDHIST_ERA if year >= 2400 else year
    try:
        return date(common, month, day) if 1900 <= common <= 2200 else None
    except ValueError:
        return None


_CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "urgency": tuple((one.value, Marked(one.value or NONE)) for one in Urgency),
    "secrecy": tuple((one.value, Marked(one.value or NONE)) for one in Secrecy),
    "kind": tuple((one.value, Marked(thai_form.kind_name(one.value))) for one in Kind),
}
