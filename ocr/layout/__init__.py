"""Page layout: from a page picture to upright, straight lines in reading order."""

from ocr.layout.crop import crossed_share, cut_dark_ink, cut_line
from ocr.layout.page import find_layout
from ocr.layout.region import Layout, LineRegion

__all__ = ["Layout", "LineRegion", "crossed_share", "cut_dark_ink", "cut_line", "find_layout"]
