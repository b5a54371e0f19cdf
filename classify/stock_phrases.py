"""Spelling stock phrases as they are spelt: names that every letter repeats, read with wrong marks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from classify.fuzzy import edit_distance, end_of_letter, find_near, skeleton, skeleton_positions
from ocr.thai_text import unknown_letters

_SHORTEST = 8  # letters of a skeleton that is safe to replace


def settle_phrases(text: str, phrases: tuple[str, ...]) -> tuple[str, int]:
    """Return the text with every stock phrase in its right spelling, and how many letters that took.

    A phrase is known by its skeleton; marks may be wrong at will, letters only in long phrases and
    where what was read is no word.
    """
    edits = 0
    letters = skeleton_positions(text)
    for phrase, bones in _known(phrases):
        place = _place(text, *letters, bones)
        if place is None:
            continue
        start, end, wrong = place
        settled = text[:start] + phrase + text[end:]
        if wrong and unknown_letters(settled) >= unknown_letters(text):
            continue  # real words that only resemble the phrase
        edits += wrong
        text = settled
        letters = skeleton_positions(text)
    return text, edits


def _place(
    text: str, letters: str, places: Sequence[int], bones: str
) -> tuple[int, int, int] | None:
    limit = 0 if len(bones) < 12 else 1 if len(bones) < 24 else 2
    hit = find_near(bones, letters, limit)
    if hit is None:
        return None
    end, wrong = hit
    lengths = range(len(bones) - wrong, len(bones) + wrong + 1)
    start = min(
        (end - length for length in lengths if 0 <= end - length < end),
        key=lambda at: (edit_distance(letters[at:end], bones, limit), abs(end - at - len(bones))),
        default=None,
    )
    if start is None:
        return None
    return places[start], end_of_letter(text, places[end - 1]), wrong


@lru_cache(maxsize=8)
def _known(phrases: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Phrases with their skeletons, longest first, so that the longest one wins."""
    pairs = [(phrase, skeleton(phrase)) for phrase in dict.fromkeys(phrases)]
    fit = [
        (phrase, bones) for phrase, bones in pairs if len(bones) >= _SHORTEST and " " not in phrase
    ]
    return tuple(sorted(fit, key=lambda pair: -len(pair[1])))
