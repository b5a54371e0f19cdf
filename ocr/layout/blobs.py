"""Connected pieces of ink, their measures, and which of them are text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.layout.ink import Gray

Floats = NDArray[np.float64]

# Share of ink in the core of an emblem: 0.42 to 0.66 on 78 scanned letters; dense print and the
# seals that sender and date are printed under reach 0.37.
PICTURE_INK = 0.4
# The heads of bold letters run together to a stroke too, but stems hang from it: a rule has ink
# this many pixels off one of its sides for at most this share of its length.
LEAST_DISPLAY_LETTERS = 4  # ด ว น ท ส ด stand in the shortest urgency stamp, two may be broken
HANG = 3
MOST_TOUCHED = 0.35


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

    def on_its_side(self) -> Blobs:
        """Return the pieces' measures with rows and columns exchanged; the labels stay."""
        return Blobs(self.labels, self.top, self.left, self.height, self.width, self.area)

    @property
    def middle(self) -> Floats:
        """Horizontal middles."""
        return self.left + self.width / 2


def find_blobs(mask: Gray) -> Blobs:
    """Return the 8-connected pieces of `mask`."""
    # More than twice as fast as the way OpenCV chooses, with the same answer.
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(
        mask, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    values = stats.astype(np.float64)
    values[0] = 0  # the paper is no piece
    left, top, width, height, area = values.T
    return Blobs(np.asarray(labels, dtype=np.int32), left, top, width, height, area)


def body_height(blobs: Blobs) -> float:
    """Return the commonest height of letters in pixels (a plain consonant's), 0.0 where there are none."""
    fits = (blobs.height >= 5) & (blobs.height <= 64)
    fits &= (blobs.width >= 0.3 * blobs.height) & (blobs.width <= 2.5 * blobs.height)
    fill = blobs.area / np.maximum(blobs.width * blobs.height, 1)
    fits &= (fill >= 0.12) & (fill <= 0.75)
    if np.count_nonzero(fits) < 3:
        return 0.0
    # weighed by ink and height, so that the many small marks and specks do not outvote the letters
    weights = np.minimum(blobs.area[fits], 150) * np.minimum(blobs.height[fits], 12)
    counts = np.bincount(blobs.height[fits].astype(int), weights=weights, minlength=68)
    smooth = np.convolve(counts, (0.5, 1.0, 0.5), mode="same")
    peak = int(np.argmax(smooth))
    near = slice(max(0, peak - 2), peak + 3)
    return float(np.average(np.arange(68)[near], weights=counts[near] + 1e-9))


def find_rules(mask: Gray, body: float) -> Gray:
    """Return 1 on long thin straight strokes (rules, frames, folds, table lines), 0 elsewhere."""
    along = _level_rules(mask, body)
    upright = _level_rules(np.asarray(cv2.transpose(mask), np.uint8), body)
    return along | upright.T


def _level_rules(mask: Gray, body: float) -> Gray:
    """Return 1 on strokes that run along the rows with paper on both sides."""
    long, thick = max(9, round(4.5 * body)), max(2, round(0.4 * body))
    found = _open(mask, long, 1)
    rules = np.zeros_like(mask)
    left, top, width, height = cv2.boundingRect(found)
    if width == 0:
        return rules
    area = (slice(max(0, top - HANG), top + height + HANG), slice(left, left + width))
    found, ink = found[area], mask[area]
    found &= 1 - _open(found, 1, thick + 1)
    count, labels = cv2.connectedComponents(found)
    free = np.ones(count, np.bool_)
    rims = np.zeros_like(found)
    for here, there in ((HANG, 0), (0, HANG)):
        # seen from the rule's rim: is there ink a little farther out than its own ragged edge?
        near = np.zeros_like(found)
        far = np.zeros_like(found)
        rows = slice(here, found.shape[0] - there)
        step = 1 if here else -1
        near[rows] = np.roll(found, step, axis=0)[rows]
        far[rows] = np.roll(ink, HANG * step, axis=0)[rows]
        rim = (found > 0) & (near == 0)
        length = np.bincount(labels[rim], minlength=count)
        free &= np.bincount(labels[rim & (far > 0)], minlength=count) <= MOST_TOUCHED * length
        rims |= np.roll((rim & (far == 0)).astype(np.uint8), -step, axis=0)
    free[0] = False
    kept = free.astype(np.uint8)[labels]
    beside = np.asarray(cv2.dilate(kept, np.ones((3, 1), np.uint8)), np.uint8)
    ragged = rims & ink & beside
    rules[area] = kept | ragged
    return rules


def _open(mask: Gray, width: int, height: int) -> Gray:
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (width, height))
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel), np.uint8)


