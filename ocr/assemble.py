"""Putting a line together from its words, so that text and words always say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.document import Box, Ink, Line, Word
from ocr.thai_text import normalize


def assemble_line(
    words: Sequence[Word], *, ink: Ink = Ink.BLACK, confidence: float | None = None
) -> Line | None:
    """Make a line of words in reading order; None when no text is left after normalising.

    Where normalising closes a loose space, the words beside it become one. Without `confidence`
    the line's is the mean of its words', weighted by letters.
    """
    clean = [replace(word, text=normalize(word.text).replace(" ", "")) for word in words]
    clean = [word for word in clean if word.text]
    if not clean:
        return None
    text = normalize(" ".join(word.text for word in clean))
    clean = _regroup(text.split(), clean)
    if confidence is None:
        letters = sum(len(word.text) for word in clean)
        confidence = sum(word.confidence * len(word.text) for word in clean) / letters
    return Line(text, union(clean), tuple(clean), confidence, ink)


def union(words: Sequence[Word]) -> Box:
    """Return the smallest box that holds all words; there must be one."""
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box


def _regroup(texts: list[str], words: list[Word]) -> list[Word]:
    """Unite words until they are `texts`; when signs moved between words, all become one."""
    grouped, rest = [], list(words)
    for text in texts:
        group: list[Word] = []
        while rest and len("".join(word.text for word in group)) < len(text):
            group.append(rest.pop(0))
        if "".join(word.text for word in group) != text:
            return _one_by_one(texts, words)
        grouped.append(_unite(text, group))
    return grouped


def _unite(text: str, group: list[Word]) -> Word:
    if len(group) == 1:
        return replace(group[0], text=text)
    letters = sum(len(word.text) for word in group)
    confidence = sum(word.confidence * len(word.text) for word in group) / letters
    return Word(text, union(group), confidence)


def _one_by_one(texts: list[str], words: list[Word]) -> list[Word]:
    """Share the line's box out by letters when the words' own boxes no longer fit the text."""
    whole = _unite("".join(word.text for word in words), words)
    total = sum(len(text) + 1 for text in texts) - 1
    result, at = [], 0
    for text in texts:
        left = whole.box.left + whole.box.width * at // total
        right = whole.box.left + whole.box.width * (at + len(text)) // total
        box = Box(left, whole.box.top, max(right, left + 1), whole.box.bottom)
        result.append(Word(text, box, whole.confidence))
        at += len(text) + 1
    return result
