"""Text of pages that were never paper: the PDF's own, mended if need be."""

from __future__ import annotations

from ocr.document import Page
from ocr.pages import Scan


def read_layer(scan: Scan, number: int) -> Page | None:
    """Return the page from its own text layer, or None when the picture must be read."""
    return None
