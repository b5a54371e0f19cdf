"""Ink without words: pictures, curves and stamps on a page of text are read, and join its lines.

A page's text may be all but the number that somebody wrote into a gap with a picture, or a note typed
above a photograph of the whole letter.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.assemble import assemble_line
from ocr.document import Line, Origin, Page
from ocr.engine import PagePicture
from ocr.ink import INK_DARKER_THAN

LETTER_MM = (1.0, 25.0)  # heights of letters, from 5 points to a large secrecy mark
FEWEST_SHAPES = 2  # a mark is two letters at least
SAME_ROW = 0.5  # of the lower line's height that must be shared
JOINED_EM = 1.5  # heights; a gap narrower than this is within one line


def has_wordless_ink(without_text: PagePicture) -> bool:
    """Tell whether a page without its text still has shapes as large as letters."""
    gray = without_text.gray
    inked = (gray < INK_DARKER_THAN).astype(np.uint8)
    if not inked.any():
        return False
    _, _, shapes, _ = cv2.connectedComponentsWithStats(inked)
    low, high = (mm / 25.4 * without_text.dpi for mm in LETTER_MM)
    heights = shapes[1:, cv2.CC_STAT_HEIGHT]
    # Pictures whose own paper is gray, or framed, are one shape: large, and with anything in it.
    large = bool((shapes[1:, cv2.CC_STAT_AREA] > high * high).any())
    return large or int(((heights >= low) & (heights <= high)).sum()) >= FEWEST_SHAPES


def add_lines(page: Page, read: Page) -> Page:
    """Return the page with lines that were read where it has no text; `read` is of the same picture.

    A page that was read turned is not of one piece with its text: its lines are left as they are then.
    """
    lines = list(page.lines)
    added = [line for line in read.lines if line.text.strip()]
    if not added or read.rotation:
        return page
    for line in added:
        _add(lines, line)
    lines.sort(key=lambda line: (line.box.top + line.box.bottom, line.box.left))
    return replace(
        page,
        lines=tuple(lines),
        origin=Origin.MIXED,
        engine=f"{page.engine}, {read.engine}",
    )


def _add(lines: list[Line], line: Line) -> None:
    """Make a line part of the row it stands in, or a line of its own."""
    beside = [one for one in lines if _is_beside(one, line)]
    if beside:
        words = sorted(
            (word for one in (*beside, line) for word in one.words), key=lambda word: word.box.left
        )
        joined = assemble_line(words, ink=beside[0].ink)
        if joined is not None:
            for one in beside:
                lines.remove(one)
            lines.append(joined)
            return
    lines.append(line)


def _is_beside(one: Line, other: Line) -> bool:
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    lower = min(one.box.height, other.box.height)
    gap = max(one.box.left, other.box.left) - min(one.box.right, other.box.right)
    return shared > SAME_ROW * lower and gap < JOINED_EM * lower
