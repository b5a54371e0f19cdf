"""How a page stands: along which axis its rows run, how far they lean, which way is up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ocr.layout.blobs import Blobs
from ocr.layout.parameters import LAYOUT

Floats = NDArray[np.float64]

POSTURE = LAYOUT.posture


def _sharpness(
    along: Floats, across: Floats, weights: Floats, degrees: Floats, bin_size: float
) -> Floats:
    """Return, for each angle, how sharply the points gather in rows (mean square of the row counts)."""
    scores = np.empty(len(degrees))
    for i, angle in enumerate(np.radians(degrees)):
        rows = (across * np.cos(angle) + along * np.sin(angle)) / bin_size
        rows -= rows.min()
        low = rows.astype(np.int64)
        part = rows - low
        counts = np.bincount(low, weights * (1 - part), int(low.max()) + 2)
        counts += np.bincount(low + 1, weights * part, len(counts))
        scores[i] = np.square(counts).sum()
    return scores


def _lean(along: Floats, across: Floats, weights: Floats, body: float) -> tuple[float, float]:
    """Return the angle in degrees at which points gather best in rows, and how well."""
    most, reach = POSTURE.most_skew, POSTURE.fine_reach
    coarse = np.arange(-most, most + 0.01, POSTURE.coarse_step)
    scores = _sharpness(along, across, weights, coarse, body * POSTURE.coarse_bin)
    best = coarse[int(np.argmax(scores))]
    fine = np.arange(best - reach, best + reach + 0.001, POSTURE.fine_step)
    scores = _sharpness(along, across, weights, fine, body * POSTURE.fine_bin)
    return float(fine[int(np.argmax(scores))]), float(scores.max())


def rows_axis(blobs: Blobs, letters: NDArray[np.bool_], body: float) -> tuple[bool, float]:
    """Say whether the rows run down the picture (it lies on its side), and how far they lean.

    `letters` picks the pieces of letter size. The lean is in degrees, positive where a row climbs
    to the right (of the picture, or of the picture turned a quarter clockwise).
    """
    left, top, right, bottom = (
        value[letters] for value in (blobs.left, blobs.top, blobs.right, blobs.bottom)
    )
    weights = np.ones(len(left))
    if len(left) < 2:
        return False, 0.0
    middle, level = (left + right) / 2, (top + bottom) / 2
    # both edges of the letters: one of them is the baseline, whichever way up the page is
    lying = [_lean(-level, edge, weights, body) for edge in (left, right)]
    standing = [_lean(middle, edge, weights, body) for edge in (bottom, top)]
    best_standing, best_lying = (max(found, key=lambda f: f[1]) for found in (standing, lying))
    if best_lying[1] > best_standing[1] * POSTURE.lying:
        return True, best_lying[0]
    return False, best_standing[0]
