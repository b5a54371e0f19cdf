"""Does the archived page show what was read? Both pictures, made small, are compared: mean and structure."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engine import PagePicture, Pixels

Look = NDArray[np.float32]
"""A page as `LOOKED_WIDTH` gray columns, 0 to 255; small enough to be kept while others are written."""

LOOKED_WIDTH = 400  # pixels; A4 at 48 dpi, where a line of print is a gray band of ten rows
BLUR = 5  # pixels; renderers disagree by less than one
SAME_MEAN = 12.0  # of 255
SAME_PLACE = (
    70.0  # of 255, the most that any blurred pixel may differ: a missing word is 100 and more
)
SAME_STRUCTURE = 0.9  # correlation
SOME_STRUCTURE = 4.0  # standard deviation below which a page is as good as blank


def look_at(picture: PagePicture) -> Look:
    """Return the page as it is compared."""
    return shrink(picture.gray)


def shrink(gray: Pixels) -> Look:
    """Return gray pixels as they are compared."""
    height = max(1, round(gray.shape[0] * LOOKED_WIDTH / gray.shape[1]))
    small = cv2.resize(
        np.ascontiguousarray(gray), (LOOKED_WIDTH, height), interpolation=cv2.INTER_AREA
    )
    return np.asarray(cv2.blur(small.astype(np.float32), (BLUR, BLUR)), dtype=np.float32)


def are_alike(read: Look, archived: Look) -> bool:
    """Tell whether two pages show the same: of one shape, one brightness, and inked in the same places."""
    if abs(read.shape[0] - archived.shape[0]) > 0.03 * read.shape[0]:
        return False
    size = (read.shape[1], read.shape[0])
    other = np.asarray(cv2.resize(archived, size, interpolation=cv2.INTER_LINEAR))
    apart = np.abs(read - other)
    if float(apart.mean()) > SAME_MEAN or float(apart.max()) > SAME_PLACE:
        return False
    if min(float(read.std()), float(other.std())) < SOME_STRUCTURE:
        return True
    return float(np.corrcoef(read.ravel(), other.ravel())[0, 1]) > SAME_STRUCTURE
