"""The types that page layout hands on: where each line stands on the page, and in which ink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import atan2, degrees, hypot

import numpy as np
from numpy.typing import NDArray

from ocr.document import Box, Ink
from ocr.layout.parameters import LAYOUT

CROP = LAYOUT.crop


@dataclass(frozen=True, slots=True)
class LineRegion:
    """One line of one column. All lengths are pixels of the upright picture, y grows downwards.

    The baseline runs from `start` to `end` (left and right edge of the line's ink); `sag` is how far
    its middle lies below that chord (the page's curl; 0 where it is straight). `body_height` is the
    height of a plain consonant (ก ด ต อ ง). `upright` is -1 (surely upside down) to 1 (surely
    upright), 0 where the line's marks do not tell. `key` is the line's number in the layout's owner
    map.
    """

    box: Box
    start: tuple[float, float]
    end: tuple[float, float]
    body_height: float
    ink: Ink = Ink.BLACK
    sag: float = 0.0
    upright: float = 0.0
    key: int = 0

    @property
    def length(self) -> float:
        """Length of the baseline in pixels."""
        return hypot(self.end[0] - self.start[0], self.end[1] - self.start[1])

    @property
    def slope(self) -> float:
        """Rise of the baseline to the right, in degrees; positive where it climbs."""
        return degrees(atan2(self.start[1] - self.end[1], self.end[0] - self.start[0]))

    def scale(self, height: int) -> float:
        """Return crop pixels per picture pixel for a crop of `height` rows."""
        return height / ((CROP.above_baseline + CROP.below_baseline) * self.body_height)

    def columns_box(self, first: float, last: float, height: int) -> Box:
        """Return the box on the upright picture of the columns `first` to `last` of this line's crop.

        `height` is the crop's height. The box spans the line's own ink from top to bottom, as
        tall as the line's box allows, so that words of one line share their top and bottom.
        """
        scale, length = self.scale(height), max(self.length, 1e-6)
        along = [column / scale - CROP.side_margin * self.body_height for column in (first, last)]
        ux, uy = (self.end[0] - self.start[0]) / length, (self.end[1] - self.start[1]) / length
        above, below = CROP.word
        xs, ys = [], []
        for t in along:
            lean = 4 * self.sag * (t / length) * (1 - t / length)
            for up in (above * self.body_height, -below * self.body_height):
                xs.append(self.start[0] + t * ux + up * uy)
                ys.append(self.start[1] + t * uy - up * ux + lean)
        left, right = sorted((self.start[0] + along[0] * ux, self.start[0] + along[1] * ux))
        top = max(self.box.top, min(ys))
        bottom = max(min(self.box.bottom, max(ys)), top + 1)
        return Box(int(left), int(top), max(round(right), int(left) + 1), round(bottom))


@dataclass(frozen=True, slots=True)
class Layout:
    """A page's lines in reading order, with what `cut_line` needs to cut them.

    `rotation` is how far the scan was turned counter-clockwise (0, 90, 180 or 270 degrees);
    `rotation_confidence` is 0 (could be upside down) to 1. `skew_degrees` is how far the rows of
    the upright picture climb to the right. `width` and `height` are pixels of the upright picture.
    """

    rotation: int
    rotation_confidence: float
    skew_degrees: float
    width: int
    height: int
    lines: tuple[LineRegion, ...]
    # 3x3 matrix from upright-picture pixels to the small straightened picture the page was read in
    to_straight: NDArray[np.float64] = field(repr=False, compare=False)
    # of each ink on that picture: 0 none or shared, 1 rule or emblem, else the `key` of a line
    owners: Mapping[Ink, NDArray[np.uint16]] = field(repr=False, compare=False)
    # that picture's paper tone, 0 to 255, at a sixteenth of its resolution
    paper: NDArray[np.uint8] = field(repr=False, compare=False)
    # that picture's tints in colour (HxWx3), 255 where there are none
    tints: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)

    @property
    def usual_body(self) -> float:
        """The middle of the lines' body heights in pixels, 0.0 on a page without lines."""
        return float(np.median([line.body_height for line in self.lines] or [0.0]))
