"""Is the file whole? It is when it parses to its end, whatever its size did meanwhile."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path

import pikepdf
from PIL import Image

from watch_folder.errors import (
    EmptyScanError,
    LockedScanError,
    OversizedScanError,
    UnfinishedScanError,
    UnreadableScanError,
    UnsupportedScanError,
)
from watch_folder.tiff import count_pages

PDF, TIFF, JPEG, PNG = "application/pdf", "image/tiff", "image/jpeg", "image/png"
EXTENSIONS = {PDF: ".pdf", TIFF: ".tif", JPEG: ".jpg", PNG: ".png"}
MAX_PIXELS = 100_000_000  # a page; A3 at 600 dpi has 70 million
HEAD_BYTES, TAIL_BYTES = 1024, 4096
# What a file must hold near its end. Scanners append padding and notes, hence not at the very end.
ENDINGS = {PDF: b"%%EOF", JPEG: b"\xff\xd9", PNG: b"IEND"}
# Pillow's decoders let nearly every type out for hostile bytes.
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
        head, tail = _ends(path)
        media_type = _type_or_refuse(path, head)
        if media_type in ENDINGS and ENDINGS[media_type] not in tail:
            raise UnfinishedScanError(path, "its end is missing")
        if media_type == PDF:
            _check_pdf(path, max_pixels)
        else:
            _check_picture(path, media_type, max_pixels)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnreadableScanError(path, error.strerror or str(error)) from error
    return media_type


def _ends(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        file.seek(0, 2)
        file.seek(max(0, file.tell() - TAIL_BYTES))
        return head, file.read()


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


def _check_pdf(path: Path, max_pixels: int) -> None:
    """Reach every page, its content and its pictures' headers; decode nothing."""
    try:
        # Opened here, for qpdf takes no name that is not UTF-8.
        with path.open("rb") as file, pikepdf.open(file) as pdf:
            for page in pdf.pages:
                page.obj.get("/Contents")
                for picture in page.get_images().values():
                    pixels = int(picture.get("/Width", 0)) * int(picture.get("/Height", 0))
                    if pixels > max_pixels:
                        raise OversizedScanError(path, f"a picture of {pixels:,} pixels")
            if len(pdf.pages) == 0:
                raise UnfinishedScanError(path, "it has no pages")
    except pikepdf.PasswordError as error:
        raise LockedScanError(path) from error
    except (pikepdf.PdfError, RuntimeError, TypeError, ValueError, LookupError) as error:
        raise UnfinishedScanError(path, str(error)) from error


def _check_picture(path: Path, media_type: str, max_pixels: int) -> None:
    """Decode every frame; the sizes are looked at before a pixel is."""
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sizes are judged here; broken metadata does no harm
        try:
            frames = count_pages(file) if media_type == TIFF else 1
            file.seek(0)
            with Image.open(file, formats=("TIFF", "JPEG", "PNG")) as picture:
                for number in range(frames):
                    picture.seek(number)
                    if picture.width * picture.height > max_pixels:
                        size = f"{picture.width} x {picture.height} pixels"
                        raise OversizedScanError(path, size)
                    picture.load()
        except Image.DecompressionBombError as error:
            raise OversizedScanError(path, str(error)) from error
        except MemoryError as error:
            raise OversizedScanError(path, "not enough memory") from error
        except (EOFError, *PILLOW_ERRORS) as error:
            raise UnfinishedScanError(path, str(error)) from error
