"""Connected pieces of ink, their measures, and which of them are text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Blobs:
    """Pieces of ink; entry i of every array is piece i, entry 0 the paper. `labels` maps pixels to pieces."""

    labels: NDArray[np.int32]
    left: Floats
    top: Floats
    width: Floats
    height: Floats
    area: Floats

    @property
    def right(self) -> Floats:
        """Right edges, exclusive."""
        return self.left + self.width

    @property
    def bottom(self) -> Floats:
        """Bottom edges, exclusive."""
        return self.top + self.height

    @property
    def middle(self) -> Floats:
        """Horizontal middles."""
        return self.left + self.width / 2


def find_blobs(mask: Gray) -> Blobs:
    """Return the 8-connected pieces of `mask`."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    values = stats.astype(np.float64)
    values[0] = 0  # the paper is no piece
    left, top, width, height, area = values.T
    return Blobs(np.asarray(labels, dtype=np.int32), left, top, width, height, area)


def body_height(blobs: Blobs) -> float:
    """Return the commonest height of letters in pixels (a plain consonant's), 0.0 where there are none."""
    fits = (blobs.height >= 5) & (blobs.height <= 64)
    fits &= (blobs.width >= 0.3 * blobs.height) & (blobs.width <= 2.5 * blobs.height)
    fits &= (blobs.area >= 0.12 * blobs.width * blobs.height) & (
        blobs.area <= 0.85 * blobs.width * blobs.height
    )
    if np.count_nonzero(fits) < 3:
        return 0.0
    # weighed by ink, so that the many small marks and specks do not outvote the letters
    counts = np.bincount(
        blobs.height[fits].astype(int), weights=np.minimum(blobs.area[fits], 150), minlength=68
    )
    smooth = np.convolve(counts, (0.5, 1.0, 0.5), mode="same")
    peak = int(np.argmax(smooth))
    near = slice(max(0, peak - 2), peak + 3)
    return float(np.average(np.arange(68)[near], weights=counts[near] + 1e-9))


def remove_rules(mask: Gray, body: float) -> Gray:
    """Return 1 on long thin straight strokes (rules, frames, folds, table lines), 0 elsewhere."""
    long, thick = max(9, round(4.5 * body)), max(2, round(0.4 * body))
    rules = np.zeros_like(mask)
    for across in ((long, 1), (1, long)):
        found = cv2.morphologyEx(
            mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, across)
        )
        if not found.any():
            continue
        fat = (1, thick + 1) if across[1] == 1 else (thick + 1, 1)
        solid = cv2.morphologyEx(
            found, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, fat)
        )
        rules |= found & (1 - solid)
    return rules


def text_like(blobs: Blobs, body: float, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Say which pieces can be letters, marks or handwriting: not specks, edges, holes, emblems or frames."""
    height, width = shape
    size = np.maximum(blobs.width, blobs.height)
    good = (blobs.area >= 3) & (size >= 0.2 * body)
    good &= (blobs.height <= 5.0 * body) & (blobs.width <= 30 * body)
    fill = blobs.area / np.maximum(blobs.width * blobs.height, 1)
    hole = (fill > 0.68) & (size > 1.8 * body) & (blobs.height > 1.4 * body)
    edge = (blobs.left <= 1) | (blobs.top <= 1) | (blobs.right >= width - 1) | (blobs.bottom >= height - 1)
    edge &= (size > 2.5 * body) | (fill > 0.75)
    dash = (blobs.height < 0.45 * body) & (blobs.width > 2.5 * body)
    return good & ~hole & ~edge & ~dash


def picture_areas(mask: Gray, body: float) -> Gray:
    """Return 1 over emblems, seals' cores and photographs: solid areas taller than any line."""
    step = max(1, round(body / 4))
    small = cv2.resize(mask * np.uint8(255), None, fx=1 / step, fy=1 / step, interpolation=cv2.INTER_AREA)
    unit = body / step
    solid = cv2.boxFilter(small, -1, (round(unit * 1.5) | 1, round(unit * 1.5) | 1))
    dense = (solid > 40).astype(np.uint8)
    # an opening taller than a line with its marks, and than two tight lines run together
    kernel = np.ones((round(3.6 * unit), round(3.0 * unit)), np.uint8)
    core = cv2.morphologyEx(dense, cv2.MORPH_OPEN, kernel)
    if not core.any():
        return np.zeros_like(mask)
    grown = cv2.dilate(core, np.ones((round(unit) | 1, round(unit) | 1), np.uint8))
    return np.asarray(
        cv2.resize(grown, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8
    )
