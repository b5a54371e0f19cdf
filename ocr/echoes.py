"""Lines that were read twice: a fringe of colour puts print in two inks, and each was read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from ocr.document import Box, Line

# Two lines of print never lie on each other by half; a stamp over print says something else.
_SAME_PLACE = 0.6  # of the smaller box
_SAME_WORDS = 0.75  # of their letters, both counted (Ratcliff and Obershelp)


def without_echoes(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leave out of two lines of different inks that lie on each other and say the same the worse read one."""
    return tuple(
        line for line in lines if not any(_is_echo(line, other) for other in lines if other != line)
    )


def _is_echo(line: Line, other: Line) -> bool:
    return (
        line.ink is not other.ink
        and _weight(line) < _weight(other)
        and _overlap(line.box, other.box) > _SAME_PLACE
        and _alike(line.text, _there(other, line.box)) > _SAME_WORDS
    )


def _there(line: Line, box: Box) -> str:
    """Return what of a line stands over a box: of a printed line that ends in a number by pen, the number."""
    words = [word.text for word in line.words if _inside(word.box, box) > _SAME_PLACE]
    return " ".join(words) or line.text


def _inside(box: Box, around: Box) -> float:
    """Return the share of a box's width that lies over another's."""
    return (min(box.right, around.right) - max(box.left, around.left)) / max(1, box.width)


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _weight(line: Line) -> tuple[float, str]:
    """Return how much of a line was surely read; equals are told apart by their ink."""
    return line.confidence * len(line.text), line.ink.value


def _overlap(one: Box, other: Box) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    smaller = min(one.width * one.height, other.width * other.height)
    return max(0, wide) * max(0, high) / max(1, smaller)
