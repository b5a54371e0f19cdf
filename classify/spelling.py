"""Spelling misread words right where the dictionary, and nothing else, says how.

Two errors are left to a good reader: a mark above or below the line, and one of two letters that
look alike in small print (ซ ช ข, ด ต ค ศ). A stretch that is no word is replaced by the one
dictionary word that differs from it by nothing else; abbreviations by the one in the office's table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from classify.fuzzy import FOLD_ALIKE, edit_distance, skeleton
from ocr.thai_text import dictionary_words, is_word, split_words

_LEAST_LETTERS = 5  # on the line; shorter words are too alike in all but their marks
_LEAST_MARKED_LETTERS = 4
_LEAST_ABBREVIATED = 3
_MOST_EDITS = 2
_MOST_PARTS = 4  # a misread word falls into as many pieces at most
_THAI = re.compile(r"[ก-ฮะ-ฺเ-์ํ๎]+")
_ABBREVIATION = re.compile(
    # A name is also printed close to the word before it.
    r"(?:(?<![ก-๎])|(?<=สำนักงาน)|(?<=ประธาน)|(?<=และ))(?:[ก-ฮ]{1,4}\.){1,4}(?:[ก-ฮ]{1,4}(?![ก-๎]))?"
)
_LIST_DOT = re.compile(r"(?<=[ก-ฮ])\.\.(?!\.)(?=\s?[ก-ฮ]{1,3}\.)")


def respell(text: str) -> tuple[str, int]:
    """Return the text with misread words spelt right, and how many words that took."""
    changed = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal changed
        mended, count = _respell_run(match[0])
        changed += count
        return mended

    return _THAI.sub(mend, text), changed


def _respell_run(run: str) -> tuple[str, int]:
    parts = list(split_words(run))
    changed = 0
    at = 0
    while at < len(parts):
        for size in range(_MOST_PARTS, 0, -1):
            window = parts[at : at + size]
            if len(window) < size or all(is_word(part) for part in window):
                continue
            word = _only_word("".join(window))
            if word is not None:
                parts[at : at + size] = [word]
                changed += 1
                break
        at += 1
    return "".join(parts), changed


def _only_word(misread: str) -> str | None:
    bones = skeleton(misread)
    words = [
        word
        for word in _words_by_shape().get(_shape(misread), ())
        if edit_distance(misread, word, _MOST_EDITS) <= _MOST_EDITS
    ]
    marked = [word for word in words if skeleton(word) == bones]  # only marks were misread
    if marked or len(bones) < _LEAST_LETTERS:
        words = marked
    return words[0] if len(words) == 1 else None


def _shape(text: str) -> str:
    return skeleton(text).translate(FOLD_ALIKE)


@lru_cache(maxsize=1)
def _words_by_shape() -> dict[str, tuple[str, ...]]:
    shapes: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(dictionary_words()):
        if _THAI.fullmatch(word) and len(skeleton(word)) >= _LEAST_MARKED_LETTERS:
            shapes[_shape(word)].append(word)
    return {shape: tuple(words) for shape, words in shapes.items()}


def settle_abbreviations(text: str, known: tuple[str, ...]) -> tuple[str, int, bool]:
    """Spell abbreviations (`ก.อบด.`) as the table has them (`ก.อบต.`).

    Returns the text, how many were changed, and whether one is left that is not certain: it
    resembles several, or is two run together. Two dots before a further abbreviation are a dot and a comma.
    """
    text, changed = _LIST_DOT.subn(".,", text)
    by_shape: defaultdict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(known):
        by_shape[_letters(name).translate(FOLD_ALIKE)].append(name)
    exact = {_letters(name) for name in known}
    unsure = False

    def mend(match: re.Match[str]) -> str:
        nonlocal changed, unsure
        letters = _letters(match[0])
        if letters in exact or len(letters) < _LEAST_ABBREVIATED:
            return match[0]
        fits = by_shape.get(letters.translate(FOLD_ALIKE), [])
        if any(letters[:cut] in exact and letters[cut:] in exact for cut in range(2, len(letters))):
            unsure = True  # `ก.จ.ก.ท.`: what stood between the two was not read
            return match[0]
        if len(fits) != 1:
            unsure = unsure or bool(fits)
            return match[0]
        changed += 1
        return fits[0] if match[0].endswith(".") else fits[0].rstrip(".")

    return _ABBREVIATION.sub(mend, text), changed, unsure


def _letters(abbreviation: str) -> str:
    return re.sub(r"[.\s]", "", abbreviation)
