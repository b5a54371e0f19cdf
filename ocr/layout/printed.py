"""What looks like print on a small picture, whether or not it can be read: pieces of ink in rows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray

# Of the small picture, in millimetres where its long side is A4's.
LETTER_MM = (0.9, 9.0)
LONGEST = (
    80.0  # heights: at this resolution the letters of a line run together, and a rule is longer
)
FILLED = (0.15, 0.8)  # share of its box that a word fills; a rule or a picture's edge fills more
WORD = 2.5  # heights: a piece as long as this is a word, and needs no neighbour to be print
NEXT_HEIGHTS = 1.5  # print stands in rows: the next letter is no farther than this
SAME_HEIGHT = 0.45  # share of the height by which neighbours may differ, and their feet
PALE, GRAINS = (
    20.0,
    3.0,
)  # ink is so many grey levels, and so many times the grain, under the ground
GROUND = 9  # pixels; strokes are thinner

Floats = NDArray[np.float64]


def letters_in_rows(small: Gray) -> Floats:
    """Return the places (x, y) of what may be letters: one for every height that a word is long.

    `small` is grey, print dark, with a long side of about 900 pixels.
    """
    pixel_mm = 297.0 / max(small.shape)
    _, _, stats, _ = cv2.connectedComponentsWithStats(_ink(small))
    left, top, width, height, area = stats[1:].astype(np.float64).T
    low, high = (mm / pixel_mm for mm in LETTER_MM)
    fits = (height >= low) & (height <= high) & (width <= LONGEST * height) & (width >= 2)
    fill = area / np.maximum(width * height, 1)
    fits &= (fill > FILLED[0]) & ((fill < FILLED[1]) | (width < WORD * height))
    boxes = np.stack((left, top, width, height), axis=1)[fits]
    boxes = boxes[np.argsort(boxes[:, 0])]
    kept = boxes[(boxes[:, 2] >= WORD * boxes[:, 3]) | _has_neighbour(boxes)]
    counts = np.maximum(kept[:, 2] // kept[:, 3], 1).astype(int)
    words = np.repeat(kept, counts, axis=0)
    within = np.concatenate([np.arange(count) for count in counts] or [np.zeros(0)]) + 0.5
    x = words[:, 0] + within * words[:, 3]
    return np.stack(
        (np.minimum(x, words[:, 0] + words[:, 2] - 1), words[:, 1] + words[:, 3] / 2), 1
    )


def _ink(small: Gray) -> Gray:
    """Return 1 where it is darker than its ground by more than grain is."""
    kernel = np.ones((GROUND, GROUND), np.uint8)
    ground = cv2.medianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), 5)
    under = np.asarray(cv2.subtract(ground, cv2.GaussianBlur(small, (0, 0), 0.6)))
    # most of a page is paper: the middle of what differs from its ground is grain
    sample = under[::3, ::3].astype(np.float64)
    usual = float(np.median(sample))
    grain = 1.48 * float(np.median(np.abs(sample - usual)))
    return (under > usual + PALE + GRAINS * grain).astype(np.uint8)


def _has_neighbour(boxes: Floats) -> NDArray[np.bool_]:
    """Say which boxes (left, top, width, height; by their left edge) have one like them at their right."""
    left, top, width, height = boxes.T
    found = np.zeros(len(boxes), np.bool_)
    reach = np.searchsorted(left, left + width + NEXT_HEIGHTS * height)
    for index, end in enumerate(reach):
        others = slice(index + 1, end)
        alike = np.abs(height[others] - height[index]) <= SAME_HEIGHT * height[index]
        foot = top[others] + height[others] - top[index] - height[index]
        alike &= np.abs(foot) <= SAME_HEIGHT * height[index]
        alike &= left[others] >= left[index] + 0.5 * width[index]
        found[index] = bool(alike.any())
    return found
