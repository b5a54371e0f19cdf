"""Reading Thai dates: Thai or Arabic digits, full, short and misread months, Buddhist years.

The variants are those seen on real letters and in citations: `๑๕ มกราคม ๒๕๖๙`, `๑ เมษายน พ.ศ. ๒๕๖๙`,
`ลว 31 พ.ค.2544`, `ลว. 15 ก.ย. 48`, `25ตค.61`, `18 กย 2568`, `๕ เดือน มีนาคม พุทธศักราช ๒๕๖๙`,
`15/01/2569`, `15 January 2026`, `January 15, 2026`, and leader dots between the parts (`...๕...เดือน...มีนาคม...`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from classify.fuzzy import edit_distance, skeleton
from ocr.thai_text import BUDDHIST_ERA, MONTHS, SHORT_MONTHS, THAI_DIGITS, to_arabic_digits

UNDOTTED_MONTHS = tuple(month.replace(".", "") for month in SHORT_MONTHS)  # มค, กพ …
_MONTH_SKELETONS = tuple(skeleton(month) for month in MONTHS)
_WEAKER_WITHOUT_MARKS = 0.97

_DATE = re.compile(
    r"(?P<day>\d(?<!\d\d)(?<!\d[.,/ก-๎]\d)(?:\s?\d)?)[\s.…]*(?:เดือน[\s.…]*)?"
    r"(?P<month>[ก-ฮเ][ก-ฮะ-ฺเ-์ํ๎.\s]{0,16}?)[\s.…]*"
    r"(?P<era>พ\s*\.?\s*ศ\s*\.?|ค\s*\.?\s*ศ\s*\.?|พุทธศักราช|คริสต์ศักราช)?[\s.…]*"
    r"(?P<year>\d{5}|\d(?:\s?\d){3}|\d\d)(?![\d/])"
)
_DOUBLED = re.compile(r"(\d)\1")
_YEAR_DOUBLED = 0.5  # so sure is a year that was read with a figure too many
# `15/01/2569`, day first as Thai offices write it; never a piece of a number (`0405/12/2568`).
_FIGURES = re.compile(
    r"(?P<day>\d(?<![\d./ก-๎-]\d)\d?)\s?(?P<mark>[/.-])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?"
    r"(?P<year>\d{4})(?![\d/])"
)
_ENGLISH_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ENGLISH_MONTH = r"(?P<month>[A-Za-z](?<!\w[A-Za-z])[A-Za-z]{2,8})\.?"
_ENGLISH = (
    re.compile(
        r"(?P<day>\d(?<!\d\d)\d?)(?:st|nd|rd|th)?\s*(?P<month>[A-Za-z]{3,9})\.?,?\s*(?P<year>\d{4})(?!\d)"
    ),
    re.compile(
        rf"{_ENGLISH_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)"
    ),
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """A date in a text: its place, and how far the month name and the year can be trusted (0 to 1).

    `common_era` tells that the year was printed as a common-era year, which a letter seldom does.
    `is_thai` is False for a date in figures or with an English month.
    """

    value: date
    start: int
    end: int
    confidence: float
    common_era: bool = False
    is_thai: bool = True


@lru_cache(maxsize=4096)  # the same few come again, some misread
def read_month(text: str) -> tuple[int, float] | None:
    """Read a month's name, full, short or slightly misread; return (1 to 12, confidence) or None."""
    plain = re.sub(r"[.\s]", "", text)
    if plain in MONTHS:
        return MONTHS.index(plain) + 1, 1.0
    if plain in UNDOTTED_MONTHS:
        return UNDOTTED_MONTHS.index(plain) + 1, 1.0
    bones = skeleton(plain)
    if bones in _MONTH_SKELETONS:
        return _MONTH_SKELETONS.index(bones) + 1, _WEAKER_WITHOUT_MARKS
    if len(bones) < 4:
        return None
    ranked = sorted(
        (edit_distance(bones, name, 2), number) for number, name in enumerate(_MONTH_SKELETONS, 1)
    )
    (best, number), (second, _) = ranked[0], ranked[1]
    if best > (1 if len(bones) < 6 else 2) or best == second:
        return None
    return number, 0.9 if best == 1 else 0.7


