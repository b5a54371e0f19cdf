"""Does a letter really say what was typed, reading errors allowed? Approximate search in its text.

Engines bring candidates by whole pieces of the typed text; here each is compared letter by letter.
The distance is Levenshtein's on skeletons, the best place anywhere in the text (Myers' bit-parallel
algorithm in edlib). A place that differs is a reading error or simply another wording (`รับบริจาค`
for `ผู้บริจาค`); two signs tell: a misread word is no word of the dictionary, or falls into more
words than were typed, and one misreading of a phrase is rare beside the phrase itself.
Digits are never allowed to differ, since another number is another letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import edlib

from index.search.analysis import ENCODING, base_letters, places_of_letters, skeleton
from index.search.near_places import stretches_near
from index.search.word_cutter import cut_words
from ocr.thai_text import MARK, TONE, is_word, normalize, settle, to_arabic_digits

CONTEXT = 12  # characters on either side that help to find the words of a place
RARE_SHARE = 0.05  # one misreading is at most this share of the letters that say it rightly
DIGITS = re.compile(rb"\d+")
_UNSAID = re.compile(f"[^ก-ฮะ-ฺเ-ๅ็-๎a-z0-9]+|[{TONE}]")
_THAI_LETTER = re.compile("[ก-ฮ]")
_TRAILING = re.compile(f"[{MARK}]*".encode(ENCODING))


def allowed_errors(letters: int) -> int:
    """Return how many wrong letters a typed text of so many letters may have in a scan."""
    if letters < 6:
        return 0
    if letters < 10:
        return 1
    return min(letters // 5, 6)


class Match(NamedTuple):
    """Where a typed text stands in a skeleton (end exclusive) and with how many wrong letters."""

    start: int
    end: int
    errors: int


def find_in(bones: bytes, wanted: bytes) -> Match | None:
    """Return the best place of the skeleton `wanted` in the skeleton `bones`, or None."""
    place = bones.find(wanted)
    if place >= 0:
        return Match(place, place + len(wanted), 0)
    return _misread_in(bones, wanted, [(0, len(bones))])


def find_misread(skeletons: Sequence[bytes], wanted: bytes) -> list[Match | None]:
    """Return for each skeleton, none of which holds `wanted` whole, its best place that may be misread."""
    limit = allowed_errors(base_letters(wanted))
    found: list[Match | None] = [None] * len(skeletons)
    if limit and skeletons:
        for owner, stretches in stretches_near(skeletons, wanted, limit).items():
            found[owner] = _misread_in(skeletons[owner], wanted, stretches)
    return found


def _misread_in(bones: bytes, wanted: bytes, stretches: Sequence[tuple[int, int]]) -> Match | None:
    """Return the first of the best places in stretches of a skeleton that are equally like."""
    limit = allowed_errors(base_letters(wanted))
    if not limit:
        return None
    numbers = DIGITS.findall(wanted)
    for first, last in stretches:
        if first >= last:  # a letter without text; edlib finds a place without an end in it
            continue
        found = edlib.align(wanted, bones[first:last], mode="HW", task="locations", k=limit)
        for start, end in found["locations"] if found["editDistance"] >= 0 else ():
            match = Match(first + start, first + end + 1, found["editDistance"])
            if not numbers or DIGITS.findall(bones[match.start : match.end]) == numbers:
                return match
    return None


def place_in_text(letters: bytes, bones: bytes, match: Match) -> tuple[int, int]:
    """Return where a match of the skeleton `bones` of a text stands in it, whole clusters.

    The text is given in one byte a character (`one_byte_each`).
    """
    first = base_letters(bones[: match.start])
    count = base_letters(bones[match.start : match.end])
    kept = places_of_letters(letters)[first : first + count]
    if not kept.size:
        return len(letters), len(letters)
    start, end = int(kept[0]), int(kept[-1]) + 1
    marks = _TRAILING.match(letters, end)
    return start, marks.end() if marks else end


@dataclass(slots=True)
class Comparer:
    """Compares one typed text with many letters; remembers what it has decided about a wording."""

    typed: str
    _wanted: bytes = b""
    _plain: str = ""
    _typed_words: int = 0
    _decided: dict[bytes, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = skeleton(self.typed)
        self._plain = as_said(self.typed)
        self._typed_words = len(_thai_words(normalize(self.typed)))

    def wordings(self, letters: Sequence[tuple[bytes, Callable[[], bytes]]]) -> list[str | None]:
        """Return for each letter "" when it says the text, another wording when it may be misread, None when not.

        A letter is its skeleton and its text, one byte a character, asked for only where that leaves a doubt.
        Which of the other wordings are misreadings is decided over all letters by `misreadings`.
        """
        places = [_whole(bones, self._wanted) for bones, _ in letters]
        rest = [place for place, whole in enumerate(places) if not whole]
        misread = find_misread([letters[place][0] for place in rest], self._wanted)
        for place, match in zip(rest, misread, strict=True):
            places[place] = [match] if match else []
        return [
            self._wording(bones, text, matches)
            for (bones, text), matches in zip(letters, places, strict=True)
        ]

    def _wording(
        self, bones: bytes, text: Callable[[], bytes], places: Sequence[Match]
    ) -> str | None:
        for match in places:
            around = bones[max(0, match.start - 4) : match.end + 4]
            if around not in self._decided:
                self._decided[around] = self._decide(text(), bones, match)
            decision = self._decided[around]
            if decision is not None:
                return decision
        return None

    def _decide(self, text: bytes, bones: bytes, match: Match) -> str | None:
        start, end = place_in_text(text, bones, match)
        there = text[start:end].decode(ENCODING)
        if _plainly(there) == self._plain:
            return ""
        wording = _plainly(settle(there))  # the reader has mended what costs more
        if wording == self._plain:
            return ""
        context_start = max(0, text.rfind(b"\n", 0, start) + 1, start - CONTEXT)
        context = text[context_start : end + CONTEXT].decode(ENCODING)
        tokens = _overlapping(context, start - context_start, end - context_start)
        if any(not is_word(token) for token in tokens):
            return "?" + wording
        edges_agree = (
            bones[match.start] == self._wanted[0] and bones[match.end - 1] == self._wanted[-1]
        )
        return wording if edges_agree and len(tokens) > self._typed_words else None


def misreadings(wordings: Iterable[str | None], rightly: int) -> set[str]:
    """Return which of the wordings found are misreadings; `rightly` letters say it as typed.

    Wordings of unknown words begin with `?`. Exact ones ("") always count.
    """
    counts = Counter(wording for wording in wordings if wording is not None)
    wording = rightly + counts.get("", 0)
    most = max(1, RARE_SHARE * wording)
    return {
        wording
        for wording, count in counts.items()
        if not wording or wording.startswith("?") or count <= most
    }


def _whole(bones: bytes, wanted: bytes) -> list[Match]:
    """Return every whole place."""
    found: list[Match] = []
    place = bones.find(wanted)
    while place >= 0:
        found.append(Match(place, place + len(wanted), 0))
        place = bones.find(wanted, place + 1)
    return found


def as_said(text: str) -> str:
    """Return what a text says without spaces, punctuation and tone marks, which scans lose and people forget.

    ฎ and ฏ, which are taken for each other, are one.
    """
    return _plainly(normalize(text))


def _plainly(text: str) -> str:
    """Return what a text says whose signs stand in order, at a tenth of the cost."""
    return _UNSAID.sub("", to_arabic_digits(text).lower()).replace("ฎ", "ฏ")


def _thai_words(text: str) -> list[str]:
    return [token for token in cut_words(text) if _THAI_LETTER.search(token)]


def _overlapping(context: str, start: int, end: int) -> list[str]:
    """Return the Thai words of `context` that reach into [start, end)."""
    found: list[str] = []
    place = 0
    for token in cut_words(context):
        if place < end and place + len(token) > start and _THAI_LETTER.search(token):
            found.append(token)
        place += len(token)
    return found
