"""Does a letter nearly say what was typed? For the mistakes of the person who types.

A reader's mistakes are judged by `verify`; here nothing says what was typed, and any place counts that
lies within a few slips of it: a wrong key, one left out, two swapped, a letter that sounds alike. Slips
that fingers and ears make often cost half. A place must be whole words, so that short texts do not turn
up inside longer ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import edlib

from index.search.analysis import ENCODING, SHORTEST_SKELETON, base_letters, skeleton
from index.search.keyboard import BESIDE, ON_ONE_KEY
from index.search.verify import DIGITS, Match, place_in_text
from index.search.word_cutter import cut_words
from ocr.thai_text import is_word, unknown_letters

SHORT, LONG = 7, 11  # letters
LETTERS_A_SLIP = 5
MOST_SLIPS = 5
MOST_PLACES = 4  # looked at in one letter
CONTEXT = 30  # characters on either side that help to find the words of a place
OVERHANG_BEFORE, OVERHANG_AFTER = 0.5, 0.25  # a letter, where a short text is part of a longer word
LIKELY = 0.5  # what a slip costs that is made often
_SOUND_ALIKE = (
    "ศษส",
    "ณนญ",
    "ฎฏดต",
    "ถฐธทฒฑ",
    "ลรฬ",
    "ยญ",
    "ใไ",
    "คขฆ",
    "พภผ",
    "ชฉฌ",
    "อฮ",
    "บป",
    "ฟฝพ",
)


def allowed_slips(typed: str) -> float:
    """Return what the slips of a typed text may cost; less where all of it are known words."""
    letters = base_letters(skeleton(typed))
    known = not unknown_letters(typed)
    if letters < SHORTEST_SKELETON:
        return 0.0
    if letters < SHORT:
        return LIKELY if known and letters < SHORT - 2 else 1.0
    if letters < LONG:
        return 1.0 if known else 2.0
    return min(letters // LETTERS_A_SLIP, MOST_SLIPS)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What a letter says in place of what was typed, whole words, and what the slips cost."""

    said: str
    cost: float


@dataclass(slots=True)
class Resembler:
    """Compares one typed text with many letters; remembers what it has decided about a place."""

    typed: str
    _wanted: bytes = b""
    _letters: int = 0
    _most: float = 0.0
    _decided: dict[bytes, Likeness | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = skeleton(self.typed)
        self._letters = base_letters(self._wanted)
        self._most = allowed_slips(self.typed)

    def edits(self, bones: bytes) -> int | None:
        """Return how many letters the likest place of a skeleton differs in; None where too many.

        A swap counts two. This is quick; `likeness` then weighs the slips of the likest letters.
        """
        if self._wanted in bones:
            return 0
        found = edlib.align(self._wanted, bones, mode="HW", k=self._most_edits)
        edits: int = found["editDistance"]
        return edits if edits >= 0 else None

    def likeness(self, bones: bytes, text: Callable[[], bytes]) -> Likeness | None:
        """Return the likest place of a text, whose skeleton is `bones`; None where none is like enough."""
        place = bones.find(self._wanted)
        if place >= 0 and self._most:  # vowels above and below may still differ
            whole = Match(place, place + len(self._wanted), 0)
            return self._decided_at(bones, whole, text) or Likeness("", 0.0)
        found = edlib.align(self._wanted, bones, mode="HW", task="locations", k=self._most_edits)
        places = (Match(start, end + 1, 0) for start, end in found["locations"][:MOST_PLACES])
        like = [one for place in places if (one := self._decided_at(bones, place, text))]
        return min(like, key=lambda one: one.cost, default=None)

    @property
    def _most_edits(self) -> int:
        """How many letters may differ: one more than whole slips, since a swap counts two."""
        return int(self._most) + 1 if self._most else 0

    def _decided_at(self, bones: bytes, place: Match, text: Callable[[], bytes]) -> Likeness | None:
        around = bones[max(0, place.start - 4) : place.end + 4]
        if around not in self._decided:
            self._decided[around] = self._decide(text(), bones, place)
        return self._decided[around]

    def _decide(self, text: bytes, bones: bytes, match: Match) -> Likeness | None:
        there = bones[match.start : match.end]
        if DIGITS.findall(there) != DIGITS.findall(self._wanted):
            return None
        cost = slips(self._wanted, there, self._most)
        if cost > self._most:
            return None
        start, end = place_in_text(text, bones, match)
        first = max(0, text.rfind(b"\n", 0, start) + 1, start - CONTEXT)
        line = text[first : end + CONTEXT].decode(ENCODING).split("\n", maxsplit=1)[0]
        before, said, after = _whole_words(line, start - first, end - first)
        if self._letters < SHORT:
            cost += OVERHANG_BEFORE * before
        if (
            SHORTEST_SKELETON <= self._letters < SHORT
        ):  # a shorter one is a word cut off, or nothing
            cost += OVERHANG_AFTER * after
        return Likeness(said, cost) if cost <= self._most else None


def _whole_words(line: str, start: int, end: int) -> tuple[int, str, int]:
    """Return the words of `line` that reach into [start, end), with their letters before and after it.

    A word that reaches in by less than half is left out.
    """
    place, first, last = 0, start, end
    for token in cut_words(line):
        stop = place + len(token)
        if place < start < stop:
            first = place if 2 * (stop - start) >= len(token) else stop
        if place < end < stop:
            last = stop if 2 * (end - place) >= len(token) else place
        place = stop
    before, after = skeleton(line[first:start]), skeleton(line[end:last])
    return len(before), line[first:last].strip(), len(after)


def slips(typed: bytes, said: bytes, most: float) -> float:
    """Return what it takes to make one skeleton of the other: optimal string alignment, likely slips at half.

    More than `most` may be returned as soon as it is certain.
    """
    before: list[float] = []
    row = [float(place) for place in range(len(said) + 1)]
    for place, letter in enumerate(typed, 1):
        older, before, row = before, row, [float(place)]
        for other, there in enumerate(said, 1):
            cost = min(
                before[other - 1] + _price(letter, there),
                before[other] + _omission(typed, place - 1),
                row[other - 1] + 1.0,
            )
            if place > 1 and other > 1 and letter == said[other - 2] and typed[place - 2] == there:
                cost = min(cost, older[other - 2] + LIKELY * 2)
            row.append(cost)
        if min(row) > most:
            return min(row)
    return row[-1]


def _price(letter: int, other: int) -> float:
    if letter == other:
        return 0.0
    return LIKELY if (letter, other) in _LIKELY else 1.0


def _omission(typed: bytes, place: int) -> float:
    """Return what a letter too many costs: half where the finger stayed on the key."""
    return LIKELY if place and typed[place] == typed[place - 1] else 1.0


def _likely_slips() -> frozenset[tuple[int, int]]:
    pairs = [*ON_ONE_KEY, *BESIDE]
    pairs += ((one, other) for alike in _SOUND_ALIKE for one in alike for other in alike)
    both = {(one, other) for pair in pairs for one, other in (pair, pair[::-1]) if one != other}
    spelled = {(skeleton(one), skeleton(other)) for one, other in both}
    return frozenset((one[0], other[0]) for one, other in spelled if one and other and one != other)


_LIKELY = _likely_slips()


def is_spelled_rightly(said: str) -> bool:
    """Tell whether all words of what a letter says are known: only such are suggested."""
    return all(is_word(word) or not word.strip() for word in cut_words(said))
