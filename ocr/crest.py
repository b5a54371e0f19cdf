"""The sign at the head of a page: the Garuda, an office's wheel, ring or seal. It is no mark, whatever is read in it.

A mark is a row of letters, each of its own ink; a crest is one piece of ink as high as several of them, about as wide
as high, in the middle or at the left margin (rules of 2526, clause 71: 3 cm or 1.5 cm high).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.document import Box, Crest, Ink
from ocr.engine import PagePicture
from ocr.ink import COLOUR_DISTANCE
from ocr.paper_size import MM_PER_INCH

CREST_DPI = 100  # of the ink that is looked at
_INKED = 0.18  # darker than its paper by so much
_TALL_MM = (
    11.0,
    40.0,
)  # 1.5 cm printed small; 3 cm with its flourishes. Letters of 70 points are 11 mm high.
_WIDE = (0.6, 1.67)  # widths for a height
_LOWEST = 0.22  # of the page's height: it begins above
_AT_MIDDLE, _AT_LEFT = 0.08, 0.3  # of the page's width
_CORNER = 0.12  # of its box's sides: a ring leaves the corners bare, a frame does not
_ONE_COLOUR = 0.9  # of its ink: with less something of another colour was stamped over it


def find_crest(picture: PagePicture) -> Crest | None:
    """Return the largest crest at the head of an upright page with dark ink, or None. Boxes in its pixels."""
    scale = CREST_DPI / picture.dpi
    head = picture.pixels[
        : round((_LOWEST * picture.height) + _TALL_MM[1] / MM_PER_INCH * picture.dpi)
    ]
    size = (round(head.shape[1] * scale), round(head.shape[0] * scale))
    if min(size) < 1:
        return None
    small = np.asarray(cv2.resize(head, size, interpolation=cv2.INTER_AREA), np.uint8)
    found = [
        replace(sign, box=_in_pixels(sign.box, scale, picture))
        for sign in _signs(small, picture.height * scale)
    ]
    return max(found, key=lambda one: one.box.width * one.box.height, default=None)


def _signs(small: NDArray[np.uint8], page_height: float) -> Iterator[Crest]:
    gray = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    paper = cv2.blur(cv2.dilate(gray, np.ones((27, 27), np.uint8)), (27, 27))
    inked = (gray < (1 - _INKED) * paper).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    low, high = (mm / MM_PER_INCH * CREST_DPI for mm in _TALL_MM)
    for label in range(1, count):
        x, y, width, height = (int(stats[label, at]) for at in range(4))
        box = Box(x, y, x + width, y + height)
        if not (low <= height <= high and _WIDE[0] <= width / height <= _WIDE[1]):
            continue
        if y > _LOWEST * page_height or not _is_in_place(box, gray.shape[1]):
            continue
        own = labels[y : y + height, x : x + width] == label
        ink = _one_ink(small[y : y + height, x : x + width][own])
        if ink is not None and not _is_frame(own):
            yield Crest(box, ink)


def _is_in_place(box: Box, page_width: int) -> bool:
    off = abs((box.left + box.right) / 2 - page_width / 2)
    return off < _AT_MIDDLE * page_width or box.right < _AT_LEFT * page_width


def _is_frame(own: NDArray[np.bool_]) -> bool:
    """Tell whether ink reaches into the corners of its box: a frame, perhaps with a mark in it."""
    rows, columns = (max(1, round(_CORNER * side)) for side in own.shape)
    ends = ((slice(None, rows), slice(-rows, None)), (slice(None, columns), slice(-columns, None)))
    return sum(bool(own[down, across].any()) for down in ends[0] for across in ends[1]) >= 3


def _one_ink(pixels: NDArray[np.uint8]) -> Ink | None:
    """Return the colour of (N,) or (N, 3) pixels, None where they have more than one."""
    if pixels.ndim == 1:
        return Ink.BLACK
    red, green, blue = (pixels[:, channel].astype(np.int16) for channel in range(3))
    reds = red - np.maximum(green, blue) > COLOUR_DISTANCE
    blues = blue - red > COLOUR_DISTANCE
    shares = {
        Ink.RED: float(reds.mean()),
        Ink.BLUE: float(blues.mean()),
        Ink.BLACK: float((~reds & ~blues).mean()),
    }
    most = max(shares, key=lambda ink: shares[ink])
    return most if shares[most] >= _ONE_COLOUR else None


def _in_pixels(box: Box, scale: float, picture: PagePicture) -> Box:
    left, top, right, bottom = (
        round(side / scale) for side in (box.left, box.top, box.right, box.bottom)
    )
    return Box(left, top, min(picture.width, right), min(picture.height, bottom))