def find_dates(text: str) -> tuple[DateReading, ...]:
    """Return every date in `text`, in order; impossible ones (31 February, year 1200) are left out."""
    plain = to_arabic_digits(text)
    readings: list[DateReading] = []
    place = 0
    while match := _DATE.search(plain, place):
        reading = _reading(match, text)
        if reading is None:
            place = match.start() + 1
        else:
            readings.append(reading)
            place = match.end()
    for pattern in (_FIGURES, *_ENGLISH):
        for match in pattern.finditer(plain):
            reading = _foreign_reading(match)
            if reading is not None and not any(_overlap(reading, other) for other in readings):
                readings.append(reading)
    return tuple(sorted(readings, key=lambda reading: reading.start))


def _overlap(one: DateReading, other: DateReading) -> bool:
    return one.start < other.end and other.start < one.end


def _foreign_reading(match: re.Match[str]) -> DateReading | None:
    """Read a date in figures or with an English month; an English one has a common-era year by right."""
    name = match["month"].lower()
    english = not name.isdigit()
    months = [n for n, full in enumerate(_ENGLISH_MONTHS, 1) if full == name or full[:3] == name]
    month = (months[0] if months else 0) if english else int(name)
    year = _common_era_year(match["year"], None)
    if year is None:
        return None
    try:
        value = date(year[0], month, int(match["day"]))
    except ValueError:
        return None
    return DateReading(
        value, match.start(), match.end(), 1.0, common_era=year[1] and not english, is_thai=False
    )


def parse_thai_date(text: str) -> date | None:
    """Return the first date in `text`, or None when there is none (or an impossible one)."""
    readings = find_dates(text)
    return readings[0].value if readings else None


def month_and_year(text: str) -> tuple[int, int] | None:
    """Return (month, common-era year) of a date whose day cannot be read, or None."""
    plain = to_arabic_digits(text)
    for match in re.finditer(
        r"(?P<month>[ก-ฮเ][ก-๎.]{1,14})\s*(?:พ\.?\s*ศ\.?)?\s*(?P<year>\d{4})(?!\d)", plain
    ):
        month = read_month(match["month"])
        year = _common_era_year(match["year"], None)
        if month and year:
            return month[0], year[0]
    return None


def format_thai_date(value: date) -> str:
    """Write a date as a letter prints it: `15 มกราคม 2569`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year + BUDDHIST_ERA}"


def _reading(match: re.Match[str], text: str) -> DateReading | None:
    month = read_month(match["month"])
    printed_year, sure = _without_doubled(match["year"])
    year = _common_era_year(printed_year, match["era"])
    if month is None or year is None:
        return None
    day_text = match["day"]
    try:
        value = date(year[0], month[0], int(re.sub(r"\s", "", day_text)))
    except ValueError:
        return None
    confidence = sure * month[1] * (0.8 if re.search(r"\s", day_text + match["year"]) else 1.0)
    if _looks_handwritten(text[max(0, match.start("day") - 1) : match.end()], match):
        confidence *= 0.6
    return DateReading(value, match.start(), match.end(), confidence, common_era=year[1])


def _without_doubled(year: str) -> tuple[str, float]:
    """Return a year of four figures and how sure it is: the reader may see one twice (`๒๕๕๖๘`)."""
    if len(year) != 5:
        return year, 1.0
    return _DOUBLED.sub(r"\1", year, count=1), _YEAR_DOUBLED


def _looks_handwritten(printed: str, match: re.Match[str]) -> bool:
    """Tell whether the day looks written by hand: dirt glued to it, or its digits of another script."""
    before = printed[0] if match.start("day") else " "
    scripts = {char in THAI_DIGITS for char in printed if char.isdigit()}
    dirty = not (before.isspace() or before in "." or "ก" <= before <= "๎")
    return dirty or len(scripts) > 1


def _common_era_year(digits: str, era: str | None) -> tuple[int, bool] | None:
    """Return (common-era year, whether it was printed as one); None when it cannot be a year."""
    number = int(re.sub(r"\s", "", digits))
    if era is not None and era.lstrip().startswith("ค"):
        return (number, True) if 1900 <= number <= 2100 else None
    if number < 100:
        return number + 2500 - BUDDHIST_ERA, False
    if 2400 <= number <= 2700:
        return number - BUDDHIST_ERA, False
    if 1900 <= number <= 2100:
        return number, True
    return None