def solid_pieces(blobs: Blobs, shape: tuple[int, ...], body: float) -> NDArray[np.bool_]:
    """Say which pieces are punch holes, black edges or the scanner's shadow."""
    size = np.maximum(blobs.width, blobs.height)
    fill = blobs.area / np.maximum(blobs.width * blobs.height, 1)
    # a disc fills 0.785 of its box, the fattest bold letter 0.7
    hole = (fill > 0.74) & (blobs.width > 1.6 * body) & (blobs.height > 1.6 * body)
    edge = (blobs.left <= 1) | (blobs.top <= 1)
    edge |= (blobs.right >= shape[1] - 1) | (blobs.bottom >= shape[0] - 1)
    # a thin stroke across the page is a fold, and what it runs through is text
    edge &= ((size > 2.5 * body) & (fill > 0.2)) | (fill > 0.75) | (size < 2.5 * body)
    dash = (blobs.height < 0.45 * body) & (blobs.width > 2.5 * body)
    return hole | edge | dash


def text_like(blobs: Blobs, body: float) -> NDArray[np.bool_]:
    """Say which pieces can be letters, marks or handwriting by size: not specks and not frames."""
    size = np.maximum(blobs.width, blobs.height)
    good = (blobs.area >= 3) & (size >= 0.2 * body)
    return good & (blobs.height <= 7.0 * body) & (blobs.width <= 30 * body)


def in_pictures(blobs: Blobs, mask: Gray, body: float) -> NDArray[np.bool_]:
    """Say which pieces belong to emblems or photographs: solid areas taller than any line."""
    inside = np.zeros(len(blobs.area), np.bool_)
    step = max(1, round(body / 4))
    unit = body / step
    size = (max(1, mask.shape[1] // step), max(1, mask.shape[0] // step))
    small = cv2.resize(mask * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    # The odd number nearest to 1.5 letters: a step to the next within the sizes of common print made
    # emblems of tight lines.
    window = 2 * round((1.5 * unit - 1) / 2) + 1
    dense = (cv2.boxFilter(small, -1, (window, window)) > 45).astype(np.uint8)
    # taller than a line with its marks, and than two tight lines run together
    kernel = np.ones((round(3.6 * unit), round(3.0 * unit)), np.uint8)
    core = cv2.morphologyEx(dense, cv2.MORPH_OPEN, kernel)
    if not core.any():
        return inside
    count, _, stats, _ = cv2.connectedComponentsWithStats(core)
    middle, level = blobs.middle, blobs.top + blobs.height / 2
    for box in stats[1:count, :4]:
        left, top, width, height = box
        if small[top : top + height, left : left + width].mean() < PICTURE_INK * 255:
            continue
        left, top, width, height = box.astype(np.float64) * step
        pad = 0.6 * body + 0.12 * max(width, height)
        beside = (level > top - pad) & (level < top + height + pad)
        near = beside & (middle > left - pad) & (middle < left + width + pad)
        # a stamp may be dense in one part only: its other letters bear witness too
        wide = beside & (middle > left - 8 * body) & (middle < left + width + 8 * body)
        if not _is_display_text(blobs, wide, body):
            inside |= near
    return inside


def _is_display_text(blobs: Blobs, near: NDArray[np.bool_], body: float) -> bool:
    """Say whether dense ink is a row of fat letters, as the urgency stamps are, and no emblem.

    Letters stand side by side on one line, most of them about equally high; an emblem is one large
    piece or many without order (measured on the real scans: five letters or more, an emblem none).
    """
    letters = near & (blobs.height > 1.9 * body) & (blobs.height < 5 * body)
    letters &= (blobs.width > 0.7 * body) & (blobs.width < 5 * body)
    if np.count_nonzero(letters) < LEAST_DISPLAY_LETTERS:
        return False
    bottom = float(np.median(blobs.bottom[letters]))
    stands = letters & (np.abs(blobs.bottom - bottom) < 0.45 * body)
    lefts = np.sort(blobs.left[stands])
    apart = np.count_nonzero(np.diff(lefts) > 0.7 * body) + 1
    return int(apart) >= LEAST_DISPLAY_LETTERS
