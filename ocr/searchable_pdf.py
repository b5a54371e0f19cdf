"""The archived copy: PDF/A-2b with the scan as it came and an invisible layer of real Thai.

After writing, the file is read back by two independent libraries and checked as PDF/A, and its pages are
compared with those that were read; what is found is returned, so that a letter is filed only with a file
that passes, or flagged.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pdfminer.high_level
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, pdfa

from ocr.alike import LOOKED_WIDTH, Look, are_alike, look_at, shrink
from ocr.cmyk_profile import give_cmyk_a_meaning, uses_plain_cmyk
from ocr.document import Origin, Page, RecognizedDocument
from ocr.errors import OcrError, PasswordProtectedError
from ocr.image_page import PlacedImage, place_image, place_picture
from ocr.image_scan import ImageScan
from ocr.library_errors import library_errors
from ocr.pages import open_scan
from ocr.paper_size import paper_points
from ocr.pdf.inert import make_inert
from ocr.pdf.shown_page import (
    Matrix,
    close_content,
    numbers,
    show_upright,
    strip_text,
    visible_box,
)
from ocr.pdf.switched_layers import has_hidden_layers
from ocr.scan import FileType, Limits, Scan
from ocr.text_layer import InvisibleFont, draw_layer

FLAVOUR = "2b"
FONT_KEY = "SarabanText"
ENOUGH_FOUND = 0.98  # of the layer's letters, in lines found exactly, by each reader


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """What reading the written file back has shown.

    `found_share_by_reader` is the share, 0 to 1, of the letters whose whole line the reader finds
    exactly, with spaces only where the line has them (1.0 when no layer was written). `archival`
    tells whether the file is PDF/A-2b as far as it can be checked; `findings` say why not.
    `other_pictures` are the pages, from 1, that do not show what was read.
    """

    passed: bool
    found_share_by_reader: Mapping[str, float]
    archival: bool
    findings: tuple[str, ...] = field(default=())
    other_pictures: tuple[int, ...] = field(default=())


def write_searchable_pdf(
    source: Path, document: RecognizedDocument, target: Path, *, limits: Limits | None = None
) -> LayerCheck:
    """Write the searchable PDF/A-2b of `source`, which was read as `document`, to `target`.

    Images are taken over with their own compressed bytes, pages of a PDF with their own streams;
    turned pages are shown upright. Pages whose own text layer was trusted get none of ours. A page that
    would show, or say, anything but what was read is archived as the picture that was read. The
    same input gives the same bytes. `target` is replaced only when the new file is complete.
    Raises an OcrError as `read` does, when the source cannot be opened.
    """
    document = document.as_filed()
    with open_scan(source, limits) as scan, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            looks = [_look_at_read(scan, page) for page in document.pages]
            redrawn = {page.number for page in document.pages if _says_more(scan, page)}
            if has_hidden_layers(scan):
                redrawn = {page.number for page in document.pages}
            data = _written(scan, document, redrawn)
            others = _other_pictures(source, data, document, looks)
            if not set(others) <= redrawn:
                data = _written(scan, document, redrawn | set(others))
                others = _other_pictures(source, data, document, looks)
        except OcrError as error:
            if isinstance(error.__cause__, pikepdf.PasswordError):
                raise PasswordProtectedError(source) from error
            raise
    with library_errors(source):
        check = check_layer(data, document)
    partial = target.with_name(target.name + ".part")
    partial.write_bytes(data)
    partial.replace(target)
    return replace(check, other_pictures=tuple(others))


def _look_at_read(scan: Scan, page: Page) -> Look:
    return look_at(scan.picture(page.number).upright(page.rotation))


def _says_more(scan: Scan, page: Page) -> bool:
    """Tell whether a page's own text, which cannot be taken off it without changing it, is not ours alone."""
    if page.origin is Origin.MIXED:
        return True
    if page.origin is not Origin.RECOGNIZED:
        return False
    without = scan.picture_without_text(page.number)
    return without is not None and not np.array_equal(
        without.pixels, scan.picture(page.number).pixels
    )


def _written(scan: Scan, document: RecognizedDocument, redrawn: Collection[int]) -> bytes:
    with library_errors(scan.name), _carry_pages(scan, document, redrawn) as pdf:
        if uses_plain_cmyk(pdf):
            give_cmyk_a_meaning(pdf)
        return _save(pdf)


def _other_pictures(
    source: Path, data: bytes, document: RecognizedDocument, looks: list[Look]
) -> list[int]:
    """Return the numbers of pages that do not show in the written file what was read."""
    others = []
    with library_errors(source):
        written = pdfium.PdfDocument(data)
        try:
            for page, look in zip(document.pages, looks, strict=True):
                shown = written[page.number - 1]
                width, _ = shown.get_size()
                bitmap = shown.render(scale=3 * LOOKED_WIDTH / width, grayscale=True)
                pixels = np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, -1)
                bitmap.close()
                shown.close()
                if not are_alike(look, shrink(pixels)):
                    others.append(page.number)
        finally:
            written.close()
    return others


