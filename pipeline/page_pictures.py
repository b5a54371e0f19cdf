"""Pictures of a letter's pages for the web: drawn when first looked at, then kept in a cache."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from ocr.pages import open_scan

SHOWN_WIDTH = 1240  # pixels; A4 at 150 dpi
SMALL_WIDTH = 200  # pixels, of a hit's page
KEPT_PICTURES = 3000  # small ones too; about half a gigabyte
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
        return self._kept(f"{pdf.stem}-{number}", secret, lambda: draw_page(pdf, number))

    def small(self, pdf: Path, number: int, *, secret: bool) -> PagePicture:
        """Return the page as a small picture, for lists; as `get`."""

        def shrink() -> PagePicture:
            return make_small(self.get(pdf, number, secret=secret))

        return self._kept(f"{pdf.stem}-{number}-small", secret, shrink)

    def forget(self, sha256: str) -> None:
        """Remove the pictures of a letter that turned out to be secret, or was destroyed."""
        for path in self._folder.glob(f"{sha256}-*"):
            path.unlink(missing_ok=True)

    def keeps(self, sha256: str) -> bool:
        """Tell whether a picture of that file is on the disk."""
        return any(self._folder.glob(f"{sha256}-*"))

    def _kept(self, name: str, secret: bool, draw: Callable[[], PagePicture]) -> PagePicture:
        if secret:
            return draw()
        target = self._folder / f"{name}.jpg"
        try:
            return _read(target.read_bytes())
        except FileNotFoundError:
            picture = draw()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = sorted(self._folder.glob("*.jpg"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - KEPT_PICTURES + 1)]:
            path.unlink(missing_ok=True)
        half = target.with_suffix(f".{threading.get_ident()}.part")
        half.write_bytes(picture.jpeg)
        half.replace(target)
        return picture


def _read(jpeg: bytes) -> PagePicture:
    """Return a picture that was kept; the full picture's size is its comment."""
    with Image.open(io.BytesIO(jpeg)) as image:
        width, _, height = image.info["comment"].partition(b"x")
    return PagePicture(jpeg, int(width), int(height))


def make_small(picture: PagePicture) -> PagePicture:
    """Return the same picture as small as lists show it."""
    with Image.open(io.BytesIO(picture.jpeg)) as page:
        page.draft("RGB", (SMALL_WIDTH, SMALL_WIDTH))
        page.thumbnail((SMALL_WIDTH, 2 * SMALL_WIDTH))
        return _packed(page, picture.width, picture.height, quality=72)


def draw_page(pdf: Path, number: int) -> PagePicture:
    """Draw a page anew; as `PagePictures.get`, and kept nowhere."""
    with pdfium_lock, open_scan(pdf) as scan:
        if not 1 <= number <= scan.page_count:
            raise IndexError(number)
        page = scan.picture(number)
    image = Image.fromarray(page.pixels)
    width = min(SHOWN_WIDTH, image.width)
    height = max(1, round(image.height * width / image.width))
    # Whole divisors are averaged first: a tenth of the time, and no eye sees it at this width.
    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=1.0)
    return _packed(small, page.width, page.height, quality=80)


def _packed(image: Image.Image, width: int, height: int, *, quality: int) -> PagePicture:
    buffer = io.BytesIO()
    comment = f"{width}x{height}".encode()
    image.save(buffer, "JPEG", quality=quality, optimize=True, comment=comment)
    return PagePicture(buffer.getvalue(), width, height)
