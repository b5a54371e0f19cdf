"""QR codes of pages with little print: a separator sheet in a batch scan says by its code what it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr.document import Page
from ocr.engine import PagePicture

# A page with more print than a separator sheet can have is a letter, whatever codes stand on it; our own
# sheet has some 100 letters, and finding a code costs as much time as reading a line or two.
LITTLE_PRINT_LETTERS = 300
# A code of 12 cm has ten pixels a module then. A letter's own, of two or three centimetres, blurs away;
# at higher resolutions the dots of a bilevel scan hide large codes from the detector.
WORKED_DPI = 75.0
SMALLEST_PIXELS = 40


def note_codes(page: Page, picture: PagePicture) -> Page:
    """Return the page with what its QR code says, if it has a large one and little print.

    `picture` is the page as it was scanned; a code is found however it is turned.
    """
    text = _read_code(picture)
    return replace(page, codes=(text,)) if text else page


def may_have_codes(page: Page) -> bool:
    """Tell whether a page has so little print that it may be a separator sheet."""
    return sum(len(line.text) for line in page.lines) <= LITTLE_PRINT_LETTERS


def _read_code(picture: PagePicture) -> str:
    scale = min(1.0, WORKED_DPI / picture.dpi)
    size = (round(picture.width * scale), round(picture.height * scale))
    if min(size) < SMALLEST_PIXELS:
        return ""
    small = cv2.resize(picture.gray, size, interpolation=cv2.INTER_AREA)
    try:
        text, *_ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(small))
    except cv2.error:  # lines that only look like a code trip the detector
        return ""
    return str(text)
