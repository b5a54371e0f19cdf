"""Some pages of a scan as a file of their own, for a letter that is cut out of a batch; the scan itself stays."""

from __future__ import annotations

from pathlib import Path

import pdfminer.high_level
import pikepdf
from PIL import Image, ImageSequence

from ocr.born_digital import PDFMINER_ERRORS
from ocr.errors import UnreadableFileError, UnsupportedTypeError
from ocr.pages import FileType, detect_type

HEAD_BYTES = 1024
BILEVEL = "1"


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
    try:
        with pikepdf.open(source) as pdf:
            if not pages or pages.stop - 1 > len(pdf.pages):
                raise UnreadableFileError(source, "it has fewer pages")
            for number in range(len(pdf.pages), 0, -1):
                if number not in pages:
                    del pdf.pages[number - 1]
            pdf.remove_unreferenced_resources()
            pdf.save(target, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise UnreadableFileError(source, str(error)) from error


def _cut_tiff(source: Path, pages: range, target: Path) -> None:
    try:
        with Image.open(source) as image:
            dpi = image.info.get("dpi", (300, 300))
            frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
        first, *others = (frames[number - 1] for number in pages)
    except (IndexError, OSError, ValueError) as error:
        raise UnreadableFileError(source, str(error)) from error
    compression = "group4" if first.mode == BILEVEL else "tiff_lzw"
    first.save(
        target, "TIFF", compression=compression, dpi=dpi, save_all=True, append_images=others
    )


def read_texts(pdf: Path) -> tuple[str, ...]:
    """Return the text behind each page of a searchable PDF; empty where it cannot be read."""
    with pikepdf.open(pdf) as opened:
        count = len(opened.pages)
    try:
        return tuple(
            pdfminer.high_level.extract_text(str(pdf), page_numbers=[number]).strip()
            for number in range(count)
        )
    except PDFMINER_ERRORS:
        return ("",) * count
