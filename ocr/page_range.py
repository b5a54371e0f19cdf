"""Some pages of a scan as a file of their own, for a letter that is cut out of a batch; the scan itself stays."""

from __future__ import annotations

from pathlib import Path

import pdfminer.high_level
import pikepdf
from PIL import Image

from ocr.errors import OcrError, UnreadableFileError, UnsupportedTypeError
from ocr.image_scan import flatten, tiff_pages
from ocr.library_errors import library_errors
from ocr.scan import FileType, detect_type

HEAD_BYTES = 1024
BILEVEL = "1"
PLAIN_MODES = (BILEVEL, "L", "P", "RGB")


def cut_pages(source: Path, pages: range, target: Path) -> None:
    """Write pages (from 1) of a PDF or TIFF into a new file of the same type, without loss.

    The same pages give the same bytes, so that cutting them again is known as a duplicate.
    Raises UnreadableFileError for a damaged file or pages it does not have, UnsupportedTypeError
    for a picture, which has one page only.
    """
    with source.open("rb") as file:
        kind = detect_type(file.read(HEAD_BYTES))
    if kind is FileType.PDF:
        _cut_pdf(source, pages, target)
    elif kind is FileType.TIFF:
        _cut_tiff(source, pages, target)
    else:
        raise UnsupportedTypeError(source)


def _cut_pdf(source: Path, pages: range, target: Path) -> None:
    with library_errors(source), pikepdf.open(source) as pdf:
        if not pages or pages.stop - 1 > len(pdf.pages):
            raise UnreadableFileError(source, "it has fewer pages")
        for number in range(len(pdf.pages), 0, -1):
            if number not in pages:
                del pdf.pages[number - 1]
        pdf.remove_unreferenced_resources()
        pdf.save(target, deterministic_id=True)


def _cut_tiff(source: Path, pages: range, target: Path) -> None:
    with library_errors(source), Image.open(source) as image:
        dpi = image.info.get("dpi", (300, 300))
        of_file = tiff_pages(image)
        if not pages or pages.stop - 1 > len(of_file):
            raise UnreadableFileError(source, "it has fewer pages")
        first, *others = (_copy_frame(image, of_file[number - 1]) for number in pages)
        compression = "group4" if first.mode == BILEVEL else "tiff_lzw"
        first.save(
            target, "TIFF", compression=compression, dpi=dpi, save_all=True, append_images=others
        )


def _copy_frame(image: Image.Image, index: int) -> Image.Image:
    """Return a page with the colours it is seen in: what a mode leaves open would be lost by copying."""
    image.seek(index)
    return image.copy() if image.mode in PLAIN_MODES else flatten(image)


def read_texts(pdf: Path) -> tuple[str, ...]:
    """Return the text behind each page of a searchable PDF; empty where it cannot be read."""
    with library_errors(pdf), pikepdf.open(pdf) as opened:
        count = len(opened.pages)
    try:
        with library_errors(pdf):
            return tuple(
                pdfminer.high_level.extract_text(str(pdf), page_numbers=[number]).strip()
                for number in range(count)
            )
    except OcrError:
        return ("",) * count
