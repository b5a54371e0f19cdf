"""Ink without words: pictures, curves and stamps on a page of text are read, and join its lines.

A page's text may be all but the number that somebody wrote into a gap with a picture, or a note typed
above a photograph of the whole letter.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.assemble import assemble_line
from ocr.document import Box, Line, Origin, Page
from ocr.engine import PagePicture
from ocr.ink import INK_DARKER_THAN
from ocr.paper_size import MM_PER_INCH

LETTER_MM = (1.0, 25.0)  # heights of letters, from 5 points to a large secrecy mark
FEWEST_SHAPES = 2  # a mark is two letters at least
SAME_ROW = 0.5  # of the lower line's height that must be shared
MUCH_TALLER = 3.0  # times; a large watermark behind a line is not of it
OVER = 0.3  # of the narrower word's width: print over print, such as a watermark, is two lines
JOINED_EM = 1.5  # heights; a gap narrower than this is within one line


def has_wordless_ink(without_text: PagePicture) -> bool:
    """Tell whether a page without its text still has shapes as large as letters."""
    gray = without_text.gray
    inked = (gray < INK_DARKER_THAN).astype(np.uint8)
    if not inked.any():
        return False
    _, _, shapes, _ = cv2.connectedComponentsWithStats(inked)
    low, high = (mm / MM_PER_INCH * without_text.dpi for mm in LETTER_MM)
    heights = shapes[1:, cv2.CC_STAT_HEIGHT]
    # Pictures whose own paper is gray, or framed, are one shape: large, and with anything in it.
    large = bool((shapes[1:, cv2.CC_STAT_AREA] > high * high).any())
    return large or int(((heights >= low) & (heights <= high)).sum()) >= FEWEST_SHAPES


def add_lines(page: Page, read: Page) -> Page:
    """Return the page with lines that were read where it has no text; `read` is of the same picture.

    Lines of a picture that lies turned on the page stay lines of their own, in their places.
    """
    lines = list(page.lines)
    added = [line for line in read.lines if line.text.strip()]
    if not added:
        return page
    for line in added:
        if read.rotation:
            lines.append(_turn_back(line, read))
        else:
            _add(lines, line)
    lines.sort(key=lambda line: (line.box.top + line.box.bottom, line.box.left))
    return replace(
        page,
        lines=tuple(lines),
        origin=Origin.MIXED,
        engine=f"{page.engine}, {read.engine}",
    )


def turn_box_back(box: Box, rotation: int, width: int, height: int) -> Box:
    """Return where a box of the upright picture, `width` x `height`, lies on the page as it was scanned."""
    if rotation == 90:
        return Box(box.top, width - box.right, box.bottom, width - box.left)
    if rotation == 180:
        return Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
    return Box(height - box.bottom, box.left, height - box.top, box.right)


def _turn_back(line: Line, read: Page) -> Line:
    turn = (read.rotation, read.width, read.height)
    words = tuple(replace(word, box=turn_box_back(word.box, *turn)) for word in line.words)
    return replace(line, box=turn_box_back(line.box, *turn), words=words)


def _add(lines: list[Line], line: Line) -> None:
    """Make a line part of the row it stands in, or a line of its own."""
    beside = [one for one in lines if _is_beside(one, line)]
    words = sorted(
        (word for one in (*beside, line) for word in one.words), key=lambda word: word.box.left
    )
    joined = assemble_line(words, ink=beside[0].ink) if beside else None
    if joined is None:
        lines.append(line)
        return
    for one in beside:
        lines.remove(one)
    lines.append(joined)


def _is_beside(one: Line, other: Line) -> bool:
    """Tell whether two lines stand in one row, near to one another and not one over the other."""
    shared = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    lower = min(one.box.height, other.box.height)
    gap = max(one.box.left, other.box.left) - min(one.box.right, other.box.right)
    return (
        shared > SAME_ROW * lower
        and max(one.box.height, other.box.height) < MUCH_TALLER * lower
        and gap < JOINED_EM * lower
        and not any(_covers(word.box, mine.box) for word in one.words for mine in other.words)
    )


def _covers(one: Box, other: Box) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > OVER * min(
        one.width, other.width
    )
