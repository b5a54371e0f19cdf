"""What a doubtful field may be instead, each taken with one key: from the number's code, the book and the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from classify.dates import find_dates
from classify.numbers import find_number
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer
from pipeline.web.letters.field_input import control_for
from pipeline.web.site.language import _, figures
from pipeline.web.site.pages import Site
from pipeline.web.site.typed_day import typed_day

MOST = 3
LONGEST_ON_ITS_WAY = timedelta(days=400)
"""A day further back than this before the receipt is one that the text speaks of."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value as a clerk would type it, and where it comes from."""

    value: str
    because: str


def candidates(
    site: Site, viewer: Viewer, letter: RegisteredLetter, name: str
) -> tuple[Candidate, ...]:
    """Return at most three other values of a field, the likeliest first; none where nothing speaks for any."""
    control, find = control_for(name, letter), _SOURCES.get(name)
    if control is None or find is None:
        return ()
    found: dict[str, Candidate] = {}
    for one in find(site, viewer, letter):
        if one.value and one.value != control.value:
            found.setdefault(one.value, one)
    return tuple(found.values())[:MOST]


def _senders(site: Site, viewer: Viewer, letter: RegisteredLetter) -> Iterator[Candidate]:
    """Yield who wrote under this code before, then whose code it is."""
    number = find_number(letter.number)
    if number is None:
        return
    code = number.before_slash
    for sender in site.book.review.senders_of(viewer, code):
        yield Candidate(sender, _("เคยส่งด้วยรหัส %(code)s", code=figures(code)))
    agency = site.rules.current().agencies.find(number)
    if agency is not None:
        yield Candidate(agency.name, _("ตามรหัส %(code)s", code=figures(code)))


def _days(site: Site, _viewer: Viewer, letter: RegisteredLetter) -> Iterator[Candidate]:
    """Yield the days that stand on the page and may be the letter's own, the latest first."""
    received = letter.received_at.astimezone(site.office.zone).date()
    days = {one.value for one in find_dates(letter.text)}
    for day in sorted(days, reverse=True):
        if received - LONGEST_ON_ITS_WAY <= day <= received:
            yield Candidate(typed_day(day), _("ในข้อความของหนังสือ"))


def _numbers(_site: Site, _viewer: Viewer, letter: RegisteredLetter) -> Iterator[Candidate]:
    """Yield the numbers that stand on the page; those under the letter's own code come first."""
    own = find_number(letter.number)
    code = own.before_slash if own else ""
    lines = (find_number(line) for line in letter.text.splitlines())
    complete = [one for one in lines if one is not None and one.is_complete]
    for one in sorted(complete, key=lambda number: number.before_slash != code):
        yield Candidate(figures(one.canonical), _("ในข้อความของหนังสือ"))


_SOURCES = {"sender": _senders, "date": _days, "number": _numbers}
