"""The characters the recognizer can write; class 0 is the CTC blank, class i + 1 the i-th here."""

from __future__ import annotations

from itertools import pairwise

ALPHABET = (
    "".join(chr(c) for c in range(0x20, 0x7F))
    + "".join(chr(c) for c in range(0x0E01, 0x0E3B))
    + "".join(chr(c) for c in range(0x0E3F, 0x0E5C))
    + "“”‘’–…✓•"
)
_CLASS = {c: i + 1 for i, c in enumerate(ALPHABET)}


def encode(text: str) -> list[int]:
    """Return the classes of a text; raises KeyError for a character outside the alphabet."""
    return [_CLASS[c] for c in text]


def decode(classes: list[int]) -> str:
    """Collapse repeats and blanks of a row of frame classes into text."""
    out = []
    before = 0
    for c in classes:
        if c not in (0, before):
            out.append(ALPHABET[c - 1])
        before = c
    return "".join(out)


def frames_needed(classes: list[int]) -> int:
    """Return how many CTC frames a text needs at least: repeats need a blank between."""
    return len(classes) + sum(a == b for a, b in pairwise(classes))
