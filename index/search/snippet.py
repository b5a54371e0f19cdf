"""A piece of a letter around what was typed, with highlight places; Thai clusters stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.search.analysis import (
    SHORTEST_SKELETON,
    base_letters,
    one_byte_each,
    skeleton,
    words,
)
from index.search.verify import Match, find_in, place_in_text
from index.search.word_cutter import cut_words
from ocr.document import PAGE_BREAK
from ocr.thai_text import LEADING_VOWEL, MARK, to_arabic_digits

WIDTH = 160  # characters
LEAD = 40  # characters shown before the first highlight
MOST_HIGHLIGHTS = 12
LONGEST_RUN = 120  # characters without a space that are looked at for where a word begins

_MARKS = re.compile(f"[{MARK}าำะๅๆฯ]*")
_ENDS_OPEN = re.compile(f"[{LEADING_VOWEL}]$")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text; `highlights` are (start, end) places in it, in order, end exclusive.

    `page` is the letter's page it stands on, from 1; 1 where the text does not tell pages apart.
    """

    text: str
    highlights: tuple[tuple[int, int], ...]
    page: int = 1

    def marked(self, before: str, after: str) -> str:
        """Return the text with each highlight between two signs (the caller escapes for HTML)."""
        out, place = [], 0
        for start, end in self.highlights:
            out += [self.text[place:start], before, self.text[start:end], after]
            place = end
        return "".join([*out, self.text[place:]])


def make_snippet(text: str, typed: Sequence[str], width: int = WIDTH) -> Snippet:
    """Cut the piece of `text` where most of the typed texts stand; its beginning when none does."""
    places = _merged(place for one in dict.fromkeys(typed) for place in find_places(text, one))
    start, end = _window(text, places, width)
    line = text[start:end].replace("\n", " ").replace("\f", " ")
    inside = [(a - start, b - start) for a, b in places if start <= a and b <= end]
    seen = inside[0][0] if inside else 0
    return Snippet(line, tuple(inside), text.count(PAGE_BREAK, 0, start + seen) + 1)


def find_places(text: str, typed: str) -> list[tuple[int, int]]:
    """Return where a typed text stands in `text`, whole clusters, misread letters allowed."""
    bones = skeleton(typed)
    if base_letters(bones) < SHORTEST_SKELETON:
        return _short_places(text, typed)
    letters, whole = one_byte_each(text), skeleton(text)
    matches = _whole_places(whole, bones)
    if not matches:
        misread = find_in(whole, bones)
        matches = [misread] if misread else []
    found = (place_in_text(letters, whole, match) for match in matches)
    return [(start, _cluster_end(text, end)) for start, end in found]


def _whole_places(whole: bytes, bones: bytes) -> list[Match]:
    found: list[Match] = []
    place = whole.find(bones)
    while place >= 0 and len(found) < MOST_HIGHLIGHTS:
        found.append(Match(place, place + len(bones), 0))
        place = whole.find(bones, place + len(bones))
    return found


def _short_places(text: str, typed: str) -> list[tuple[int, int]]:
    """Find short words where the segmentation sees them as words, not inside longer ones."""
    wanted = _words_of(typed)
    found: list[tuple[int, int]] = []
    place = 0
    for line in to_arabic_digits(text).lower().splitlines(keepends=True):
        if any(word in line for word in wanted):
            for token in cut_words(line):
                if token in wanted and len(found) < MOST_HIGHLIGHTS:
                    # a stray mark may stand behind what the segmentation takes for a word
                    found.append((place, _cluster_end(text, place + len(token))))
                place += len(token)
        else:
            place += len(line)
    return found


@lru_cache(maxsize=512)
def _words_of(typed: str) -> frozenset[str]:
    return frozenset(words(typed))


def _merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, places: Sequence[tuple[int, int]], width: int) -> tuple[int, int]:
    """Choose the window that holds most highlights; it begins with a word, and its end cuts no cluster."""
    best = max(
        places,
        key=lambda place: (
            sum(1 for a, _ in places if place[0] <= a < place[0] + width - LEAD),
            -place[0],
        ),
        default=(0, 0),
    )
    start = _word_start(text, max(0, best[0] - LEAD))
    end = max(min(len(text), start + width), best[1])
    return start, _cluster_end(text, end)


def _word_start(text: str, place: int) -> int:
    """Move a place back to where the word begins that it stands in."""
    start = place
    while start and place - start < LONGEST_RUN and not text[start - 1].isspace():
        start -= 1
    end = place
    while end < len(text) and end - place < LONGEST_RUN and not text[end].isspace():
        end += 1
    for word in cut_words(text[start:end]):
        if start + len(word) > place:
            break
        start += len(word)
    while start and not _is_boundary(text, start):  # a stray mark may stand before what is a word
        start -= 1
    return start


def _is_boundary(text: str, place: int) -> bool:
    """Tell whether a cluster begins at `place`."""
    return not _MARKS.match(text, place).group() and not _ENDS_OPEN.search(text[:place][-1:])  # type: ignore[union-attr]


def _cluster_end(text: str, end: int) -> int:
    """Move an end past the marks that belong to the letter before it, and off a leading vowel."""
    while end < len(text) and end > 0 and not _is_boundary(text, end):
        end += 1
    return end
