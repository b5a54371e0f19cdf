"""Are two scans one letter? Number, date and text decide; the picture only proposes where these are missing.

Pure: what is compared was read from the pages before. Thresholds were swept over 24 letters in three conditions
each, drawn and worn by another hand (docs/quality.md, "The same letter twice").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from classify.fuzzy import edit_distance
from ocr.document import PAGE_BREAK
from ocr.thai_text import fold

NEAR = 0.24
"""Page hashes nearer than this are of one page. Of 859 pairs of different letters, all typed after the
same few models, the nearest is 0.315 apart; four of five worn copies of a page are nearer than this."""
MISREAD_LETTERS = 2  # numbers that differ by more are not one number read twice
GRAM = 3  # letters; what is compared of a text is its set of runs of this length
SAME_PAGE, EXPLAINED = 0.7, 0.82
"""Two pages say the same when this share of the longer one's runs stands in the other. 24 letters of few models,
each in three conditions: of 72 pairs of one letter all reach 0.7 and 71 reach 0.82, of 2,484 pairs of different
letters 83 and none. A question may be wrong where number and date do not speak against it; what is held may not."""
FEW_LETTERS = 40
"""A page with fewer runs says too little to be compared: a blank back, a picture, a signature."""


class Likeness(StrEnum):
    """Why two scans may be one letter."""

    NUMBER_AND_SENDER = "number_and_sender"
    NUMBER = "number"  # and the date
    PAGE = "page"


@dataclass(frozen=True)
class Reading:
    """What was read of a scan; `number_key` is folded, empty or None is what was not read.

    `page_hash` is of the first page, 128 hexadecimal digits.
    """

    number_key: str
    date: date | None
    text: str
    page_hash: str

    @cached_property
    def pages(self) -> tuple[frozenset[str], ...]:
        """The runs of letters of each page."""
        return tuple(_runs(page) for page in self.text.split(PAGE_BREAK))


def worth_comparing(one: Reading, other: Reading) -> bool:
    """Tell by what costs next to nothing whether the texts of two scans are worth looking at.

    Something must speak for it: the number, the day, or the picture.
    """
    if _contradict(one, other):
        return False
    numbered = bool(one.number_key and other.number_key)
    dated = one.date is not None and one.date == other.date
    return numbered or dated or _look_alike(one, other)


def are_one_letter(one: Reading, other: Reading) -> bool:
    """Tell whether two scans may be one letter read twice, for a person to be asked.

    Two numbers or two dates that were read and differ say no, whatever the pages look like: letters of one
    office look alike. Texts that can be compared decide next; the picture only where they cannot.
    """
    if _contradict(one, other):
        return False
    share = _share(one.pages[0], other.pages[0])
    if share is not None:
        return share >= SAME_PAGE
    return _look_alike(one, other)


def explains(first: str, second: str) -> bool:
    """Tell whether every page of the second text says what a page of the first says.

    Each page of the first explains one page. A page that says too little to be compared is explained by
    another such page only.
    """
    known = [_runs(page) for page in first.split(PAGE_BREAK)]
    for page in second.split(PAGE_BREAK):
        runs = _runs(page)
        shares = [(_share(runs, other), place) for place, other in enumerate(known)]
        if len(runs) < FEW_LETTERS:
            fits = [place for _, place in shares if len(known[place]) < FEW_LETTERS]
        else:
            fits = [place for share, place in shares if share is not None and share >= EXPLAINED]
        if not fits:
            return False
        del known[max(fits, key=lambda place: shares[place][0] or 0.0)]
    return True


def may_be_one_number(one: str, other: str) -> bool:
    """Tell whether two folded numbers may be one: equal, one of them not read, or a letter or two misread."""
    if not one or not other:
        return True
    return edit_distance(one, other, MISREAD_LETTERS) <= MISREAD_LETTERS


def distance(one: str, other: str) -> float:
    """Return how far two page hashes are apart: 0 the same, 1 nothing in common."""
    first, second = int(one, 16), int(other, 16)
    either = (first | second).bit_count()
    return (first ^ second).bit_count() / either if either else 1.0


def likest(found: dict[int, Likeness]) -> Sequence[tuple[int, Likeness]]:
    """Return letters by their ids, the likest first."""
    rank = list(Likeness)
    return sorted(found.items(), key=lambda pair: (rank.index(pair[1]), pair[0]))


def _contradict(one: Reading, other: Reading) -> bool:
    """Tell whether number or date were read on both, and say two letters."""
    if not may_be_one_number(one.number_key, other.number_key):
        return True
    numbered = one.number_key == other.number_key != ""
    return bool(one.date and other.date) and one.date != other.date and not numbered


def _look_alike(one: Reading, other: Reading) -> bool:
    both = bool(one.page_hash and other.page_hash)
    return both and distance(one.page_hash, other.page_hash) < NEAR


def _runs(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[start : start + GRAM] for start in range(len(folded) - GRAM + 1))


def _share(one: frozenset[str], other: frozenset[str]) -> float | None:
    """Return the share of the longer one's runs that stand in the other; None where one says too little."""
    if min(len(one), len(other)) < FEW_LETTERS:
        return None
    return len(one & other) / max(len(one), len(other))
