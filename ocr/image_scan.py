"""An opened TIFF, JPEG or PNG: its pages as a person sees them, black on white, upright, with square dots."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageChops, ImageOps

from ocr.engine import PagePicture, Pixels
from ocr.errors import TooLargeError
from ocr.library_errors import library_errors
from ocr.paper_size import Dots, judge_dpi
from ocr.scan import FileType, Limits

TAG_ORIENTATION = 0x0112
TAG_PHOTOMETRIC, MIN_IS_WHITE = 262, 0
TAG_NEW_SUBFILE, TAG_SUBFILE = 254, 255
SMALLER_COPY, MASK, OLD_SMALLER_COPY = 1, 4, 2
EXIF_IFD = 0x8769
CAMERA_TAGS = {0x829A, 0x829D, 0x920A}  # exposure, aperture, focal length
FIRST_TURNED = 5  # orientations from here on swap width and height
FULL_SCALES = (255, 1023, 4095, 16383, 65535)  # of 8, 10, 12, 14 and 16 bits
SQUARE = 0.05  # dots less apart than this share are square
DARK = 100.0  # of 255: a page whose mean is darker was decoded upside down


class ImageScan:
    """A TIFF (one or more pages), JPEG or PNG."""

    def __init__(self, name: str, data: bytes, file_type: FileType, limits: Limits) -> None:
        self.name = name
        self.data = data
        self.file_type = file_type
        self._limits = limits
        with library_errors(name):
            image = Image.open(io.BytesIO(data), formats=[file_type.name])
            # A PNG's or JPEG's further frames (animation, previews) are not pages.
            self._frames = tiff_pages(image) if file_type is FileType.TIFF else [0]
        self.page_count = len(self._frames)
        if self.page_count > limits.max_pages:
            raise TooLargeError(name, f"{self.page_count} pages, {limits.max_pages} allowed")

    def is_drawn(self, number: int) -> bool:
        """Tell that an image's page never has text of its own."""
        return False

    def picture_without_text(self, number: int) -> PagePicture | None:
        """Return None: an image's page never has text of its own."""
        return None

    def frame(self, number: int) -> Image.Image:
        """Return a page as Pillow has it, not decoded yet; to be called within `library_errors`."""
        # Opened anew: decoding a TIFF turns it upright and forgets that it did.
        image = Image.open(io.BytesIO(self.data), formats=[self.file_type.name])
        if self.file_type is FileType.TIFF:
            image.seek(self._frames[number - 1])
        if image.width * image.height > self._limits.max_pixels:
            raise TooLargeError(self.name, f"{image.width} x {image.height} pixels")
        return image

    def picture(self, number: int) -> PagePicture:
        """Decode one page, turned as its EXIF orientation says, with square pixels."""
        with library_errors(self.name, f"page {number}"):
            image = self.frame(number)
            stated = stated_dots(image)
            flat = decode(image)
            dots = judge_dpi(flat.width, flat.height, stated)
            dpi = max(dots.across, dots.down)
            if abs(dots.across - dots.down) > SQUARE * dpi:  # a fax: 204 x 98 dots an inch
                size = (round(flat.width * dpi / dots.across), round(flat.height * dpi / dots.down))
                if size[0] * size[1] > self._limits.max_pixels:
                    raise TooLargeError(self.name, f"{size[0]} x {size[1]} pixels")
                flat = flat.resize(size, Image.Resampling.BICUBIC)
            return PagePicture(np.asarray(flat, dtype=np.uint8), dpi)


def tiff_pages(image: Image.Image) -> list[int]:
    """Return which frames of a TIFF are pages: smaller copies (thumbnails) and masks are not.

    Where nothing else is there, they are.
    """
    frames = range(int(getattr(image, "n_frames", 1)))
    pages = []
    for index in frames:
        image.seek(index)
        tags = getattr(image, "tag_v2", {})
        kind = tags.get(TAG_NEW_SUBFILE, 0)
        is_copy = kind & (SMALLER_COPY | MASK) or tags.get(TAG_SUBFILE) == OLD_SMALLER_COPY
        if not is_copy:
            pages.append(index)
    return pages or list(frames)


def orientation_of(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1 when there is none or a mad one."""
    value = image.getexif().get(TAG_ORIENTATION, 1)
    return value if value in range(1, 9) else 1


def stated_dots(image: Image.Image) -> Dots | None:
    """Return the resolution the file states for the upright picture; None when it states none.

    A camera's is none: it knows nothing of the paper in front of it.
    """
    exif = image.getexif()
    if CAMERA_TAGS & set(exif.get_ifd(EXIF_IFD)):
        return None
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if orientation_of(image) >= FIRST_TURNED:  # stated for the columns and rows as they are stored
        across, down = down, across
    return Dots(across, down)


def decode(image: Image.Image) -> Image.Image:
    """Return an opened image upright, gray ("L") or RGB, as it is seen on white paper."""
    # Asked of the file: a copy does not have its tags.
    min_is_white = getattr(image, "tag_v2", {}).get(TAG_PHOTOMETRIC) == MIN_IS_WHITE
    image.load()
    return flatten(ImageOps.exif_transpose(image), min_is_white=min_is_white)


def flatten(image: Image.Image, *, min_is_white: bool = False) -> Image.Image:
    """Return a gray ("L") or RGB image without transparency, as it is seen on white paper.

    `min_is_white` matters for more than 8 bits alone: with fewer, Pillow has turned it already.
    """
    if image.mode.startswith(("I", "F")):
        return _from_deep(image, min_is_white=min_is_white)
    if image.has_transparency_data:
        gray = image.mode in ("1", "L", "LA", "La")
        alpha = image.convert("RGBA")
        seen = Image.alpha_composite(Image.new("RGBA", alpha.size, "white"), alpha)
        return seen.convert("L" if gray else "RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    if image.mode == "CMYK":
        return (ImageChops.invert(image) if decoded_inverted(image) else image).convert("RGB")
    return image.convert("RGB")


def decoded_inverted(image: Image.Image) -> bool:
    """Tell whether Pillow has decoded a CMYK picture upside down.

    It takes every CMYK JPEG for Adobe's, whose ink is written as 0; without Adobe's marker nobody
    knows, and paper is light.
    """
    if image.mode != "CMYK" or "adobe" in image.info:
        return False
    small = image.resize((64, 64), Image.Resampling.BOX).convert("L")
    return float(np.asarray(small, dtype=np.float64).mean()) < DARK


def _from_deep(image: Image.Image, *, min_is_white: bool) -> Image.Image:
    """Scale more than 8 bits of gray to 8."""
    values = np.asarray(image, dtype=np.float64)
    top = _full_scale(image, float(values.max(initial=0.0)))
    clear = image.info.get("transparency")
    scaled: Pixels = (np.clip(values / top, 0, 1) * 255).astype(np.uint8)
    if min_is_white:
        scaled = 255 - scaled
    if isinstance(clear, (int, float)):
        scaled = np.where(values == clear, 255, scaled).astype(np.uint8)
    return Image.fromarray(scaled)


def _full_scale(image: Image.Image, largest: float) -> float:
    """Return the value of full white (or black): 12 bits are often stored in 16."""
    if image.mode.startswith("F") and largest <= 1:
        return 1.0
    return float(next((top for top in FULL_SCALES if largest <= top), max(largest, 1.0)))
