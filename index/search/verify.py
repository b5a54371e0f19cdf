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
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple

import edlib

from index.search.analysis import (
    ENCODING,
    base_letters,
    one_byte_each,
    places_of_letters,
    skeleton,
)
from index.search.near_places import SkeletonRow, stretches_near
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
    limit = allowed_errors(base_letters(wanted))
    return _aligned(wanted, limit, bones) if limit else None


def find_misread(
    laid: SkeletonRow, wanted: bytes, besides: Collection[int] = ()
) -> dict[int, Match]:
    """Return the best place that may be misread of each skeleton that has one, but for those of `besides`.

    None of the others holds `wanted` whole.
    """
    limit = allowed_errors(base_letters(wanted))
    if not limit:
        return {}
    align = cache(partial(_aligned, wanted, limit))  # letters say the same in many places
    found: dict[int, Match] = {}
    for owner, stretches in stretches_near(laid, wanted, limit, besides).items():
        if match := _misread_in(laid.skeletons[owner], stretches, align):
            found[owner] = match
    return found


def _misread_in(
    bones: bytes, stretches: Sequence[tuple[int, int]], align: Callable[[bytes], Match | None]
) -> Match | None:
    """Return the first of the best places in stretches of a skeleton that are equally like."""
    for first, last in stretches:
        if match := align(bones[first:last]):
            return Match(first + match.start, first + match.end, match.errors)
    return None


def _aligned(wanted: bytes, limit: int, bones: bytes) -> Match | None:
    """Return the first of the best places that has the digits of `wanted`."""
    if not bones:  # a letter without text; edlib finds a place without an end in it
        return None
    numbers = DIGITS.findall(wanted)
    found = edlib.align(wanted, bones, mode="HW", task="locations", k=limit)
    for start, end in found["locations"] if found["editDistance"] >= 0 else ():
        if not numbers or DIGITS.findall(bones[start : end + 1]) == numbers:
            return Match(start, end + 1, found["editDistance"])
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
    _plain_bytes: bytes = b""
    _typed_words: int = 0
    _decided: dict[bytes, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = skeleton(self.typed)
        self._plain = as_said(self.typed)
        self._plain_bytes = one_byte_each(self._plain)
        self._typed_words = len(_thai_words(normalize(self.typed)))

    def wordings(
        self, laid: SkeletonRow, text: Callable[[int], bytes], besides: Collection[int] = ()
    ) -> dict[int, str]:
        """Return for letters that say the text "", for those that may be misread the other wording.

        Letters are known by the places of their skeletons; those of `besides` are not looked at. `text` gives the
        text of one, one byte a character, where the skeleton leaves a doubt. Which of the other wordings are
        misreadings is decided over all letters by `misreadings`.
        """
        whole = laid.whole_places(self._wanted)
        for taken in besides:
            whole.pop(taken, None)
        misread = find_misread(laid, self._wanted, {*besides, *whole})
        found: dict[int, Iterable[Match]] = {
            place: (Match(start, start + len(self._wanted), 0) for start in starts)
            for place, starts in whole.items()
        }
        found.update((place, (match,)) for place, match in misread.items())
        said: dict[int, str] = {}
        for place, matches in found.items():
            wording = self._wording(laid.skeletons[place], partial(text, place), matches)
            if wording is not None:
                said[place] = wording
        return said

    def _wording(
        self, bones: bytes, text: Callable[[], bytes], places: Iterable[Match]
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
        there = text[start:end]
        if there.translate(_FOLDED, _UNSAID_BYTES) == self._plain_bytes:
            return ""
        settled = one_byte_each(
            settle(there.decode(ENCODING))
        )  # the reader has mended what costs more
        wording = settled.translate(_FOLDED, _UNSAID_BYTES).decode(ENCODING)
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


def as_said(text: str) -> str:
    """Return what a text says without spaces, punctuation and tone marks, which scans lose and people forget.

    ฎ and ฏ, which are taken for each other, are one.
    """
    return _plainly(normalize(text))


def _plainly(text: str) -> str:
    """Return what a text says whose signs stand in order, at a tenth of the cost."""
    return _UNSAID.sub("", to_arabic_digits(text).lower()).replace("ฎ", "ฏ")


def _byte_by_byte() -> tuple[bytes, bytes]:
    """Return what `_plainly` makes of a text in one byte a character: a table, and the bytes it leaves out."""
    said = [_plainly(bytes([code]).decode(ENCODING, "ignore")) for code in range(256)]
    table = bytes(one_byte_each(one or "?")[0] for one in said)
    return table, bytes(code for code, one in enumerate(said) if not one)


_FOLDED, _UNSAID_BYTES = _byte_by_byte()


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
