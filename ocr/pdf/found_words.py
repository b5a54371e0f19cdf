"""Where words stand on the pages of a searchable PDF: its text layer is asked, and nothing is read anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from ocr.library_errors import library_errors
from ocr.thai_text import to_arabic_digits


@dataclass(frozen=True, slots=True)
class FoundWords:
    """One place, as shares (0 to 1) of the page's width and height from its upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def find_words(pdf: Path, words: str, *, most: int) -> Iterator[FoundWords]:
    """Yield where words stand, page by page; words over two lines are two places.

    Spaces, capitals and the kind of digits do not count. Raises OcrError for what cannot be opened. The
    caller holds the lock of pdfium.
    """
    wanted = _plain(words)
    if not wanted:
        return
    with library_errors(pdf.name):
        document = pdfium.PdfDocument(pdf)
    try:
        found = 0
        for number, page in enumerate(document, start=1):
            for one in _on_page(page, number, wanted):
                yield one
                found += 1
                if found >= most:
                    return
    finally:
        document.close()


def _plain(text: str) -> str:
    return "".join(to_arabic_digits(text).lower().split())


def _on_page(page: pdfium.PdfPage, number: int, wanted: str) -> Iterator[FoundWords]:
    text_page = page.get_textpage()
    written = text_page.get_text_range()
    places = [place for place, char in enumerate(written) if not char.isspace()]
    plain = _plain(written)
    if len(plain) != len(places):  # a capital that has two small letters: no place could be told
        return
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    begin = plain.find(wanted)
    while begin >= 0:
        first, last = places[begin], places[begin + len(wanted) - 1]
        for rect in range(text_page.count_rects(first, last - first + 1)):
            x0, y0, x1, y1 = text_page.get_rect(rect)
            yield FoundWords(
                number,
                (x0 - left) / width,
                (top - y1) / height,
                (x1 - left) / width,
                (top - y0) / height,
            )
        begin = plain.find(wanted, begin + len(wanted))
