"""What looks like print on a small picture, whether or not it can be read: pieces of ink in rows."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray
from ocr.layout.parameters import LAYOUT, SIGMA_OF_MEDIAN_DEVIATION
from ocr.paper_size import A4_MM

Floats = NDArray[np.float64]

PRINT = LAYOUT.printed


def letters_in_rows(small: Gray) -> Floats:
    """Return the places (x, y) of what may be letters: one for every height that a word is long.

    `small` is grey, print dark, with a long side of about 900 pixels.
    """
    pixel_mm = A4_MM[1] / max(small.shape)
    _, _, stats, _ = cv2.connectedComponentsWithStats(_ink(small))
    left, top, width, height, area = stats[1:].astype(np.float64).T
    low, high = (mm / pixel_mm for mm in PRINT.letter_mm)
    fits = (height >= low) & (height <= high)
    fits &= (width <= PRINT.longest * height) & (width >= PRINT.least_width)
    fill = area / np.maximum(width * height, 1)
    least, most = PRINT.filled
    fits &= (fill > least) & ((fill < most) | (width < PRINT.word * height))
    boxes = np.stack((left, top, width, height), axis=1)[fits]
    boxes = boxes[np.argsort(boxes[:, 0])]
    kept = boxes[(boxes[:, 2] >= PRINT.word * boxes[:, 3]) | _has_neighbour(boxes)]
    counts = np.maximum(kept[:, 2] // kept[:, 3], 1).astype(int)
    words = np.repeat(kept, counts, axis=0)
    within = np.concatenate([np.arange(count) for count in counts] or [np.zeros(0)]) + 0.5
    x = words[:, 0] + within * words[:, 3]
    return np.stack(
        (np.minimum(x, words[:, 0] + words[:, 2] - 1), words[:, 1] + words[:, 3] / 2), 1
    )


def _ink(small: Gray) -> Gray:
    """Return 1 where it is darker than its ground by more than grain is."""
    kernel = np.ones((PRINT.ground, PRINT.ground), np.uint8)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)
    ground = cv2.medianBlur(closed, PRINT.ground_median)
    soft = cv2.GaussianBlur(small, (0, 0), PRINT.softened)
    under = np.asarray(cv2.subtract(ground, soft))
    # most of a page is paper: the middle of what differs from its ground is grain
    step = PRINT.sample_step
    sample = under[::step, ::step].astype(np.float64)
    usual = float(np.median(sample))
    grain = SIGMA_OF_MEDIAN_DEVIATION * float(np.median(np.abs(sample - usual)))
    return (under > usual + PRINT.pale + PRINT.grains * grain).astype(np.uint8)


def _has_neighbour(boxes: Floats) -> NDArray[np.bool_]:
    """Say which boxes (left, top, width, height; by their left edge) have one like them at their right."""
    left, top, width, height = boxes.T
    found = np.zeros(len(boxes), np.bool_)
    reach = np.searchsorted(left, left + width + PRINT.next_heights * height)
    for index, end in enumerate(reach):
        near = PRINT.same_height * height[index]
        others = slice(index + 1, end)
        alike = np.abs(height[others] - height[index]) <= near
        foot = top[others] + height[others] - top[index] - height[index]
        alike &= np.abs(foot) <= near
        alike &= left[others] >= left[index] + PRINT.next_begins * width[index]
        found[index] = bool(alike.any())
    return found
