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
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import edlib

from index.search.analysis import (
    base_letters,
    places_of_letters,
    skeleton,
)
from index.search.word_cutter import cut_words
from ocr.thai_text import MARK, TONE, is_word, normalize, to_arabic_digits

CONTEXT = 24  # characters on either side that help to find the words of a place
RARE_SHARE = 0.05  # one misreading is at most this share of the letters that say it rightly
DIGITS = re.compile(rb"\d+")
_UNSAID = re.compile(f"[^ก-ฮะ-ฺเ-ๅ็-๎a-z0-9]+|[{TONE}]")
_THAI_LETTER = re.compile("[ก-ฮ]")
_TRAILING = re.compile(f"[{MARK}]*")


def allowed_errors(letters: int) -> int:
    """Return how many wrong letters a typed text of so many letters may have in a scan."""
    if letters < 6:
        return 0
    if letters < 10:
        return 1
    return min(letters // 5, 6)


@dataclass(frozen=True, slots=True)
class Match:
    """Where a typed text stands in a skeleton (end exclusive) and with how many wrong letters."""

    start: int
    end: int
    errors: int


def find_in(bones: bytes, wanted: bytes) -> Match | None:
    """Return the best place of the skeleton `wanted` in the skeleton `bones`, or None."""
    place = bones.find(wanted)
    if place >= 0:
        return Match(place, place + len(wanted), 0)
    limit = allowed_errors(base_letters(wanted))
    if not limit or len(bones) < len(wanted) - limit:
        return None
    found = edlib.align(wanted, bones, mode="HW", task="locations", k=limit)
    errors = found["editDistance"]
    if errors < 0:
        return None
    numbers = DIGITS.findall(wanted)
    for start, end in found["locations"]:
        if not numbers or DIGITS.findall(bones[start : end + 1]) == numbers:
            return Match(start, end + 1, errors)
    return None


def place_in_text(text: str, bones: bytes, match: Match) -> tuple[int, int]:
    """Return where a match of the skeleton `bones` of `text` stands in `text`, whole clusters."""
    first = base_letters(bones[: match.start])
    count = base_letters(bones[match.start : match.end])
    kept = places_of_letters(text)[first : first + count]
    if not kept.size:
        return len(text), len(text)
    start, end = int(kept[0]), int(kept[-1]) + 1
    marks = _TRAILING.match(text, end)
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
        self._plain = _wording_of(self.typed)
        self._typed_words = len(_thai_words(normalize(self.typed)))

    def wording(self, bones: bytes, text: Callable[[], str]) -> str | None:
        """Return "" when a text says it, another wording when it may be misread, None when not.

        `bones` is the text's skeleton; the text itself is asked for only where that leaves a doubt.
        Which of the other wordings are misreadings is decided over all letters by `misreadings`.
        """
        for match in _places(bones, self._wanted):
            around = bones[max(0, match.start - 4) : match.end + 4]
            if around not in self._decided:
                self._decided[around] = self._decide(text(), bones, match)
            decision = self._decided[around]
            if decision is not None:
                return decision
        return None

    def _decide(self, text: str, bones: bytes, match: Match) -> str | None:
        start, end = place_in_text(text, bones, match)
        there = text[start:end]
        if _plainly(there) == self._plain:
            return ""
        wording = _wording_of(there)
        if wording == self._plain:
            return ""
        context_start = max(0, text.rfind("\n", 0, start) + 1, start - CONTEXT)
        context_end = min(len(text), end + CONTEXT)
        tokens = _overlapping(
            text[context_start:context_end], start - context_start, end - context_start
        )
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


def _places(bones: bytes, wanted: bytes) -> list[Match]:
    """Return the places to look at: every whole one, else the best misread one."""
    found: list[Match] = []
    place = bones.find(wanted)
    while place >= 0:
        found.append(Match(place, place + len(wanted), 0))
        place = bones.find(wanted, place + 1)
    if found:
        return found
    misread = find_in(bones, wanted)
    return [misread] if misread else []


def _wording_of(text: str) -> str:
    """Return what a text says without spaces, punctuation and tone marks, which scans lose and
    people forget."""
    return _plainly(normalize(text))


def _plainly(text: str) -> str:
    """Return what a text says whose signs stand in order, at a tenth of the cost."""
    return _UNSAID.sub("", to_arabic_digits(text).lower())


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
