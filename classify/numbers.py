"""Letter numbers as a grammar: `ศธ 04001/ว 123`, `กค (กวจ) 0405.2/ว 85`, `130/2569`.

The form: agency letters, a committee or province in brackets if any, the owner's code with its dots, a
section behind a slash of its own (`พม ๐๒๐๔/๑/ว ๑๒๕`), a
province or unit if any (`ตผ ๐๐๕๒ พร/๓๘๖`), a slash, `ว` for a circular or the letters of a branch
(`/ผบ 772`) or พิเศษ, the running number. An order has only `running/Buddhist year`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.thai_text import to_arabic_digits

_LETTERS = r"[ก-ฮ](?:\.?[ก-ฮ]){0,5}"
_BRACKET = r"\(\s*(?P<{name}>[^()/\]]{{1,16}}?)\s*[)\]]"
_OPEN_BRACKET = r"\(\s*(?P<open_place>[^()/\]\s]{1,8})(?=\s*/)"  # whose end was not read
_SECTION = r"/\d{1,2}(?=\s*/\s*(?:ว|\d{5}|(?!2[45])\d{3,4}(?!\d)))"  # a year follows no section
_OWNER = rf"\d(?:\s?\d){{0,5}}(?:\s*\.\s*\d{{1,4}}){{0,3}}(?:-\d{{1,3}}(?=\s*/)|{_SECTION})?"
_NUMBER = re.compile(
    rf"(?P<letters>{_LETTERS})\s*[.,]?\s*"
    rf"(?:{_BRACKET.format(name='committee')})?\s*"
    rf"(?P<owner>{_OWNER})\s*"
    rf"(?:\.?\s?{_BRACKET.format(name='place')}|\.?\s?{_OPEN_BRACKET}|\.?\s?(?P<unit>[ก-ฮ](?:\.?[ก-ฮ]){{0,3}})\.?)?\s*"
    r"/\s*(?:(?P<circular>ว\s*[.,]?\s*)|(?P<branch>พิเศษ|[ก-ฮ](?:\.?[ก-ฮ]){0,3})\.?\s*(?=\d))?"
    r"(?P<running>\d{1,7})?(?P<suffix>/\d{2,4})?(?!\d)"
)
_BARE = re.compile(
    rf"\s*(?P<owner>{_OWNER})\s*/\s*(?P<circular>ว\s*[.,]?\s*)?(?P<running>\d{{1,7}})(?!\d)"
)
_ORDER = re.compile(r"(?<![\d.])(?P<running>\d{1,5})\s*/\s*(?P<year>2[45]\d\d)(?!\d)")

# One of two letters read as the digit or the Latin letter it looks like: `ล๓ (สภ)๐๐๐๑`, `๓ศ ๐๓๐๔`,
# `๐๐๕๒ มH/`, `๐๐๓๙ ๓ร/`.
_LETTER_AS_DIGIT = re.compile(
    r"^\s*(?:[๓๗H][ก-ฮ]|[ก-ฮ][๓๗H])(?=[\s.(]*[\d(])|(?<=\d)\s*[ก-ฮ]H(?=\s*/)"
    r"|(?<=\d)(?:\s+\.?|\.)\s?[๓๗][ก-ฮ](?=\s*/)"
)
_READ_AS_LETTER = str.maketrans({"๓": "ต", "๗": "ย", "H": "ห"})


@dataclass(frozen=True, slots=True)
class LetterNumber:
    """A letter number in its parts, all digits Arabic.

    `letters` has no dots (`ศธ`), `owner` keeps its dots (`0402.2`), `committee` and `place` stand in
    brackets before and after it, `unit` without brackets after it, `branch` after the slash; both have
    no dots. `running` keeps leading zeros and is empty on a draft or where it
    was left to the pen, `suffix` is a year some offices add. An order has no letters and no owner;
    its `suffix` is the Buddhist year. `start` and `end` are the place in the text it was read from.
    """

    letters: str
    owner: str
    running: str
    circular: bool = False
    committee: str = ""
    place: str = ""
    suffix: str = ""
    unit: str = ""
    branch: str = ""
    start: int = 0
    end: int = 0

    @property
    def canonical(self) -> str:
        """The form numbers are compared in: `ศธ 04001/ว 123`; part-read numbers end at the slash or ว."""
        if not self.letters and not self.owner:
            return f"{self.running}/{self.suffix}"
        branch = "ว " if self.circular else f"{self.branch} " if self.branch else ""
        return f"{self.before_slash}/{branch}{self._tail}".rstrip()

    @property
    def before_slash(self) -> str:
        """The part that names the agency: `กค (กวจ) 0405.2`."""
        committee = f" ({self.committee})" if self.committee else ""
        place = f" ({self.place})" if self.place else ""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.letters}{committee} {self.owner}{place}{unit}".lstrip()

    @property
    def is_complete(self) -> bool:
        """Tell whether the running number is there; without it a number must not be registered."""
        return bool(self.running)

    @property
    def _tail(self) -> str:
        return f"{self.running}/{self.suffix}" if self.suffix else self.running


def find_number(text: str) -> LetterNumber | None:
    """Return the first agency number in `text`, complete or cut off after the slash, or None."""
    match = _NUMBER.search(to_arabic_digits(text))
    if match is None:
        return None
    return LetterNumber(
        letters=match["letters"].replace(".", ""),
        owner=re.sub(r"\s", "", match["owner"]),
        running=match["running"] or "",
        circular=bool(match["circular"]),
        committee=re.sub(r"\s+", " ", match["committee"] or "").strip(". "),
        place=re.sub(r"\s+", " ", match["place"] or match["open_place"] or "").strip(". "),
        suffix=(match["suffix"] or "").lstrip("/") if match["running"] else "",
        unit=(match["unit"] or "").replace(".", ""),
        branch=(match["branch"] or "").replace(".", ""),
        start=match.start(),
        end=match.end(),
    )


def letters_from_digits(text: str) -> tuple[str, int]:
    """Return the text with agency letters that were read as signs like them, and how many there were."""
    return _LETTER_AS_DIGIT.subn(lambda match: match[0].translate(_READ_AS_LETTER), text)


def find_bare_number(text: str) -> LetterNumber | None:
    """Return the number without agency letters that `text` begins with (`83002-11/ว.47`), or None."""
    match = _BARE.match(to_arabic_digits(text))
    if match is None:
        return None
    return LetterNumber(
        "",
        re.sub(r"\s", "", match["owner"]),
        match["running"],
        circular=bool(match["circular"]),
        start=match.start("owner"),
        end=match.end(),
    )


def find_order_number(text: str) -> LetterNumber | None:
    """Return the first `running/Buddhist year` in `text`, the form of orders, or None."""
    match = _ORDER.search(to_arabic_digits(text))
    if match is None:
        return None
    return LetterNumber(
        "", "", match["running"], suffix=match["year"], start=match.start(), end=match.end()
    )


def parse_number(text: str) -> LetterNumber | None:
    """Read a complete letter or order number out of `text`; None when there is none.

    A number without its running part (`ศธ ๐๔๐๔๙/`, `/ว`) is a draft's and is refused.
    """
    number = find_number(text)
    if number is not None:
        return number if number.is_complete else None
    return find_order_number(text)


def numbers_equal(one: str, other: str) -> bool:
    """Tell whether two printed numbers are the same letter number.

    Digits of either script, spaces and dots do not matter; `ว` does, since a circular and an
    ordinary letter of one sender may carry the same running number.
    """
    first, second = parse_number(one), parse_number(other)
    if first is None or second is None:
        return False
    return _key(first) == _key(second)


def _key(number: LetterNumber) -> str:
    return re.sub(r"[\s.]", "", number.canonical)
