"""The layer is a witness: which of a PDF's characters put ink on the page, each once.

The page is drawn with and without its text; what differs is the ink of the text. A character without
such ink in its place is white, clipped away, behind a picture, in a switched-off layer, or much too small:
whatever way it was hidden, nobody sees it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engine import PagePicture
from ocr.pdf.glyphs import Glyph

SEEN_APART = 24  # of 255; what text must change of the page to be seen
SMALLEST_POINTS = 2.5  # type smaller than this is for machines
TWICE_EM = 0.12  # the same letter nearer than this to itself was drawn twice, to look bold
IN_ONE_PLACE = (
    0.35  # of the type size; other letters whose middles are nearer than this hide one another
)
NO_WIDTH_EM = 0.05  # of the type size

_MARK = re.compile("[ัิ-ฺ็-๎]")


def painted_glyphs(
    glyphs: Sequence[Glyph], picture: PagePicture, without_text: PagePicture, scale: float
) -> list[Glyph] | None:
    """Return the characters that are seen, in their order; `scale` is pixels a point.

    None when different letters claim the same ink, so that the picture must tell which is seen.
    """
    if picture.pixels.shape[:2] != without_text.pixels.shape[:2]:
        return None
    ink = _ink_sums(picture, without_text)
    seen: list[Glyph] = []
    base_seen = True
    for glyph in glyphs:
        if glyph.text.strip() and not _sits_on_a_letter(glyph):
            base_seen = glyph.size >= SMALLEST_POINTS and _has_ink(ink, glyph, scale)
        if base_seen:  # spaces and marks go with the letter before them
            seen.append(glyph)
    once = _once(seen)
    return None if _clashes(once) else once


def _sits_on_a_letter(glyph: Glyph) -> bool:
    """Tell whether it is a vowel or tone mark; those in the private use area are known by their width."""
    return bool(_MARK.match(glyph.text)) or glyph.right - glyph.left < NO_WIDTH_EM * glyph.size


def _ink_sums(picture: PagePicture, without_text: PagePicture) -> NDArray[np.int32]:
    """Return the integral image of where text has changed the page."""
    change = cv2.absdiff(picture.gray, without_text.gray)
    return np.asarray(cv2.integral((change > SEEN_APART).astype(np.uint8)), dtype=np.int32)


def _has_ink(ink: NDArray[np.int32], glyph: Glyph, scale: float) -> bool:
    height, width = (side - 1 for side in ink.shape)
    left, right = (min(max(round(x * scale), 0), width) for x in (glyph.left, glyph.right))
    top, bottom = (min(max(round(y * scale), 0), height) for y in (glyph.top, glyph.bottom))
    right, bottom = min(max(right, left + 2), width), min(max(bottom, top + 2), height)
    return bool(ink[bottom, right] - ink[top, right] - ink[bottom, left] + ink[top, left] > 1)


def _once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Drop letters that were drawn before in the same place."""
    drawn: dict[str, list[Glyph]] = defaultdict(list)
    kept = []
    for glyph in glyphs:
        near = TWICE_EM * glyph.size
        if glyph.text.strip():
            if any(
                abs(one.left - glyph.left) < near and abs(one.bottom - glyph.bottom) < near
                for one in drawn[glyph.text]
            ):
                continue
            drawn[glyph.text].append(glyph)
        kept.append(glyph)
    return kept


def _clashes(glyphs: Sequence[Glyph]) -> int:
    """Count letters and figures that stand where another one stands."""
    places: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    clashes = 0
    for glyph in glyphs:
        if not glyph.text.isalnum() or glyph.right - glyph.left < IN_ONE_PLACE * glyph.size / 2:
            continue
        across, down = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        near = IN_ONE_PLACE * glyph.size / 2
        column, row = int(across // 8), int(down // 8)
        around = [
            one
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for one in places[x, y]
        ]
        clashes += any(
            abs((one.left + one.right) / 2 - across) < near
            and abs((one.top + one.bottom) / 2 - down) < near
            for one in around
        )
        places[column, row].append(glyph)
    return clashes
