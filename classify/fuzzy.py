"""Matching Thai words that were read with errors: skeletons, edit distance, labels.

Marks above and below the line are what scanners lose first (measured: nine of ten Thai reading
errors are in tone marks and upper or lower vowels), so words are compared by their skeleton: the
letters on the line only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ocr.thai_text import to_arabic_digits

_MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ๎")
# Letters that look alike in small or fat print; the first of each group stands for all of it.
LOOK_ALIKES = ("ชซข", "ตดคศ", "กถภ", "พฟฬ", "ผฝ", "ปบ", "ฎฏ", "ทฑ", "อฮ")
FOLD_ALIKE = str.maketrans({letter: group[0] for group in LOOK_ALIKES for letter in group})
_SILENT = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


def skeleton_positions(text: str) -> tuple[str, list[int]]:
    """Return the skeleton of `text` and, for each of its letters, the index in `text`.

    The skeleton has no marks, no spaces, Arabic digits, lower case, and า for ำ.
    """
    letters: list[str] = []
    places: list[int] = []
    for index, char in enumerate(to_arabic_digits(text)):
        if char in _MARKS or char in _SILENT or char.isspace():
            continue
        lowered = char.lower()
        letters.append("า" if char == "ำ" else lowered if len(lowered) == 1 else char)
        places.append(index)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """Return the letters of `text` that stand on the line: what survives a bad scan."""
    return skeleton_positions(text)[0]


def edit_distance(one: str, other: str, limit: int) -> int:
    """Return the Levenshtein distance of two strings, or `limit + 1` when it is larger."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    if one == other:
        return 0
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            current.append(
                min(
                    previous[column] + 1,
                    current[-1] + 1,
                    previous[column - 1] + (letter != wanted),
                )
            )
        if min(current) > limit:
            return limit + 1
        previous = current
    return min(previous[-1], limit + 1)


def find_near(needle: str, hay: str, limit: int) -> tuple[int, int] | None:
    """Return (end, distance) of the best place of `needle` in `hay` within `limit` edits, or None.

    Sellers' algorithm; the pieces of `needle` are looked for first, since with at most `limit`
    errors one of `limit + 1` pieces must be there unharmed.
    """
    if limit == 0:
        place = hay.find(needle)
        return None if place < 0 else (place + len(needle), 0)
    size = len(needle) // (limit + 1)
    pieces = [needle[i * size : (i + 1) * size] for i in range(limit + 1)]
    if not size or not any(piece in hay for piece in pieces):
        return None
    column = list(range(len(needle) + 1))
    best: tuple[int, int] | None = None
    for end, letter in enumerate(hay, 1):
        diagonal = 0
        for row in range(1, len(needle) + 1):
            kept = column[row]
            column[row] = min(kept + 1, column[row - 1] + 1, diagonal + (needle[row - 1] != letter))
            diagonal = kept
        if column[-1] <= limit and (best is None or column[-1] < best[1]):
            best = (end, column[-1])
    return best


def allowed_edits(letters: int) -> int:
    """Return how many edits a keyword's skeleton of so many letters may have and still be that word.

    Stricter than for labels: `ลดเงินเดือน` must not be found in `เลื่อนเงินเดือน`, nor `พักราชการ`
    in `ลาออกจากราชการ`.
    """
    return 0 if letters < 7 else 1 if letters < 13 else 2


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label at the start of a line: where its value begins, and how many edits it took."""

    value_start: int
    edits: int


@lru_cache(maxsize=8192)  # head, layout and fields ask about the same pieces again and again
def match_label(text: str, label: str, limit: int | None = None) -> LabelHit | None:
    """Find `label` at the start of `text`, mark-insensitively and with a few edits.

    The label must end where a word ends (space, colon, end of text) unless it is read without any
    edit but letters that look alike (`ดำสั่งกรม…`); None when it is not there.
    """
    wanted = skeleton(label)
    letters, places = skeleton_positions(text[: 4 * len(label) + 8])
    limit = _label_edits(len(wanted)) if limit is None else limit
    best: tuple[int, int, int] | None = None
    for length in range(max(1, len(wanted) - limit), len(wanted) + limit + 1):
        if length > len(letters):
            break
        edits = edit_distance(letters[:length], wanted, limit)
        if edits > limit:
            continue
        end = end_of_letter(text, places[length - 1])
        closed = end >= len(text) or text[end] in " \t\u00a0:;.,"
        alike = letters[:length].translate(FOLD_ALIKE) == wanted.translate(FOLD_ALIKE)
        if edits and not closed and not (alike and length >= _SURE_LABEL):
            continue
        key = (edits, 0 if closed else 1, end)
        best = min(best, key) if best else key
    if best is None:
        return None
    start = best[2]
    while start < len(text) and text[start] in " \t\u00a0:;":
        start += 1
    return LabelHit(start, best[0])


_SURE_LABEL = 4  # letters on the line; shorter ones in other likenesses are other words


def _label_edits(letters: int) -> int:
    return 0 if letters < 4 else 1 if letters < 8 else 2 if letters < 14 else 3


def end_of_letter(text: str, index: int) -> int:
    """Return the index after the letter at `index` and its marks."""
    index += 1
    while index < len(text) and text[index] in _MARKS:
        index += 1
    return index
