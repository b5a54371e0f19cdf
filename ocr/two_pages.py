"""Two pages on one sheet: an opened booklet on A3, two A5 letters on the glass. The gutter parts them.

A sheet lies across, nothing is printed down its middle, and no line or rule runs over there. Both sides
become pages of their own, the left one first; whether the right one is the letter's first page shows
later, when its head is found.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocr.document import Box, Flattened, Line, Page
from ocr.engine import PagePicture

ACROSS = (
    1.25  # times as wide as high: two upright papers are 1.41, two pages of one folded sheet too
)
MIDDLE = (0.44, 0.56)  # of the width: the gutter's middle lies between, however badly the sheet lay
LEAST_GUTTER = 0.05  # of the width: two inner margins of 1 cm each on A4
FEWEST_LETTERS = 25  # on a side that is a page; fewer are dirt or a page number
STRIP = 0.012  # of the width: what is looked at beside the gutter's middle
DARKER = 60  # grey levels under the paper: a rule across the gutter makes the sheet one table


def split_sheet(page: Page, picture: PagePicture) -> tuple[Page, ...]:
    """Return the pages on a sheet, in reading order from the left; mostly the page alone.

    `picture` is what `page` was read from, as it was scanned or laid flat.
    """
    gutter = find_gutter(page)
    if gutter is None or _is_crossed(page, picture, gutter):
        return (page,)
    sides = (
        _side(page, [line for line in page.lines if _middle(line) < gutter], 0, gutter),
        _side(page, [line for line in page.lines if _middle(line) >= gutter], gutter, page.width),
    )
    printed = tuple(side for side in sides if _letters(side.lines) >= FEWEST_LETTERS)
    if len(printed) == len(sides):
        return printed
    # An empty page beside the letter: its dirt goes with it, its marks do not.
    return printed if page.lines and len(printed) == 1 else (page,)


def find_gutter(page: Page) -> int | None:
    """Return where, in pixels from the left, the sheet's two pages meet; None where it is one page."""
    if page.width < ACROSS * page.height or not page.lines:
        return None
    words = [word.box for line in page.lines for word in line.words] or [
        line.box for line in page.lines
    ]
    taken = np.zeros(page.width + 1, np.bool_)
    for box in words:
        taken[max(0, box.left) : max(0, box.right)] = True
    low, high = (round(share * page.width) for share in MIDDLE)
    best: tuple[int, int] = (0, 0)
    start = None
    for x in range(page.width + 1):
        if not taken[x] and start is None:
            start = x
        if start is not None and (taken[x] or x == page.width):
            inner = (max(start, low), min(x, high))
            if x - start >= LEAST_GUTTER * page.width and inner[1] > inner[0]:
                best = max(best, inner, key=lambda pair: pair[1] - pair[0])
            start = None
    if best[1] <= best[0]:
        return None
    return (best[0] + best[1]) // 2


def _middle(line: Line) -> float:
    return (line.box.left + line.box.right) / 2


def _letters(lines: tuple[Line, ...]) -> int:
    return sum(len(line.text) for line in lines)


def _is_crossed(page: Page, picture: PagePicture, gutter: int) -> bool:
    """Tell whether ink runs across the gutter: the rule of a table that fills the sheet."""
    gray = picture.upright(page.rotation).gray
    half = max(2, round(STRIP * page.width))
    strip = gray[:, max(0, gutter - half) : gutter + half]
    paper = float(np.percentile(strip, 90))
    rows = (strip < paper - DARKER).mean(axis=1)
    # A fold's shadow darkens all rows alike; a rule darkens few of them, from side to side.
    crossed = rows > 0.9
    return bool(crossed.any()) and float(crossed.mean()) < 0.5


def _side(page: Page, lines: list[Line], left: int, right: int) -> Page:
    """Return one side as a page of its own, its boxes counted from its own corner.

    Every side gets all marks of the sheet: a mark stands for the whole sheet, and it may stand in the gutter or on
    the side without print. Of one on the other side the box lies outside.
    """
    flat = page.flattened or Flattened(
        (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), page.width, page.height, page.dpi
    )
    a, b, c, d, e, f, g, h, i = flat.matrix
    moved = (a, b, a * left + c, d, e, d * left + f, g, h, g * left + i)
    return replace(
        page,
        width=right - left,
        lines=tuple(_moved(line, left) for line in lines),
        marks=tuple(replace(mark, box=_moved_box(mark.box, left)) for mark in page.marks),
        crest=page.crest and replace(page.crest, box=_moved_box(page.crest.box, left)),
        flattened=replace(flat, matrix=moved),
        sheet=page.file_page,
    )


def _moved(line: Line, left: int) -> Line:
    words = tuple(replace(word, box=_moved_box(word.box, left)) for word in line.words)
    return replace(line, box=_moved_box(line.box, left), words=words)


def _moved_box(box: Box, left: int) -> Box:
    return Box(box.left - left, box.top, box.right - left, box.bottom)