def _carry_pages(scan: Scan, document: RecognizedDocument, redrawn: Collection[int]) -> pikepdf.Pdf:
    font = InvisibleFont()
    if scan.file_type is FileType.PDF:
        pdf = pikepdf.open(io.BytesIO(scan.data))
        make_inert(pdf)
    else:
        pdf = pikepdf.new()
        for _ in document.pages:
            pdf.add_blank_page()
    targets = [_prepare_page(pdf, scan, page, redrawn) for page in document.pages]
    pdf.remove_unreferenced_resources()
    layers = []
    for page, (width, height, matrix) in zip(document.pages, targets, strict=True):
        if (page.origin is Origin.BORN_DIGITAL and page.number not in redrawn) or not page.lines:
            continue
        content = draw_layer(page, font, width=width, height=height, font_key=FONT_KEY)
        placed = b"q %s cm\n%s\nQ" % (numbers(matrix), content)
        layers.append((page.number, placed))
    if layers:
        embedded = font.embed(pdf)
        for number, content in layers:
            target = pdf.pages[number - 1]
            target.add_resource(embedded, Name.Font, Name("/" + FONT_KEY), replace_existing=True)
            target.contents_add(content)
    return pdf


def _prepare_page(
    pdf: pikepdf.Pdf, scan: Scan, page: Page, redrawn: Collection[int]
) -> tuple[float, float, Matrix]:
    """Show a page upright; return its upright size and the matrix from upright to user space."""
    target = pdf.pages[page.number - 1]
    if page.number in redrawn:
        return _show(target, place_picture(pdf, scan.picture(page.number).upright(page.rotation)))
    if isinstance(scan, ImageScan):
        return _show(target, place_image(pdf, scan, page.number, page.rotation))
    if page.origin is Origin.BORN_DIGITAL:
        box = visible_box(target)
        return float(box.width), float(box.height), (1, 0, 0, 1, 0, 0)  # keeps its own layer
    if page.origin is Origin.RECOGNIZED:
        strip_text(pdf, target)
    close_content(target)
    size = paper_points(page.width, page.height, page.dpi)
    return show_upright(target, page.rotation, size)


def _show(target: pikepdf.Page, placed: PlacedImage) -> tuple[float, float, Matrix]:
    """Make a page show one image and nothing else."""
    for key in list(target.obj.keys()):
        if key not in ("/Type", "/Parent"):
            del target.obj[key]
    target.obj.MediaBox = Array([0, 0, round(placed.width, 3), round(placed.height, 3)])
    target.obj.Resources = Dictionary(XObject=Dictionary(Scan=placed.stream))
    content = b"q %s cm /Scan Do Q" % numbers(placed.matrix)
    target.obj.Contents = placed.owner.make_stream(content)
    return placed.width, placed.height, (1, 0, 0, 1, 0, 0)


def _save(pdf: pikepdf.Pdf) -> bytes:
    """Dress as PDF/A and return the bytes; the same for the same input."""
    pdfa.prepare(pdf, FLAVOUR)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if "xmp:MetadataDate" in metadata:  # the hour of writing would make each file differ
            del metadata["xmp:MetadataDate"]
    buffer = io.BytesIO()
    pdf.save(buffer, **pdfa.resolve_save_kwargs(FLAVOUR, deterministic_id=True))
    return buffer.getvalue()


def check_layer(data: bytes, document: RecognizedDocument) -> LayerCheck:
    """Read a written PDF back with two libraries, compare its text, and check it as PDF/A-2b."""
    pages = [p for p in document.pages if p.origin is not Origin.BORN_DIGITAL and p.lines]
    shares = {
        name: _found_share(pages, read(data, [page.number for page in pages]))
        for name, read in _READERS.items()
    }
    report = pdfa.validate_written(io.BytesIO(data), FLAVOUR)
    return LayerCheck(
        passed=all(share >= ENOUGH_FOUND for share in shares.values()),
        found_share_by_reader=shares,
        archival=bool(report.passed),
        findings=tuple(str(finding) for finding in report.findings),
    )


def _found_share(pages: list[Page], texts: list[str]) -> float:
    found = total = 0
    for page, text in zip(pages, texts, strict=True):
        extracted = re.sub(r"[ \u00a0]+", " ", text)
        for line in page.lines:
            total += len(line.text)
            found += len(line.text) * (line.text in extracted)
    return found / total if total else 1.0


def _read_with_pdfium(data: bytes, numbers: list[int]) -> list[str]:
    document = pdfium.PdfDocument(data)
    try:
        texts = []
        for number in numbers:
            page = document[number - 1]
            text_page = page.get_textpage()
            texts.append(str(text_page.get_text_range()))
            text_page.close()
            page.close()
        return texts
    finally:
        document.close()


def _read_with_pdfminer(data: bytes, numbers: list[int]) -> list[str]:
    return [
        pdfminer.high_level.extract_text(io.BytesIO(data), page_numbers=[number - 1])
        for number in numbers
    ]


_READERS: dict[str, Callable[[bytes, list[int]], list[str]]] = {
    "pdfium": _read_with_pdfium,
    "pdfminer": _read_with_pdfminer,
}
