"""What a clerk types into a field, and what the register keeps of it; a refusal is a Thai sentence.

Thai digits and days as people write them (`typed_day`) go no further inside than here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from classify.letter import Kind, Secrecy, Urgency
from index.registered_letter import RegisteredLetter
from ocr.thai_text import to_arabic_digits
from pipeline import thai_form
from pipeline.web.site.language import Marked, _, figures, mark, render
from pipeline.web.site.typed_day import no_day, parse_day, still_to_come, typed_day

MOST_CHARACTERS = 1000
NONE = mark("ไม่มี")


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
    """What the register is to keep (None: leave it as it is), or why that cannot be, in Thai.

    `asked` says that the problem is a question, which the same answer given again settles.
    """

    value: str | None
    problem: str = ""
    asked: bool = False


def control_for(name: str, letter: RegisteredLetter) -> Control | None:
    """Return how a field is corrected; None for what is not typed (the group, the pages)."""
    if name == "date":
        return Control(name, Shape.DATE, typed_day(letter.date))
    if name in _CHOICES:
        return Control(name, Shape.CHOICE, str(getattr(letter, name)), _CHOICES[name])
    if name in ("number", "sender", "recipient", "subject"):
        value = str(getattr(letter, name))
        return Control(name, Shape.TEXT, figures(value) if name == "number" else value)
    return None


def read_typed(
    name: str, text: str, letter: RegisteredLetter, *, today: date, sure: str = ""
) -> Typed:
    """Turn what was typed into what the register keeps.

    A day that lies ahead is asked about once: `sure` is the text that was asked about and given again.
    """
    text = " ".join(text.split())
    control = control_for(name, letter)
    if control is None or text == control.value:
        return Typed(None)
    if len(text) > MOST_CHARACTERS:
        return Typed(None, _("ยาวเกินไป พิมพ์ได้ไม่เกิน %(most)s ตัวอักษร", most=figures(MOST_CHARACTERS)))
    if control.shape is Shape.DATE:
        return _read_date(text, today, sure)
    if control.shape is Shape.CHOICE:
        known = text in dict(control.choices)
        return Typed(text) if known else Typed(None, _("โปรดเลือกจากรายการ"))
    return Typed(to_arabic_digits(text) if name == "number" else text)


def _read_date(text: str, today: date, sure: str) -> Typed:
    if not text:
        return Typed("")
    day = parse_day(text)
    if day is None:
        return Typed(None, render(no_day(text)))
    asked = still_to_come(day, today)
    if asked is not None and sure != text:
        return Typed(None, render(asked), asked=True)
    return Typed(day.isoformat())


_CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "urgency": tuple((one.value, Marked(one.value or NONE)) for one in Urgency),
    "secrecy": tuple((one.value, Marked(one.value or NONE)) for one in Secrecy),
    "kind": tuple((one.value, Marked(thai_form.kind_name(one.value))) for one in Kind),
}
