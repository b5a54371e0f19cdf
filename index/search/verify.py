"""Does a letter really say what was typed, reading errors allowed? Approximate search in its text.

Engines bring candidates by whole pieces of the typed text; here each is compared letter by letter.
The distance is Levenshtein's on skeletons, the best place anywhere in the text (Myers' bit-parallel
algorithm in edlib); digits are never allowed to differ, since another number is another letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import edlib

from index.search.analysis import SHORTEST_SKELETON, base_letters, skeleton

_DIGITS = re.compile(rb"\d+")


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
    if not limit:
        return None
    found = edlib.align(wanted, bones, mode="HW", task="locations", k=limit)
    errors = found["editDistance"]
    if errors < 0:
        return None
    numbers = _DIGITS.findall(wanted)
    for start, end in found["locations"]:
        if not numbers or _DIGITS.findall(bones[start : end + 1]) == numbers:
            return Match(start, end + 1, errors)
    return None


def errors_in(text: str, typed: str) -> int | None:
    """Return with how many wrong letters `typed` stands in `text`; None when it does not."""
    wanted = skeleton(typed)
    if base_letters(wanted) < SHORTEST_SKELETON:
        return None
    match = find_in(skeleton(text), wanted)
    return match.errors if match else None
