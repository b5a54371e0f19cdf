"""An opened PDF: its pages are rendered by pdfium at the resolution of their picture, or 300 dpi."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw as pdfium_raw

from ocr.engine import PagePicture, Pixels
from ocr.errors import OcrError, PasswordProtectedError, TooLargeError, UnreadableFileError
from ocr.library_errors import library_errors
from ocr.paper_size import SANE_DPI, Dots, judge_dpi
from ocr.pdf.annotations import make_part_of_page
from ocr.pdf.ending import cut_after_end
from ocr.scan import DEFAULT_DPI, FileType, Limits

SCANNED_SHARE = 0.6  # a page is a scan when pictures cover this share of it
DEEPEST_FORM = 8  # forms in forms; nobody's programs nest deeper
_A_HAIR_LESS = 1 - 1e-5  # rounding up must not make a picture wider than the scan in it
_INVISIBLE = pdfium_raw.FPDF_TEXTRENDERMODE_INVISIBLE


@dataclass(frozen=True, slots=True)
class _Size:
    """At how many dots an inch of the stated page it is rendered, and how many an inch of paper that is."""

    rendered_dpi: float
    dpi: float


class PdfScan:
    """A PDF; `data` are its bytes with annotations drawn on their pages and nothing after its end."""

    file_type = FileType.PDF

    def __init__(self, name: str, data: bytes, limits: Limits) -> None:
        self.name = name
        self._limits = limits
        self.data = make_part_of_page(name, cut_after_end(name, data))
        try:
            with library_errors(name):
                self._document = pdfium.PdfDocument(self.data)
                self._document.init_forms()  # else form fields without a picture are not drawn
                self.page_count = len(self._document)
        except OcrError as error:
            if "password" in str(error.__cause__).lower():
                raise PasswordProtectedError(name) from error
            raise
        if self.page_count == 0:
            self.close()
            raise UnreadableFileError(name, "the PDF has no pages")
        if self.page_count > limits.max_pages:
            self.close()
            raise TooLargeError(name, f"{self.page_count} pages, {limits.max_pages} allowed")

    def close(self) -> None:
        """Free the document."""
        self._document.close()

    def is_drawn(self, number: int) -> bool:
        """Tell whether the page has text, and pictures do not cover most of it."""
        with self._page(number) as page:
            width, height = page.get_size()
            covered = sum(
                share for _, share in _pictures(page, width * height, self.name, self._limits)
            )
            return covered < SCANNED_SHARE and next(_texts(page), None) is not None

    def picture(self, number: int) -> PagePicture:
        """Render one page, turned as its /Rotate says."""
        with self._page(number) as page:
            return self._render(page, self._size_of(page, number))

    def picture_without_text(self, number: int) -> PagePicture | None:
        """Render one page without its own text, None where it has none."""
        with self._page(number) as page:
            size = self._size_of(page, number)
            texts = list(_texts(page))
            for text in texts:
                pdfium_raw.FPDFTextObj_SetTextRenderMode(text, _INVISIBLE)
            return self._render(page, size) if texts else None

    def _size_of(self, page: pdfium.PdfPage, number: int) -> _Size:
        width, height = page.get_size()
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise UnreadableFileError(self.name, f"page {number} has no size")
        scanned = [
            dpi
            for dpi, share in _pictures(page, width * height, self.name, self._limits)
            if share >= SCANNED_SHARE
        ]
        rendered = scanned[-1] if scanned else DEFAULT_DPI
        fitting = 71.9 * math.sqrt(self._limits.max_pixels / (width * height))
        if fitting < SANE_DPI[0] and not scanned:
            raise TooLargeError(self.name, f"page {number} is {width:.0f} x {height:.0f} pt")
        rendered = min(rendered, fitting)
        if not scanned:
            return _Size(rendered, rendered)
        pixels = rendered_size(width, height, rendered)
        return _Size(rendered, judge_dpi(*pixels, Dots(rendered, rendered)).across)

    def _render(self, page: pdfium.PdfPage, size: _Size) -> PagePicture:
        bitmap = page.render(scale=size.rendered_dpi / 72 * _A_HAIR_LESS, rev_byteorder=True)
        try:
            pixels = np.array(bitmap.to_numpy(), dtype=np.uint8)
        finally:
            bitmap.close()
        return PagePicture(_gray_if_gray(pixels), size.dpi)

    @contextmanager
    def _page(self, number: int) -> Iterator[pdfium.PdfPage]:
        with library_errors(self.name, f"page {number}"):
            page = self._document[number - 1]
            try:
                yield page
            finally:
                page.close()


def rendered_size(width: float, height: float, dpi: float) -> tuple[int, int]:
    """Return the pixels of a PDF page's picture from its size in points, as pdfium rounds."""
    scale = dpi / 72 * _A_HAIR_LESS
    return math.ceil(width * scale), math.ceil(height * scale)


def _texts(page: pdfium.PdfPage) -> Iterator[object]:
    """Yield the page's text objects, those within forms too."""
    count = pdfium_raw.FPDFPage_CountObjects(page)
    yield from _texts_of(count, lambda index: pdfium_raw.FPDFPage_GetObject(page, index), 0)


def _texts_of(count: int, get: Callable[[int], object], depth: int) -> Iterator[object]:
    for index in range(count):
        thing = get(index)
        kind = pdfium_raw.FPDFPageObj_GetType(thing)
        if kind == pdfium_raw.FPDF_PAGEOBJ_TEXT:
            yield thing
        elif kind == pdfium_raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
            inner = pdfium_raw.FPDFFormObj_CountObjects(thing)
            yield from _texts_of(
                max(inner, 0),
                lambda at, form=thing: pdfium_raw.FPDFFormObj_GetObject(form, at),  # type: ignore[misc]
                depth + 1,
            )


def _pictures(
    page: pdfium.PdfPage, page_area: float, name: str, limits: Limits
) -> Iterator[tuple[float, float]]:
    """Yield each picture's dots an inch and the share of the page it covers."""
    for picture in page.get_objects(filter=[pdfium_raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        across, down = picture.get_px_size()
        if across * down > limits.max_pixels:
            raise TooLargeError(name, f"a picture of {across} x {down} pixels")
        left, bottom, right, top = picture.get_bounds()
        drawn = max(right - left, 0) * max(top - bottom, 0)
        if drawn > 0 and page_area > 0:
            yield 72 * math.sqrt(across * down / drawn), min(drawn / page_area, 1.0)


def _gray_if_gray(pixels: Pixels) -> Pixels:
    """Drop the colour planes of a page without colour; most scans are gray, a third the memory."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    if np.array_equal(red, green) and np.array_equal(green, blue):
        return np.ascontiguousarray(red)
    return pixels
