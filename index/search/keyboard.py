"""The Kedmanee keyboard (TIS 820-2538): words typed in the wrong layout, keys without their shift.

Pure tables: the Latin layout is the US one that Thai keyboards carry beside the Thai letters.
"""

from __future__ import annotations

import re
from itertools import pairwise

_PLAIN = "1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./"
_PLAIN_THAI = "ๅ/-ภถุึคตจขชๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝ"
_SHIFTED = '!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?'
_SHIFTED_THAI = '+๑๒๓๔ู฿๕๖๗๘๙๐"ฎฑธํ๊ณฯญฐ,ฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ'

_TO_THAI = str.maketrans(_PLAIN + _SHIFTED, _PLAIN_THAI + _SHIFTED_THAI)
_TO_LATIN = str.maketrans(_PLAIN_THAI + _SHIFTED_THAI, _PLAIN + _SHIFTED)

_HAS_THAI, _HAS_LATIN = re.compile("[ก-๛]"), re.compile("[A-Za-z]")
_ALL_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9-]+")

# Two letters on one key: whoever forgets the shift types the other one.
ON_ONE_KEY = tuple(
    (plain, shifted)
    for plain, shifted in zip(_PLAIN_THAI, _SHIFTED_THAI, strict=True)
    if "ก" <= plain <= "๎" and "ก" <= shifted <= "๎"
)


def as_thai(text: str) -> str:
    """Return what these keys give in the Thai layout: `l;ylfu` is `สวัสดี`."""
    return text.translate(_TO_THAI)


def as_latin(text: str) -> str:
    """Return what these keys give in the Latin layout: `ฏศธฮ` is `DLTV`."""
    return text.translate(_TO_LATIN)


def _beside() -> tuple[tuple[str, str], ...]:
    """Return the letters of keys that lie beside each other in a row, without shift."""
    rows = (_PLAIN_THAI[:12], _PLAIN_THAI[12:24], _PLAIN_THAI[24:35], _PLAIN_THAI[35:])
    return tuple(
        pair for row in rows for pair in pairwise(row) if all("ก" <= one <= "๎" for one in pair)
    )


BESIDE = _beside()


def other_layouts(text: str) -> tuple[str, ...]:
    """Return what was typed with the keyboard set to the other layout, word by word; none where all fits.

    Words without a Thai letter become Thai; words of Thai letters alone may be Latin ones.
    """
    words = text.split(" ")
    thai = [word if _HAS_THAI.search(word) else as_thai(word) for word in words]
    latin = [as_latin(word) if _HAS_THAI.search(word) else word for word in words]
    made = [" ".join(thai)] if _HAS_LATIN.search(text) else []
    if all(_ALL_LATIN.fullmatch(word) for word in latin):
        made.append(" ".join(latin))
    return tuple(one for one in made if one != text)
