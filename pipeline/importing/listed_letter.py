"""One row of a list as claims about a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from urllib.parse import unquote

from classify.claims import Claims
from classify.dates import parse_thai_date
from classify.letter import Secrecy, Urgency
from classify.numbers import parse_number
from ocr.thai_text import BUDDHIST_ERA, to_arabic_digits
from pipeline.importing.letter_list import LINK, LetterList
from pipeline.importing.profiles import Profile

T = TypeVar("T", Urgency, Secrecy)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """What a row says; `line` counts rows from 1, `files` are the names it gives for its files."""

    line: int
    claims: Claims
    secrecy: Secrecy = Secrecy.NONE
    files: tuple[str, ...] = ()


def read_rows(letters: LetterList, profile: Profile) -> tuple[ListedLetter, ...]:
    """Read every row of a list; rows that say nothing are left out."""
    columns = dict(profile.columns)
    if LINK in letters.header:
        columns["link"] = LINK
    places = {field: letters.header.index(name) for field, name in columns.items()}
    listed = (
        _read_row(line, {field: row[place] for field, place in places.items()})
        for line, row in enumerate(letters.rows, start=1)
    )
    return tuple(one for one in listed if one.claims != Claims() or one.files)


def _read_row(line: int, cells: dict[str, str]) -> ListedLetter:
    cell = cells.get
    return ListedLetter(
        line,
        Claims(
            number=read_number(cell("number", "")),
            date=read_date(cell("date", "")),
            sender=cell("sender", ""),
            recipient=cell("recipient", ""),
            subject=cell("subject", ""),
            urgency=_mark(cell("urgency", ""), tuple(Urgency)) or Urgency.NONE,
        ),
        secrecy=_mark(cell("secrecy", ""), tuple(Secrecy)) or Secrecy.NONE,
        files=read_file_names(f"{cell('file', '')}\n{cell('link', '')}"),
    )


def read_number(text: str) -> str:
    """Return a letter number in its canonical form, or as it is written where it is none."""
    number = parse_number(text)
    return number.canonical if number else to_arabic_digits(" ".join(text.split()))


def read_date(text: str) -> date | None:
    """Read `18 กย 2568`, `18/09/2568`, `18/9/68`, `2025-09-18`; None for anything else.

    Years over 2400 and two-digit ones are of the Buddhist era.
    """
    plain = to_arabic_digits(text)
    if found := _ISO.search(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NUMERIC.search(plain):
        day, month, year = (int(part) for part in found.groups())
        year += 2500 if year < 100 else 0
    else:
        return parse_thai_date(text)
    try:
        return date(year - BUDDHIST_ERA if year > 2400 else year, month, day)
    except ValueError:
        return None


def read_file_names(text: str) -> tuple[str, ...]:
    """Return the names a cell may mean, each once: whole pieces, then their words.

    A name may hold spaces, and several names may be parted by them: which it is the files tell. Of an
    address it is the last part, or a value behind its `?`.
    """
    pieces = [piece.strip() for piece in re.split(r"[,;\n]+", text) if piece.strip()]
    words = [word for piece in pieces for word in piece.split()]
    names = (name for one in (*pieces, *words) for name in _names_of(one))
    return tuple(dict.fromkeys(name for name in names if name))


def _names_of(address: str) -> list[str]:
    """Return a plain name, or the last part of an address and the values behind its `?`."""
    path, _, query = unquote(address).partition("#")[0].partition("?")
    values = [value.partition("=")[2] for value in query.split("&")]
    return [re.split(r"[/\\]", one)[-1].strip() for one in (path, *values)]


def _mark(text: str, marks: Sequence[T]) -> T | None:
    """Return the longest mark that a cell holds: ด่วนที่สุด holds ด่วน too."""
    plain = re.sub(r"\s", "", text)
    held = [mark for mark in marks if mark.value and mark.value in plain]
    return max(held, key=lambda mark: len(mark.value), default=None)
