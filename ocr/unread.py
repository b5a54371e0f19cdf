"""Is there print that nobody read? A page that gave no words is blank only where there is no ink like print."""

from __future__ import annotations

import numpy as np

from ocr.document import Page
from ocr.engine import PagePicture
from ocr.layout.printed import letters_in_rows
from ocr.layout.sheet import reduce_picture

FEWEST_LETTERS = 25  # in rows; signatures, stains and punch holes are fewer
MUCH_READ = 800  # characters; of a full page, which has twice as many, at most half is unread then
MOST_UNCOVERED = 0.5  # share of the letters in rows that no line read covers
COVER_MARGIN = 0.3  # of a line's height: so far around its box a line covers


def has_unread_print(page: Page, picture: PagePicture) -> bool:
    """Tell whether most of what looks like print on a page gave no words; `picture` is what was read."""
    if sum(len(line.text) for line in page.lines) > MUCH_READ:
        return False
    return uncovered_share(page, picture) > MOST_UNCOVERED


def uncovered_share(page: Page, picture: PagePicture) -> float:
    """Return the share of what looks like print that no line read covers; 0.0 where there is too little of it."""
    upright = picture.upright(page.rotation)
    small = reduce_picture(upright.pixels)
    letters = letters_in_rows(small)
    if len(letters) < FEWEST_LETTERS:
        return 0.0
    scale = small.shape[1] / max(page.width, 1)
    covered = np.zeros(len(letters), np.bool_)
    for line in page.lines:
        margin = COVER_MARGIN * line.box.height
        x, y = letters[:, 0] / scale, letters[:, 1] / scale
        inside = (x > line.box.left - margin) & (x < line.box.right + margin)
        covered |= inside & (y > line.box.top - margin) & (y < line.box.bottom + margin)
    return float(1 - covered.mean())
