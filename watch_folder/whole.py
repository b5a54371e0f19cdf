"""Is the file whole? It is when it parses to its end, whatever its size did meanwhile.

What lies after the end (padding, a mail gateway's HTML, a telephone's video) is no damage; a missing end is.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import BinaryIO

import pikepdf
from PIL import Image

from watch_folder.ends import PDF_END, find_pdf_end, jpeg_ends, png_ends
from watch_folder.errors import (
    EmptyScanError,
    LockedScanError,
    OversizedScanError,
    RefusedScanError,
    UnfinishedScanError,
    UnreadableScanError,
    UnsupportedScanError,
)
from watch_folder.tiff import count_pages

PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"
EXTENSIONS = {PDF: ".pdf", TIFF: ".tif", JPEG: ".jpg", PNG: ".png"}
MAX_PIXELS = 100_000_000  # a page; A3 at 600 dpi has 70 million
MAX_PIXELS_IN_ALL = 25_000_000_000  # a file; the 2,000 pages of A4 that are read, at 350 dpi
HEAD_BYTES, TAIL_BYTES = 1024, 64
MAX_SEARCHED_BYTES = 300 * 1024 * 1024  # as much as is read of a file at all
NEW_SUBFILE_TAG, SMALLER_COPY = 254, 1


def detect_media_type(head: bytes) -> str | None:
    """Tell the type from a file's first 1,024 bytes; None when it is none of ours."""
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    return PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def check_whole(path: Path, *, max_pixels: int = MAX_PIXELS) -> str:
    """Return the media type of a file that is whole.

    Raises FileNotFoundError when it is gone, else the RefusedScanError that says what is wrong;
    its `may_still_change` tells whether a writer may yet put it right.
    """
    try:
        with path.open("rb") as file:
            media_type = _type_or_refuse(path, file.read(HEAD_BYTES))
            if media_type == PDF:
                _check_pdf(path, file, max_pixels)
            else:
                _check_picture(path, file, media_type, max_pixels)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableScanError(path, error.strerror or str(error)) from error
    return media_type


def _type_or_refuse(path: Path, head: bytes) -> str:
    if not head:
        raise EmptyScanError(path)
    media_type = detect_media_type(head)
    if media_type is not None:
        return media_type
    # Network shares reserve the full size first, all zeros, and some scanners write the head last.
    if len(head) < 16 or not head[:16].strip(b"\0"):
        raise UnfinishedScanError(path, "its beginning is not there yet")
    raise UnsupportedScanError(path)


def _check_pdf(path: Path, file: BinaryIO, max_pixels: int) -> None:
    """Reach every page, its content and its pictures' headers; decode nothing."""
    has_end = True
    source: BinaryIO = file
    if not _ends_at_its_end(file):
        data = _read_all(path, file)
        try:
            end = find_pdf_end(data)
        except ValueError as error:
            raise UnfinishedScanError(path, str(error)) from error
        has_end = end is not None
        # Opened here, for qpdf takes no name that is not UTF-8; what lies after the end confuses it.
        source = io.BytesIO(data[:end])
    source.seek(0)
    try:
        # Without an end only a file that needs no repair has all its pages.
        with pikepdf.open(source, attempt_recovery=has_end) as pdf:
            _refuse_pictures(path, pdf, max_pixels)
            if len(pdf.pages) == 0:
                raise UnfinishedScanError(path, "it has no pages")
    except RefusedScanError:
        raise
    except pikepdf.PasswordError as error:
        raise LockedScanError(path) from error
    except MemoryError as error:
        raise OversizedScanError(path, "not enough memory") from error
    except Exception as error:  # qpdf's bindings let nearly every type out for hostile bytes
        raise UnfinishedScanError(path, str(error)) from error


def _refuse_pictures(path: Path, pdf: pikepdf.Pdf, max_pixels: int) -> None:
    in_all = 0
    for page in pdf.pages:
        page.obj.get("/Contents")
        for picture in page.get_images().values():
            pixels = int(picture.get("/Width", 0)) * int(picture.get("/Height", 0))
            if pixels > max_pixels:
                raise OversizedScanError(path, f"a picture of {pixels:,} pixels")
            in_all += pixels
            if in_all > MAX_PIXELS_IN_ALL:
                raise OversizedScanError(path, f"{in_all:,} pixels in all")


def _check_picture(path: Path, file: BinaryIO, media_type: str, max_pixels: int) -> None:
    """Decode every page; the sizes are looked at before a pixel is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sizes are judged here; broken metadata does no harm
        try:
            frames = count_pages(file) if media_type == TIFF else 1
            file.seek(0)
            with Image.open(file, formats=("TIFF", "JPEG", "PNG")) as picture:
                for number in _pages_of_fit_size(path, picture, frames, max_pixels):
                    picture.seek(number)
                    picture.load()
                _check_picture_end(path, file, media_type)
        except RefusedScanError:
            raise
        except Image.DecompressionBombError as error:
            raise OversizedScanError(path, str(error)) from error
        except MemoryError as error:
            raise OversizedScanError(path, "not enough memory") from error
        except Exception as error:  # Pillow's decoders let nearly every type out for hostile bytes
            raise UnfinishedScanError(path, str(error)) from error


def _ends_at_its_end(file: BinaryIO) -> bool:
    """Tell whether a PDF's last line is its end: the usual case, which needs no look at the whole."""
    size_bytes = file.seek(0, 2)
    file.seek(max(0, size_bytes - TAIL_BYTES))
    return file.read().rstrip().endswith(PDF_END)


def _read_all(path: Path, file: BinaryIO) -> bytes:
    """Read the file; not mapped into memory, for a file that is shortened meanwhile would end the program."""
    if file.seek(0, 2) > MAX_SEARCHED_BYTES:
        raise OversizedScanError(path, "its end is not where it should be")
    file.seek(0)
    return file.read()


def _check_picture_end(path: Path, file: BinaryIO, media_type: str) -> None:
    ends = {JPEG: jpeg_ends, PNG: png_ends}.get(media_type)
    if ends is not None and not ends(_read_all(path, file)):
        raise UnfinishedScanError(path, "its end is missing")


def _is_smaller_copy(picture: Image.Image) -> bool:
    """Tell whether a TIFF's picture is a thumbnail, which is no page."""
    return bool(getattr(picture, "tag_v2", {}).get(NEW_SUBFILE_TAG, 0) & SMALLER_COPY)


def _pages_of_fit_size(path: Path, picture: Image.Image, frames: int, max_pixels: int) -> list[int]:
    """Return which frames are pages, after a look at all their sizes: no pixel is decoded before."""
    pages, in_all = [], 0
    for number in range(frames):
        picture.seek(number)
        if number and _is_smaller_copy(picture):
            continue
        in_all += picture.width * picture.height
        if picture.width * picture.height > max_pixels:
            raise OversizedScanError(path, f"{picture.width} x {picture.height} pixels")
        if in_all > MAX_PIXELS_IN_ALL:
            raise OversizedScanError(path, f"{in_all:,} pixels in all")
        pages.append(number)
    return pages
