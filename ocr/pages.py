"""Loading: a file's bytes become page pictures, however named and however hostile."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageOps
from pypdfium2 import raw as pdfium_raw

from ocr.engine import PagePicture, Pixels
from ocr.errors import (
    EmptyFileError,
    FileVanishedError,
    OcrError,
    PasswordProtectedError,
    TooLargeError,
    TruncatedFileError,
    UnreadableFileError,
    UnsupportedTypeError,
)

A4_SHORT_INCH = 8.27
DEFAULT_DPI = 300.0
SANE_DPI = (60.0, 1250.0)
PDF_TAIL_BYTES = 4096
# Pillow's decoders let nearly every type out for hostile bytes; found by fuzzing.
PILLOW_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_A_HAIR_LESS = 1 - 1e-5  # rounding up must not make a picture wider than the scan in it
SCANNED_SHARE = 0.6  # a page is a scan when pictures cover this share of it


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before it is decoded. A3 at 600 dpi has 70 million pixels."""

    max_pixels: int = 100_000_000  # a page
    max_pages: int = 2_000
    max_file_bytes: int = 300 * 1024 * 1024


class FileType(StrEnum):
    """What the first bytes say."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"


class Scan(Protocol):
    """An opened file of one or more pages; pages count from 1."""

    name: str
    data: bytes
    file_type: FileType
    page_count: int

    def picture(self, number: int) -> PagePicture:
        """Return the picture of a page; raises an OcrError when it is damaged or too large."""
        ...

    def is_drawn(self, number: int) -> bool:
        """Tell whether the page has text of its own and is not a scanned picture."""
        ...


def detect_type(head: bytes) -> FileType | None:
    """Tell the type from a file's first 1,024 bytes, None when it is none of ours."""
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return FileType.TIFF
    if head.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    return FileType.PDF if b"%PDF-" in head[:1024] else None


@contextmanager
def open_scan(path: Path, limits: Limits | None = None) -> Iterator[Scan]:
    """Open a file by its content; the bytes are read once, so it may vanish afterwards.

    Raises EmptyFileError, FileVanishedError, UnsupportedTypeError, TooLargeError,
    PasswordProtectedError, TruncatedFileError or UnreadableFileError.
    """
    limits = limits or Limits()
    data = _read_bytes(path, limits)
    file_type = detect_type(data[:1024])
    if file_type is None:
        raise UnsupportedTypeError(path)
    if file_type is FileType.PDF:
        scan = PdfScan(path.name, data, limits)
        try:
            yield scan
        finally:
            scan.close()
    else:
        yield ImageScan(path.name, data, file_type, limits)


