"""Dates, times, numbers and codes as the reader of a page knows them: Thai, or English if chosen.

The template filters keep the names of what they are in Thai (`thai_digits`, `thai_date`). In English
digits are Arabic and days Gregorian (`21 Nov 2026`); register numbers keep their Buddhist year,
which is part of the number. What is printed or stamped uses `thai_form` itself.
"""

from __future__ import annotations

from datetime import date, datetime

from index.choices import BookName
from index.visibility import SECRET_PLACEHOLDER, UNREAD_PLACEHOLDER
from ocr.thai_text import BUDDHIST_ERA
from ocr.thai_text import MONTHS as THAI_MONTHS
from pipeline import thai_form
from pipeline.web.site.language import _, figures, in_english, translated
from pipeline.web.site.names import BOOK_NAMES
from pipeline.web.site.typed_day import typed_day

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(when: date | None) -> str:
    """Return `๑๕ ม.ค. ๒๕๖๙` or `15 Jan 2026`, or nothing for no day."""
    if when is None or not in_english():
        return thai_form.thai_date(when)
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def moment(when: datetime | None) -> str:
    """Return `๑๕ ม.ค. ๒๕๖๙ ๑๓.๔๕ น.` or `15 Jan 2026, 13:45`; it is in the office's time zone."""
    if when is None or not in_english():
        return thai_form.thai_moment(when)
    return f"{day(when.date())}, {when:%H:%M}"


def short_moment(when: datetime) -> str:
    """Return `๑๕ ม.ค. ๑๓.๔๕ น.` or `15 Jan, 13:45`: a list's rows say their year in the register number."""
    shown, year = moment(when), day(when.date()).rpartition(" ")[2]
    return shown.replace(f" {year}", "", 1)


def month_name(month: int) -> str:
    """Return a month of 1 to 12 by its name."""
    return (MONTHS if in_english() else THAI_MONTHS)[month - 1]


def month_and_year(when: date) -> str:
    """Return `มกราคม ๒๕๖๙` or `January 2026`."""
    year = when.year if in_english() else when.year + BUDDHIST_ERA
    return f"{month_name(when.month)} {figures(year)}"


def kind_name(kind: str) -> str:
    """Return what a kind of letter is called."""
    return translated(thai_form.kind_name(kind))


def field_name(field: str) -> str:
    """Return the label a field is known by."""
    return translated(thai_form.field_name(field))


def percent(share: float) -> str:
    """Return a probability as `๙๗%` or `97%`; see `thai_form.percent`."""
    return f"{thai_form.whole_percent(share)}%" if in_english() else thai_form.percent(share)


def buddhist_year(year: int) -> int:
    """Return the Buddhist year of a Gregorian one, as addresses and typed years have it."""
    return year + BUDDHIST_ERA


def gregorian_year(year: int) -> int:
    """Return the Gregorian year of a Buddhist one."""
    return year - BUDDHIST_ERA


def thai_year(year: int | None) -> str:
    """Return a Gregorian year as `๒๕๖๙`, or in English as it is; nothing for none."""
    if year is None:
        return ""
    return str(year) if in_english() else thai_form.thai_digits(year + BUDDHIST_ERA)


def subject_line(subject: str) -> str:
    """Return a letter's subject, which is never translated, or what is shown in place of one."""
    if not subject:
        return _("(ไม่มีชื่อเรื่อง)")
    return translated(subject) if subject in (SECRET_PLACEHOLDER, UNREAD_PLACEHOLDER) else subject


def short_group(name: str) -> str:
    """Return a group's name as a narrow column has it: without the word that all begin with."""
    return name if in_english() else thai_form.short_group(name)


def book_name(book: BookName) -> str:
    """Return what a book is called."""
    return translated(BOOK_NAMES[book])


FILTERS = {
    "book_name": book_name,
    "short_group": short_group,
    "short_moment": short_moment,
    "thai_digits": figures,
    "thai_date": day,
    "thai_moment": moment,
    "kind_name": kind_name,
    "field_name": field_name,
    "percent": percent,
    "thai_year": thai_year,
    "buddhist_year": buddhist_year,
    "gregorian_year": gregorian_year,
    "subject_line": subject_line,
    "typed_day": typed_day,
}
