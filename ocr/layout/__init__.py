"""Page layout: from a page picture to upright, straight lines in reading order."""

from ocr.layout.crop import cut_line
from ocr.layout.page import find_layout
from ocr.layout.region import Layout, LineRegion

__all__ = ["Layout", "LineRegion", "cut_line", "find_layout"]
