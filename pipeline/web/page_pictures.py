"""Pictures of a letter's pages for the web: drawn when first looked at, then kept in a cache."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ocr.pages import open_scan

SHOWN_WIDTH = 1240  # pixels; A4 at 150 dpi
SMALL_WIDTH = 200  # pixels, of a hit's page
KEPT_PICTURES = 2000  # about half a gigabyte
pdfium_lock = threading.Lock()
"""Held while pdfium draws: the library must not be entered twice at the same time."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as JPEG; `width` and `height` are of the full picture that evidence boxes refer to."""

    jpeg: bytes
    width: int
    height: int


class PagePictures:
    """The cache in `folder`; it may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, pdf: Path, number: int, *, secret: bool) -> PagePicture:
        """Return page `number` (from 1) of a searchable PDF; secret ones are never kept on disk.

        Raises OcrError when the file cannot be read, IndexError when it has no such page.
        """
        if not secret and (known := self._find(pdf.stem, number)):
            return known
        picture = _draw(pdf, number)
        if not secret:
            self._keep(pdf.stem, number, picture)
        return picture

    def forget(self, sha256: str) -> None:
        """Remove the pictures of a letter that turned out to be secret, or was destroyed."""
        for path in self._folder.glob(f"{sha256}-*"):
            path.unlink(missing_ok=True)

    def keeps(self, sha256: str) -> bool:
        """Tell whether a picture of that file is on the disk."""
        return any(self._folder.glob(f"{sha256}-*"))

    def _find(self, sha256: str, number: int) -> PagePicture | None:
        for path in self._folder.glob(f"{sha256}-{number}-*.jpg"):
            width, _, height = path.stem.rsplit("-", 1)[1].partition("x")
            return PagePicture(path.read_bytes(), int(width), int(height))
        return None

    def _keep(self, sha256: str, number: int, picture: PagePicture) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = sorted(self._folder.glob("*.jpg"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - KEPT_PICTURES + 1)]:
            path.unlink(missing_ok=True)
        target = self._folder / f"{sha256}-{number}-{picture.width}x{picture.height}.jpg"
        half = target.with_suffix(f".{threading.get_ident()}.part")
        half.write_bytes(picture.jpeg)
        half.replace(target)


def make_small(picture: PagePicture) -> bytes:
    """Return a page as a small JPEG, for lists."""
    with Image.open(io.BytesIO(picture.jpeg)) as page:
        page.draft("RGB", (SMALL_WIDTH, SMALL_WIDTH))
        page.thumbnail((SMALL_WIDTH, 2 * SMALL_WIDTH))
        buffer = io.BytesIO()
        page.save(buffer, "JPEG", quality=72)
    return buffer.getvalue()


def _draw(pdf: Path, number: int) -> PagePicture:
    with pdfium_lock, open_scan(pdf) as scan:
        if not 1 <= number <= scan.page_count:
            raise IndexError(number)
        page = scan.picture(number)
    image = Image.fromarray(page.pixels)
    width = min(SHOWN_WIDTH, image.width)
    height = max(1, round(image.height * width / image.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80, optimize=True)
    return PagePicture(buffer.getvalue(), page.width, page.height)
