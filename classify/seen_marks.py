"""Marks as they look, beside marks as they were read: in doubt a letter is secret until a person has looked.

`ocr.marks` reads ink that stands alone as a mark's words and can be wrong both ways. What was read there
weighs: print that was read well and is no mark needs a surer look than ink nobody could read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from classify.fuzzy import edit_distance, skeleton
from classify.layout import Piece
from classify.letter import Found, Secrecy
from classify.marks import is_secrecy_mark
from ocr.document import Box, Line, MarkKind, Page, SeenMark

# How likely a mark must be to count, by what was read in its place (what the figures are of: `ocr.marks`).
UNREAD = 0.5  # nothing was read there, or badly
READ_OTHERWISE = 0.85  # words were read well, and they are no mark
SURE = 0.9
_READ_WELL = 0.85
_FEWEST_LETTERS = 4  # fewer are as often a misread mark as a word
_COVERS = 0.3  # of the mark's box that a line must fill to be what stands there
# Of a piece's box. Words read in the wheel of the demonstration letters lie in it with 0.79 and more: a line's box has
# a margin. A mark that is as high as the crest, and half over it, has less.
_IN_CREST = 0.7
_SUSPECTED = 0.3  # said of a mark that was only seen: nobody read which it is


def see_secrecy(read: Found[Secrecy] | None, pages: Sequence[Page]) -> Found[Secrecy] | None:
    """Return the secrecy mark that was read, or the likeliest that was only seen, or None."""
    if read is not None:
        return read
    best: tuple[float, SeenMark, Page] | None = None
    for page in pages:
        for mark in page.marks:
            if mark.kind is not MarkKind.SECRECY or mark.share < _needed(mark, page, pages):
                continue
            if best is None or mark.share > best[0]:
                best = mark.share, mark, page
    if best is None:
        return None
    _, mark, page = best
    printed = " ".join(line.text for line in _lines_at(mark.box, page, pages))
    confidence = 0.9 if mark.share >= SURE else _SUSPECTED
    return Found(Secrecy.SECRET, printed, confidence, page.number, mark.box, "รูปร่างเป็นตราชั้นความลับ")


def sees_urgency(pages: Sequence[Page]) -> SeenMark | None:
    """Return the likeliest urgency mark on the first page that nobody could read, or None."""
    seen = [
        mark
        for page in pages[:1]
        for mark in page.marks
        if mark.kind is MarkKind.URGENCY and mark.share >= _needed(mark, page, pages)
    ]
    return max(seen, key=lambda mark: mark.share, default=None)


def is_crest(piece: Piece, pages: Sequence[Page]) -> bool:
    """Tell whether what was read in a piece is the page's crest, and no letters of an urgency mark were seen there.

    Only the question about urgency asks this: what may be a mark of secrecy hides the letter wherever it stands.
    """
    page = next((page for page in pages if page.number == piece.page), None)
    if page is None or page.crest is None or page.crest.ink is not piece.ink:
        return False
    urgent = (mark.box for mark in page.marks if mark.kind is MarkKind.URGENCY)
    inside = _shared(piece.box, page.crest.box) >= _IN_CREST * _area(piece.box)
    return inside and not any(_shared(piece.box, box) for box in urgent)


def _needed(mark: SeenMark, page: Page, pages: Sequence[Page]) -> float:
    other = any(_is_surely_other(line) for line in _lines_at(mark.box, page, pages))
    # A mark of the other kind that surely stands there was told from this one by its letters.
    other = other or any(
        one.kind is not mark.kind
        and one.share >= SURE
        and _shared(one.box, mark.box) > 0.3 * _area(mark.box)
        for one in page.marks
    )
    return READ_OTHERWISE if other else UNREAD


def _is_surely_other(line: Line) -> bool:
    """Tell whether a line was read well and says something that is no mark."""
    letters = skeleton(line.text)
    is_number = bool(re.fullmatch(r"\W*(?:หน้า)?\W*[0-9๐-๙]+\W*", line.text.strip()))
    return (
        line.confidence >= _READ_WELL
        and (len(letters) >= _FEWEST_LETTERS or is_number)
        and not any(_resembles(part) for part in line.text.split())
    )


def _resembles(text: str) -> bool:
    """Tell whether a word is a secrecy mark but for a letter or two; long words are what they say."""
    bones = skeleton(text)
    return is_secrecy_mark(text) or any(
        edit_distance(bones, skeleton(word), 1) <= 1 for word in ("ลับ", "ปกปิด", "ลับมาก")
    )


def _lines_at(box: Box, page: Page, pages: Sequence[Page]) -> list[Line]:
    """Return the lines in a mark's place; on a sheet of two pages it may be the other page's."""
    lines = page.lines
    sheet = [one for one in pages if one.file_page == page.file_page]
    if len(sheet) > 1 and page.flattened is not None:
        box = page.flattened.place(box)
        lines = tuple(line for side in sheet for line in side.on_picture().lines)
    return [
        line
        for line in lines
        if _shared(box, line.box) >= _COVERS * min(_area(box), _area(line.box))
    ]


def _area(box: Box) -> int:
    return max(1, box.width * box.height)


def _shared(one: Box, other: Box) -> int:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0, width) * max(0, height)
