"""How far a field can be trusted: what the reader said, what the text looks like, how long it is.

A reader's confidence is not the chance that a field is right: it says nothing of a wrong but
pretty letter, and a long field has more places to go wrong. The chance is put together from the
words' confidence, the share of letters that belong to known words, and signs no letter prints.
`benchmarks/fields.py` prints how well it holds (said against right).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.thai_text import THAI_DIGITS, unknown_letters

_GLUED = re.compile(r"[ก-๙][A-Za-z]|[A-Za-z][ก-๎]")
_STRAY = re.compile(r"[^\sก-๙A-Za-z0-9.,()/\-–—\"'“”‘’:;%&+#]")
_SHORT_LATIN = re.compile(r"(?<![A-Za-z])(?:[a-z]{1,3}|[A-Z]\.[A-Z]\.)(?![A-Za-z])")
_LATIN = re.compile(r"[A-Za-z]")


# What a reader's word is worth at most, by the start of its name. Measured with benchmarks/fields.py:
# Tesseract 5.3 `tha` reads ๔ ๖ ๗ ๘ ๙ as other digits with full confidence.
# (engine, anything with Thai digits, numbers and dates in Arabic digits, words)
_CEILINGS: tuple[tuple[str, float, float, float], ...] = (("tesseract", 0.3, 0.6, 0.9),)
# The line network knows no handwriting and is too sure of it: of its figures said to be right with
# 0.90 to 0.95 one in two was written by hand. Squared, what it says comes true.
_TOO_SURE = ("lines",)
_DIRTY = 0.5
_UNKNOWN_WEIGHT = 3.0


@dataclass(frozen=True, slots=True)
class Looks:
    """What a text looks like: `unknown` is the share of letters in no dictionary word, 0 to 1.

    `is_dirty` tells of signs that a printed field does not have: Latin letters glued to Thai,
    stray signs, single Latin syllables.
    """

    unknown: float
    is_dirty: bool


def look_at(text: str, *, may_be_latin: bool) -> Looks:
    """Judge a field's text; `may_be_latin` allows Latin words, as a subject has them."""
    dirty = bool(_GLUED.search(text) or _STRAY.search(text) or _SHORT_LATIN.search(text))
    if not may_be_latin and _LATIN.search(text):
        dirty = True
    letters = sum("ก" <= char <= "๙" for char in text)
    if not letters:
        return Looks(0.0, dirty)
    # Abbreviations (ก.ท.จ.) are in no dictionary and are not misread for that.
    words = re.sub(r"(?:[ก-ฮ]{1,4}\.)+[ก-ฮ]{0,3}", " ", text)
    missing = sum(unknown_letters(part) for part in re.findall(r"[ก-๎]+", words))
    return Looks(min(1.0, missing / letters), dirty)


def believe(
    trust: float, printed: str, engine: str, *, is_prose: bool = True, may_be_latin: bool = True
) -> float:
    """Return the chance, 0 to 1, that a field is right.

    `trust` is the words' confidence times how surely the field was found, `printed` the text as it
    was read, `engine` the name of what read the page. Numbers and dates are no prose: their letters
    are checked by their own grammar.
    """
    chance = trust
    if is_prose:
        looks = look_at(printed, may_be_latin=may_be_latin)
        chance *= max(0.3, 1.0 - _UNKNOWN_WEIGHT * looks.unknown) * (
            _DIRTY if looks.is_dirty else 1
        )
    elif engine.startswith(_TOO_SURE):
        chance *= chance
    for name, thai_digits, figures, words in _CEILINGS:
        if engine.startswith(name):
            has_thai_digits = any(char in THAI_DIGITS for char in printed)
            ceiling = words if is_prose else figures
            chance = min(chance, thai_digits if has_thai_digits else ceiling)
    return round(max(0.0, min(1.0, chance)), 4)
