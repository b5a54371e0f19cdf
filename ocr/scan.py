"""An opened file of pages, what is accepted as one, and how large it may be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ocr.engine import PagePicture

DEFAULT_DPI = 300.0


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

    def picture_without_text(self, number: int) -> PagePicture | None:
        """Return a page as if it had no text of its own, None where it has none.

        What differs from `picture` is the ink of that text; it has the same size and resolution.
        """
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
