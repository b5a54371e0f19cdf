"""The archived copy: PDF/A-2b with the scan as it came and an invisible layer of real Thai.

After writing, the file is read back by two independent libraries and checked as PDF/A; what they
find is returned, so that a letter is filed only with a layer that passes, or flagged.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pdfminer.high_level
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Rectangle, pdfa, sanitize

from ocr.born_digital import PDFMINER_ERRORS
from ocr.document import Origin, Page, RecognizedDocument
from ocr.errors import PasswordProtectedError, UnreadableFileError
from ocr.image_page import place_image
from ocr.pages import FileType, ImageScan, Limits, Scan, open_scan
from ocr.text_layer import InvisibleFont, draw_layer

FLAVOUR = "2b"
FONT_KEY = "SarabanText"
ENOUGH_FOUND = 0.98  # of the layer's letters, in lines found exactly, by each reader
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}
_INVISIBLE = 3
Matrix = tuple[float, ...]  # the six numbers of a PDF transformation
_TURNED = {90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}  # clockwise
# What pikepdf lets out for damaged files; found by fuzzing.
PDF_ERRORS = (
    pikepdf.PdfError,
    pikepdf.ForeignObjectError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """What reading the written file back has shown.

    `found_share_by_reader` is the share, 0 to 1, of the letters whose whole line the reader finds
    exactly, with spaces only where the line has them (1.0 when no layer was written). `archival`
    tells whether the file is PDF/A-2b as far as it can be checked; `findings` say why not.
    """

    passed: bool
    found_share_by_reader: Mapping[str, float]
    archival: bool
    findings: tuple[str, ...] = field(default=())


def write_searchable_pdf(
    source: Path, document: RecognizedDocument, target: Path, *, limits: Limits | None = None
) -> LayerCheck:
    """Write the searchable PDF/A-2b of `source`, which was read as `document`, to `target`.

    Images are taken over with their own compressed bytes, pages of a PDF with their own streams;
    turned pages are shown upright. Pages whose own text layer was trusted get none of ours. The
    same input gives the same bytes. `target` is replaced only when the new file is complete.
    Raises an OcrError as `read` does, when the source cannot be opened.
    """
    with open_scan(source, limits) as scan, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with _carry_pages(scan, document) as pdf:
                data = _save(pdf)
        except pikepdf.PasswordError as error:
            raise PasswordProtectedError(source) from error
        except PDF_ERRORS as error:
            raise UnreadableFileError(source, str(error)) from error
    check = check_layer(data, document)
    partial = target.with_name(target.name + ".part")
    partial.write_bytes(data)
    partial.replace(target)
    return check


def _carry_pages(scan: Scan, document: RecognizedDocument) -> pikepdf.Pdf:
    font = InvisibleFont()
    if scan.file_type is FileType.PDF:
        pdf = pikepdf.open(io.BytesIO(scan.data))
        _remove_active_content(pdf)
        targets = [_prepare_pdf_page(pdf, page) for page in document.pages]
    else:
        pdf = pikepdf.new()
        targets = [_add_image_page(pdf, scan, page) for page in document.pages]
    pdf.remove_unreferenced_resources()
    layers = []
    for page, (width, height, matrix) in zip(document.pages, targets, strict=True):
        if page.origin is Origin.BORN_DIGITAL or not page.lines:
            continue
        content = draw_layer(page, font, width=width, height=height, font_key=FONT_KEY)
        placed = b"q %s cm\n%s\nQ" % (_numbers(matrix), content)
        layers.append((page.number, placed))
    if layers:
        embedded = font.embed(pdf)
        for number, content in layers:
            target = pdf.pages[number - 1]
            target.add_resource(embedded, Name.Font, Name("/" + FONT_KEY), replace_existing=True)
            target.contents_add(content)
    return pdf


def _add_image_page(pdf: pikepdf.Pdf, scan: Scan, page: Page) -> tuple[float, float, Matrix]:
    if not isinstance(scan, ImageScan):  # pragma: no cover - the two kinds of scan there are
        raise TypeError("an image page needs an image file")
    placed = place_image(pdf, scan, page.number, page.rotation)
    content = b"q %s cm /Scan Do Q" % _numbers(placed.matrix)
    pdf.pages.append(
        pikepdf.Page(
            pdf.make_indirect(
                Dictionary(
                    Type=Name.Page,
                    MediaBox=Array([0, 0, round(placed.width, 3), round(placed.height, 3)]),
                    Resources=Dictionary(XObject=Dictionary(Scan=placed.stream)),
                    Contents=pdf.make_stream(content),
                )
            )
        )
    )
    return placed.width, placed.height, (1, 0, 0, 1, 0, 0)


def _prepare_pdf_page(pdf: pikepdf.Pdf, page: Page) -> tuple[float, float, Matrix]:
    """Show a page upright; return its upright size and the matrix from upright to user space."""
    target = pdf.pages[page.number - 1]
    box = visible_box(target)
    if page.origin is Origin.BORN_DIGITAL:
        return float(box.width), float(box.height), (1, 0, 0, 1, 0, 0)  # keeps its own layer
    _drop_invisible_text(pdf, target)
    rotation = (int(target.get(Name.Rotate, 0)) + page.rotation) % 360
    if Name.Rotate in target:
        del target[Name.Rotate]
    if rotation in _TURNED:
        return *_turn_upright(target, box, rotation), (1, 0, 0, 1, 0, 0)
    return float(box.width), float(box.height), (1, 0, 0, 1, float(box.llx), float(box.lly))


def _turn_upright(target: pikepdf.Page, box: Rectangle, rotation: int) -> tuple[float, float]:
    """Turn a page's content `rotation` degrees clockwise instead of asking viewers to (/Rotate).

    pdfium takes the text of quarter-turned pages apart letter by letter, so that nothing is found.
    """
    width, height = float(box.width), float(box.height)
    a, b, c, d = _TURNED[rotation]
    corners = [
        (a * x + c * y, b * x + d * y)
        for x in (float(box.llx), float(box.urx))
        for y in (float(box.lly), float(box.ury))
    ]
    matrix = (a, b, c, d, -min(x for x, _ in corners), -min(y for _, y in corners))
    target.contents_add(b"q %s cm" % _numbers(matrix), prepend=True)
    target.contents_add(b"Q")
    for annotation in target.get(Name.Annots, []):
        rectangle = annotation.get(Name.Rect)
        if isinstance(rectangle, Array):
            annotation.Rect = _turned_box(Rectangle(rectangle), matrix)
    for key in (Name.CropBox, Name.TrimBox, Name.BleedBox, Name.ArtBox):
        if key in target:
            del target[key]
    if rotation in (90, 270):
        width, height = height, width
    target.MediaBox = Array([0, 0, width, height])
    return width, height


def _turned_box(box: Rectangle, matrix: Matrix) -> Array:
    a, b, c, d, e, f = matrix
    xs = sorted(a * float(x) + c * float(y) + e for x, y in (box.lower_left, box.upper_right))
    ys = sorted(b * float(x) + d * float(y) + f for x, y in (box.lower_left, box.upper_right))
    return Array([xs[0], ys[0], xs[1], ys[1]])


def _numbers(matrix: Matrix) -> bytes:
    return " ".join(f"{value:.4f}" for value in matrix).encode("ascii")


def visible_box(target: pikepdf.Page) -> Rectangle:
    """Return the crop box within the media box, which is what viewers and pdfium show."""
    media, crop = Rectangle(target.mediabox), Rectangle(target.cropbox)
    both = Rectangle(
        max(media.llx, crop.llx),
        max(media.lly, crop.lly),
        min(media.urx, crop.urx),
        min(media.ury, crop.ury),
    )
    return both if both.width > 0 and both.height > 0 else media


def _drop_invisible_text(pdf: pikepdf.Pdf, target: pikepdf.Page) -> None:
    """Remove another program's invisible layer, and close the page's graphics state."""
    kept = []
    mode, stack = 0, []
    dropped = shown = False
    for instruction in pikepdf.parse_content_stream(target):
        operator = str(instruction.operator)
        if operator == "Tr":
            mode = int(instruction.operands[0])
        elif operator == "q":
            stack.append(mode)
        elif operator == "Q" and stack:
            mode = stack.pop()
        elif operator in _SHOWS_TEXT:
            dropped |= mode == _INVISIBLE
            shown |= mode != _INVISIBLE
            if mode == _INVISIBLE:
                continue
        kept.append(instruction)
    if dropped:
        if not shown:  # no text is left, so its fonts (often not embedded) can go too
            kept = [item for item in kept if str(item.operator) != "Tf"]
        target[Name.Contents] = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    target.contents_add(b"q", prepend=True)
    target.contents_add(b"Q")


def _remove_active_content(pdf: pikepdf.Pdf) -> None:
    """Remove what PDF/A forbids and an archive must not run: scripts, actions, attached files."""
    sanitize.remove_javascript(pdf)
    sanitize.remove_multimedia(pdf)
    sanitize.remove_attachments(pdf)
    sanitize.remove_private_app_data(pdf)
    for key in (Name.OpenAction, Name.AA, Name.AF, Name.Collection):
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        if Name.AA in page:
            del page[Name.AA]
    _remove_unchecked_keys(pdf)


def _remove_unchecked_keys(pdf: pikepdf.Pdf) -> None:
    """Remove entries without meaning for the page that the PDF/A check does not know."""
    for key in (Name.MarkInfo, Name.ViewerPreferences):
        entry = pdf.Root.get(key)
        if isinstance(entry, Dictionary) and Name.Type in entry:
            del entry[Name.Type]
    for thing in pdf.objects:
        is_image = isinstance(thing, pikepdf.Stream) and thing.get(Name.Subtype) == Name.Image
        if is_image and Name.Metadata in thing:
            del thing[Name.Metadata]


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
    except pdfium.PdfiumError:
        return [""] * len(numbers)
    finally:
        document.close()


def _read_with_pdfminer(data: bytes, numbers: list[int]) -> list[str]:
    try:
        return [
            pdfminer.high_level.extract_text(io.BytesIO(data), page_numbers=[number - 1])
            for number in numbers
        ]
    except PDFMINER_ERRORS:
        return [""] * len(numbers)


_READERS: dict[str, Callable[[bytes, list[int]], list[str]]] = {
    "pdfium": _read_with_pdfium,
    "pdfminer": _read_with_pdfminer,
}
