"""Small scans that tests make for themselves: one page each unless told, no personal data."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw


def page(text: str = "1", size: tuple[int, int] = (240, 340)) -> Image.Image:
    """Draw a page on which different texts give different bytes."""
    picture = Image.new("L", size, 255)
    ImageDraw.Draw(picture).text((20, 20), text, fill=0)
    return picture


def write_pdf(path: Path, text: str = "1", pages: int = 1) -> Path:
    """Write a scanned PDF."""
    pictures = [page(f"{text} {number}") for number in range(pages)]
    # Without a title Pillow would write the file's name into the file.
    pictures[0].save(path, "PDF", save_all=True, append_images=pictures[1:], title="scan")
    return path


def write_locked_pdf(path: Path, password: str) -> Path:
    """Write a PDF that opens only with the password."""
    write_pdf(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(user=password, owner="owner"))
    return path


def write_tiff(path: Path, text: str = "1", pages: int = 1, compression: str = "group4") -> Path:
    """Write a multi-page TIFF as fax-like scanners do."""
    pictures = [page(f"{text} {number}") for number in range(pages)]
    if compression == "group4":
        pictures = [picture.convert("1") for picture in pictures]
    pictures[0].save(
        path, "TIFF", save_all=True, append_images=pictures[1:], compression=compression
    )
    return path


def write_jpeg(path: Path, text: str = "1") -> Path:
    """Write a JPEG."""
    page(text).save(path, "JPEG")
    return path


def write_png(path: Path, text: str = "1") -> Path:
    """Write a PNG."""
    page(text).save(path, "PNG")
    return path


WRITERS = {".pdf": write_pdf, ".tif": write_tiff, ".jpg": write_jpeg, ".png": write_png}
