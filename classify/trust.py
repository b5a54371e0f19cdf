"""How far a field can be trusted: what the reader said, what the text looks like, how long it is.

A reader's confidence is not the chance that a field is right: it says nothing of a wrong but
pretty letter, and a long field has more places to go wrong. The chance is put together from the
words' confidence, the share of letters that belong to known words, and signs no letter prints.
`benchmarks/fields.py` prints how well it holds (said against right).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.thai_text import unknown_letters

_GLUED = re.compile(r"[ก-๙][A-Za-z]|[A-Za-z][ก-๎]")
_STRAY = re.compile(r"[^\sก-๙A-Za-z0-9.,()/\-–—\"'“”‘’:;%&+#]")
_SHORT_LATIN = re.compile(r"(?<![A-Za-z])(?:[a-z]{1,3}|[A-Z]\.[A-Z]\.)(?![A-Za-z])")
_LATIN = re.compile(r"[A-Za-z]")


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
