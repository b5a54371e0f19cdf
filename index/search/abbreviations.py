"""Abbreviations and what they stand for, from a table the office may add to.

What is typed as `สตง.ขอนแก่น` is also looked for as `สำนักงานการตรวจเงินแผ่นดิน ขอนแก่น`, and the other
way round. A *form* is another way of saying a typed text; its parts, between spaces, must all be said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from index.search.errors import AbbreviationsError
from ocr.thai_text import normalize

ABBREVIATIONS_FILE = "abbreviations.toml"  # an office's own has this name too, in its rules
MOST_FORMS = 6
_LETTER = "[ก-ฮ]"


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """One row: `short` as printed, what it stands for, and whether the long form looks for it too."""

    short: str
    long: tuple[str, ...]
    from_long: bool = True

    @property
    def plain(self) -> str:
        """The short form without points and spaces, as it is often typed."""
        return _unpointed(self.short)


@dataclass(frozen=True)
class Abbreviations:
    """All rows, the longest short form first; `Abbreviations(())` knows none."""

    rows: tuple[Abbreviation, ...]

    def forms(self, text: str) -> tuple[str, ...]:
        """Return the other ways of saying a typed text, the likeliest first; none for most texts."""
        plain = normalize(text)
        found = [*self._long_forms(plain), *self._short_forms(plain)]
        return tuple(dict.fromkeys(one for one in found if one != plain))[:MOST_FORMS]

    def _long_forms(self, plain: str) -> Iterable[str]:
        """Yield `plain` with the abbreviation that it is, or begins with, written out."""
        letters = _unpointed(plain)
        if (len(letters) > 1 or "." in plain) and (row := self._by_plain.get(letters)):
            yield from (*row.long, row.short, row.plain)
            return
        match = self._beginning.match(plain) if self.rows else None
        if match is None:
            return
        row, rest = self._by_plain[_unpointed(match[0])], plain[match.end() :].strip()
        for further in (*self._long_forms(rest), rest):
            for long in row.long:
                yield f"{long}{further}"
                if not further[:1].isdigit():  # มัธยมศึกษาปีที่ 3 is said in a row or not at all
                    yield f"{long} {further}"

    def _short_forms(self, plain: str) -> Iterable[str]:
        """Yield `plain` with a long form abbreviated, with its points and without."""
        found = [(long, row) for row in self.rows for long in row.long if long in plain]
        for long, row in found:
            # Not for a piece of a longer one: สำนักงานเขตพื้นที่การศึกษา in the name of a สพป.
            whole = not any(long != other and long in other for other, _ in found)
            if row.from_long and whole:
                before, _, after = plain.partition(long)
                for short in dict.fromkeys((row.short, row.plain)):
                    yield f"{before} {short} {after}".strip()

    @cached_property
    def _by_plain(self) -> Mapping[str, Abbreviation]:
        return {row.plain: row for row in self.rows}

    @cached_property
    def _beginning(self) -> re.Pattern[str]:
        """A pattern of the short forms with their last point, at the beginning of a text."""
        spelled = {re.escape(row.short.rstrip(".")) for row in self.rows}
        spelled |= {re.escape(row.plain) for row in self.rows if len(row.plain) > 1}
        return re.compile(f"(?:{'|'.join(sorted(spelled, key=len, reverse=True))})\\.")


NO_ABBREVIATIONS = Abbreviations(())


def _unpointed(text: str) -> str:
    return re.sub(r"[.\s]", "", text)


def load_abbreviations(own: Path | None = None) -> Abbreviations:
    """Read the shipped rows, replaced by the office's own where it has some; the file need not be there.

    Raises AbbreviationsError, which names file and row.
    """
    shipped = resources.files("index").joinpath("data", ABBREVIATIONS_FILE)
    rows = _read(ABBREVIATIONS_FILE, shipped.read_text(encoding="utf-8"))
    if own is not None and own.is_file():
        try:
            text = own.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise AbbreviationsError(str(own), str(error)) from error
        rows |= _read(str(own), text)
    return Abbreviations(tuple(sorted(rows.values(), key=lambda row: -len(row.plain))))


def _read(name: str, text: str) -> dict[str, Abbreviation]:
    try:
        rows = tomllib.loads(text).get("abbreviation", [])
    except tomllib.TOMLDecodeError as error:
        raise AbbreviationsError(name, str(error)) from error
    if not isinstance(rows, list):
        raise AbbreviationsError(name, "rows begin with [[abbreviation]]")
    made = [_row(name, place, row) for place, row in enumerate(rows, 1)]
    return {row.plain: row for row in made}


def _row(name: str, place: int, row: Any) -> Abbreviation:  # noqa: ANN401 - as TOML has it
    match row:
        case {"short": str(short), "long": [str(), *_] as long} if re.search(
            _LETTER, short
        ) and all(isinstance(one, str) and one.strip() for one in long):
            return Abbreviation(
                normalize(short), tuple(map(normalize, long)), row.get("from_long", True) is True
            )
    raise AbbreviationsError(name, f'row {place} needs short = "…" and long = ["…"]')
