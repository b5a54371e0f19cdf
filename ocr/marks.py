"""Secrecy and urgency marks as they look on a page: words that stand alone, in a face the page has nowhere else.

Beside the line engine, which reads rows of the page's own print: the top and the foot of every page, where marks
stand, are looked at once more for ink that stands alone, and that ink is read as a mark's words (`ocr.mark_words`).
Where a mark touches other ink, over the crest above all, a network finds its letters among it (`ocr.mark_finder`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.crest import find_crest
from ocr.document import Box, Line, MarkKind, Page, SeenMark
from ocr.engine import PagePicture
from ocr.mark_finder import find_mark_ink
from ocr.mark_words import ALONE_DPI, Ink, find_alone, fits_of, without_frames

TOP_SHARE, FOOT_SHARE = (
    0.34,
    0.20,
)  # of a page's height: where marks stand (rules of 2544, clause 14)
FAINTEST = 0.1  # no place is told of below this
_READ_WELL, _FEWEST_LETTERS = 0.9, 6  # of a line that is the page's own print
# In nats: where a fit to a mark's word is as likely chance as the word, and how fast that changes. On 52 real first
# pages of 2005 to 2010 the best fit of ink that is no mark was -6.5, the next -9; drawn marks of unseen faces, upright,
# fitted with -4.8 and more.
_EVEN_FIT, _FIT_STEP = -5.0, 0.8
# In mean logits of the finder's surest cells: where a place is held, and how fast that changes (the sweep:
# docs/quality.md).
_EVEN_LOGIT, _LOGIT_STEP = 1.8, 0.4
_SURELY_URGENT = (
    2.0  # nats by which a mark of urgency must fit better: in doubt it is one of secrecy
)
_LEAST_PIXELS = 30  # of a part that can hold a mark
_NEGATIVE = 96  # gray level: a page whose middle is darker is a negative
_COLOURED, _LEAST_COLOURED = (
    0.35,
    0.0004,
)  # how coloured ink is, and how much of a part, to be looked at alone


def note_marks(page: Page, picture: PagePicture) -> Page:
    """Return the page with the marks and the crest that its picture shows; `picture` is the page as scanned.

    Raises EngineMissingError when the line model is missing or damaged.
    """
    upright = picture.upright(page.rotation)
    scale = page.width / upright.width  # 1, but for a page that was read at another resolution
    own = [_scaled(line.box, 1 / scale) for line in page.lines if _is_own_print(line)]
    crest = find_crest(PagePicture(_as_print(upright.pixels), upright.dpi))
    found = look_for_marks(upright, own)
    marks = tuple(replace(mark, box=_scaled(mark.box, scale)) for mark in found)
    if crest is not None:
        page = replace(page, crest=replace(crest, box=_scaled(crest.box, scale)))
    return replace(page, marks=marks) if marks else page


def _is_own_print(line: Line) -> bool:
    """Tell whether a line was read so well, and is so long, that no mark hides in it."""
    return line.confidence >= _READ_WELL and len(line.text.replace(" ", "")) >= _FEWEST_LETTERS


def look_for_marks(picture: PagePicture, own_print: Sequence[Box] = ()) -> list[SeenMark]:
    """Return the places of an upright page where a mark may be; `own_print` is not read once more."""
    height, found = picture.height, list[SeenMark]()
    for top, foot in ((0, round(TOP_SHARE * height)), (round((1 - FOOT_SHARE) * height), height)):
        if min(foot - top, picture.width) < _LEAST_PIXELS:
            continue  # a sliver, not a page
        part = PagePicture(_as_print(picture.pixels[top:foot]), picture.dpi)
        printed = [replace(box, top=box.top - top, bottom=box.bottom - top) for box in own_print]
        seen = (*_words(part, printed), *_among_other_ink(part, printed))
        for mark in sorted(seen, key=lambda one: -one.share):
            box = replace(mark.box, top=mark.box.top + top, bottom=mark.box.bottom + top)
            # The same ink is looked at with wider and narrower gaps, for its colour, and by the network.
            if not any(one.kind is mark.kind and _is_one_place(one.box, box) for one in found):
                found.append(replace(mark, box=box))
    return found


def _words(part: PagePicture, own_print: Sequence[Box]) -> Iterator[SeenMark]:
    for ink in _inks(part):
        letters = without_frames(ink)
        cleaned = ink * cv2.dilate(letters.astype(np.uint8), np.ones((3, 3), np.uint8))
        for alone in find_alone(letters):
            box = _in_pixels(alone, part)
            if any(_covers(line, box) for line in own_print):
                continue
            fits = fits_of(np.asarray(cleaned, np.float32), alone)
            kind = MarkKind.URGENCY if fits[1] > fits[0] + _SURELY_URGENT else MarkKind.SECRECY
            fit = fits[1] if kind is MarkKind.URGENCY else fits[0]
            share = _share((fit - _EVEN_FIT) / _FIT_STEP)
            if share >= FAINTEST:
                yield SeenMark(kind, box, share)


def _among_other_ink(part: PagePicture, own_print: Sequence[Box]) -> Iterator[SeenMark]:
    for box, logit in find_mark_ink(part):
        share = _share((logit - _EVEN_LOGIT) / _LOGIT_STEP)
        if share >= FAINTEST and not any(_covers(line, box) for line in own_print):
            yield SeenMark(MarkKind.SECRECY, box, share)


def _share(steps: float) -> float:
    return 1 / (1 + math.exp(min(50.0, -steps)))


def _inks(part: PagePicture) -> Iterator[Ink]:
    """Yield the ink of a part at `ALONE_DPI`: all of it, and red and blue ink by themselves.

    Ink is measured against the paper around it; a red mark over a black crest is alone among the red.
    """
    scale = ALONE_DPI / part.dpi
    size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(part.pixels, size, interpolation=how))
    gray = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    paper = cv2.GaussianBlur(cv2.dilate(gray, np.ones((41, 41), np.uint8)), (0, 0), 15)
    yield np.clip(1 - gray.astype(np.float32) / np.maximum(paper, 24), 0, 1).astype(np.float32)
    if small.ndim == 3:
        channels = small.astype(np.float32) / 255
        for own, others in ((0, (1, 2)), (2, (0, 1))):
            coloured = np.clip(3 * (channels[..., own] - channels[..., others].max(axis=-1)), 0, 1)
            if np.mean(coloured > _COLOURED) > _LEAST_COLOURED:
                yield np.asarray(coloured, np.float32)


def _as_print(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return dark ink on light paper: a negative is turned over."""
    if pixels.size and float(np.median(pixels)) < _NEGATIVE:
        return np.asarray(255 - pixels, np.uint8)
    return pixels


def _in_pixels(box: tuple[int, int, int, int], part: PagePicture) -> Box:
    left, top, right, foot = (round(side * part.dpi / ALONE_DPI) for side in box)
    return Box(left, top, min(part.width, right), min(part.height, foot))


def _covers(line: Box, box: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return line.left <= x <= line.right and line.top <= y <= line.bottom


def _is_one_place(one: Box, other: Box) -> bool:
    return _covers(one, other) or _covers(other, one)


def _scaled(box: Box, scale: float) -> Box:
    if scale == 1:
        return box
    return Box(*(round(side * scale) for side in (box.left, box.top, box.right, box.bottom)))