def _read_bytes(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        if size == 0:
            raise EmptyFileError(path)
        if size > limits.max_file_bytes:
            raise TooLargeError(path, f"{size} bytes, {limits.max_file_bytes} allowed")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileVanishedError(path) from error
    except IsADirectoryError as error:
        raise UnsupportedTypeError(path, "a folder") from error
    except OSError as error:
        raise UnreadableFileError(path, error.strerror or str(error)) from error


class ImageScan:
    """A TIFF (one or more pages), JPEG or PNG."""

    def __init__(self, name: str, data: bytes, file_type: FileType, limits: Limits) -> None:
        self.name = name
        self.data = data
        self.file_type = file_type
        self._limits = limits
        with _image_errors(name):
            self._image = Image.open(io.BytesIO(data), formats=[file_type.name])
            # A PNG's or JPEG's further frames (animation, thumbnails) are not pages.
            many = file_type is FileType.TIFF
            self.page_count = int(getattr(self._image, "n_frames", 1)) if many else 1
        if self.page_count > limits.max_pages:
            raise TooLargeError(name, f"{self.page_count} pages, {limits.max_pages} allowed")

    def is_drawn(self, number: int) -> bool:
        """Tell that an image's page never has text of its own."""
        return False

    def picture(self, number: int) -> PagePicture:
        """Decode one page, turned as its EXIF orientation says, with square pixels."""
        with _image_errors(self.name):
            if self.file_type is FileType.TIFF:
                self._image.seek(number - 1)
            width, height = self._image.size
            if width * height > self._limits.max_pixels:
                raise TooLargeError(self.name, f"{width} x {height} pixels")
            dpi_across, dpi_down = image_dpi(self._image)
            image = self._image.copy() if self.page_count > 1 else self._image
            image.load()
            turned = ImageOps.exif_transpose(image)
            if turned.size != image.size:
                dpi_across, dpi_down = dpi_down, dpi_across
            flat = flatten(turned)
            dpi = max(dpi_across, dpi_down)
            if abs(dpi_across - dpi_down) > 0.05 * dpi:  # a fax: 204 x 98 dots an inch
                size = (
                    round(flat.width * dpi / dpi_across),
                    round(flat.height * dpi / dpi_down),
                )
                if size[0] * size[1] > self._limits.max_pixels:
                    raise TooLargeError(self.name, f"{size[0]} x {size[1]} pixels")
                flat = flat.resize(size, Image.Resampling.BICUBIC)
            return PagePicture(np.asarray(flat, dtype=np.uint8), dpi)


def image_dpi(image: Image.Image) -> tuple[float, float]:
    """Return dots an inch across and down; guessed from A4's short side when the file is silent."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        across = down = 0.0
    if all(SANE_DPI[0] <= value <= SANE_DPI[1] for value in (across, down)):
        return across, down
    guess = min(max(min(image.size) / A4_SHORT_INCH, SANE_DPI[0]), SANE_DPI[1])
    return guess, guess


def flatten(image: Image.Image) -> Image.Image:
    """Return a gray ("L") or RGB image without transparency, 16-bit gray scaled to 8."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float64)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        return Image.fromarray((np.clip(values / top, 0, 1) * 255).astype(np.uint8))
    if image.mode in ("1",):
        return image.convert("L")
    if image.has_transparency_data:
        alpha = image.convert("RGBA")
        white = Image.new("RGBA", alpha.size, "white")
        return Image.alpha_composite(white, alpha).convert("RGB")
    return image.convert("RGB")


@contextmanager
def _image_errors(name: str) -> Iterator[None]:
    """Turn whatever Pillow says about a bad image into our errors; its warnings are not news."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except OcrError:
        raise
    except Image.DecompressionBombError as error:
        raise TooLargeError(name, str(error)) from error
    except MemoryError as error:
        raise TooLargeError(name, "not enough memory") from error
    except EOFError as error:
        raise TruncatedFileError(name, str(error)) from error
    except PILLOW_ERRORS as error:
        text = str(error)
        cut = "truncated" in text or "not processed" in text
        raise (TruncatedFileError if cut else UnreadableFileError)(name, text) from error


def rendered_size(width: float, height: float, dpi: float) -> tuple[int, int]:
    """Return the pixels of a PDF page's picture from its size in points, as pdfium rounds."""
    scale = dpi / 72 * _A_HAIR_LESS
    return math.ceil(width * scale), math.ceil(height * scale)


class PdfScan:
    """A PDF: pages are rendered by pdfium at the resolution of their picture, or 300 dpi."""

    file_type = FileType.PDF

    def __init__(self, name: str, data: bytes, limits: Limits) -> None:
        self.name = name
        self.data = data
        self._limits = limits
        if b"%%EOF" not in data[-PDF_TAIL_BYTES:]:
            raise TruncatedFileError(name, "no %%EOF at the end")
        try:
            self._document = pdfium.PdfDocument(data)
            self._document.init_forms()  # else form fields are not drawn
        except pdfium.PdfiumError as error:
            if "password" in str(error).lower():
                raise PasswordProtectedError(name) from error
            raise UnreadableFileError(name, str(error)) from error
        self.page_count = len(self._document)
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
            if covered >= SCANNED_SHARE:
                return False
            text_page = page.get_textpage()
            try:
                return bool(text_page.count_chars() > 0)
            finally:
                text_page.close()

    def picture(self, number: int) -> PagePicture:
        """Render one page, turned as its /Rotate says."""
        with self._page(number) as page:
            width, height = page.get_size()
            if not (0 < width < math.inf and 0 < height < math.inf):
                raise UnreadableFileError(self.name, f"page {number} has no size")
            dpi = DEFAULT_DPI
            for picture_dpi, share in _pictures(page, width * height, self.name, self._limits):
                if share >= SCANNED_SHARE and SANE_DPI[0] <= picture_dpi <= SANE_DPI[1]:
                    dpi = picture_dpi
            fitting = 71.9 * math.sqrt(self._limits.max_pixels / (width * height))
            if fitting < SANE_DPI[0]:
                raise TooLargeError(self.name, f"page {number} is {width:.0f} x {height:.0f} pt")
            dpi = min(dpi, fitting)
            bitmap = page.render(scale=dpi / 72 * _A_HAIR_LESS, rev_byteorder=True)
            try:
                pixels = np.array(bitmap.to_numpy(), dtype=np.uint8)
            finally:
                bitmap.close()
            return PagePicture(_gray_if_gray(pixels), dpi)

    @contextmanager
    def _page(self, number: int) -> Iterator[pdfium.PdfPage]:
        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError as error:
            raise UnreadableFileError(self.name, f"page {number}: {error}") from error
        try:
            yield page
        except pdfium.PdfiumError as error:
            raise UnreadableFileError(self.name, f"page {number}: {error}") from error
        except MemoryError as error:
            raise TooLargeError(self.name, f"page {number}: not enough memory") from error
        finally:
            page.close()


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
