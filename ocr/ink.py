"""What colour a line is printed in: urgency and secrecy marks are red, receiving stamps blue."""

from __future__ import annotations

import numpy as np

from ocr.document import Box, Ink
from ocr.engine import PagePicture

INK_DARKER_THAN = 190  # of 255; paper and JPEG haze are lighter
COLOUR_DISTANCE = 45  # between the strongest and the next channel
COLOUR_SHARE = 0.4  # of the ink that must have the colour


def ink_of(picture: PagePicture, box: Box) -> Ink:
    """Return the colour of most ink in the box of an upright picture."""
    crop = picture.pixels[box.top : box.bottom, box.left : box.right]
    if crop.ndim == 2 or crop.size == 0:
        return Ink.BLACK
    red, green, blue = (crop[..., channel].astype(np.int16) for channel in range(3))
    inked = np.minimum(np.minimum(red, green), blue) < INK_DARKER_THAN
    count = int(inked.sum())
    if count == 0:
        return Ink.BLACK
    reds = (red - np.maximum(green, blue))[inked] > COLOUR_DISTANCE
    blues = (blue - red)[inked] > COLOUR_DISTANCE
    if reds.sum() > COLOUR_SHARE * count:
        return Ink.RED
    return Ink.BLUE if blues.sum() > COLOUR_SHARE * count else Ink.BLACK
