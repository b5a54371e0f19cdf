"""Annotations with an appearance, form fields and stamps become part of their page, where a person sees them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import pikepdf
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, resolve1
from pikepdf import Array, Dictionary, Name

from ocr.errors import OcrError, PasswordProtectedError, UnreadableFileError
from ocr.library_errors import library_errors

PAGE_BOX_NUMBERS = 4


def make_part_of_page(name: str, data: bytes) -> bytes:
    """Return the PDF with everything drawn over its pages drawn on them; the same bytes where nothing is.

    Hidden annotations and those not shown on a screen are left out, links stay. A file that qpdf cannot
    work on comes back as it is: the page's picture shows its annotations all the same.
    Raises PasswordProtectedError, and UnreadableFileError for a page whose size is damaged.
    """
    if _has_damaged_size(name, data):
        raise UnreadableFileError(name, "the size of a page (its MediaBox) is damaged")
    try:
        with library_errors(name), pikepdf.open(io.BytesIO(data)) as pdf:
            drawn_over = [_is_drawn_over(page) for page in pdf.pages]
            flat = _flatten(pdf) if any(drawn_over) else data
    except OcrError as error:
        if isinstance(error.__cause__, pikepdf.PasswordError):
            raise PasswordProtectedError(name) from error
        return data
    return flat


def _flatten(pdf: pikepdf.Pdf) -> bytes:
    form = pdf.Root.get(Name.AcroForm)
    if isinstance(form, Dictionary) and Name.NeedAppearances in form:
        # "Draw them anew": those that have a picture are shown by it, here as in the archive.
        del form[Name.NeedAppearances]
    pdf.flatten_annotations("screen")
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _is_drawn_over(page: pikepdf.Page) -> bool:
    annotations = page.obj.get(Name.Annots, Array())
    return any(
        isinstance(one, Dictionary) and Name.AP in one and one.get(Name.Subtype) != Name.Popup
        for one in (annotations if isinstance(annotations, Array) else ())
    )


def _has_damaged_size(name: str, data: bytes) -> bool:
    """Tell whether a page's MediaBox is anything but four numbers; where there is none, readers agree on one.

    pdfminer is asked because it shows what stands in the file: qpdf and pdfium put Letter in its place.
    """
    try:
        with library_errors(name):
            catalog = PDFDocument(PDFParser(io.BytesIO(data))).catalog
            boxes = [resolve1(node.get("MediaBox")) for node in _nodes(catalog.get("Pages"), set())]
    except OcrError:
        return False
    return any(box is not None and not _is_box(box) for box in boxes)


def _nodes(reference: object, seen: set[int]) -> Iterator[dict[str, object]]:
    """Yield the page tree's nodes, pages too; a damaged tree may run in circles."""
    if not isinstance(reference, PDFObjRef) or reference.objid in seen:
        return
    seen.add(reference.objid)
    node = resolve1(reference)
    if not isinstance(node, dict):
        return
    yield node
    kids = resolve1(node.get("Kids"))
    for kid in kids if isinstance(kids, list) else ():
        yield from _nodes(kid, seen)


def _is_box(box: object) -> bool:
    if not isinstance(box, list) or len(box) != PAGE_BOX_NUMBERS:
        return False
    return all(isinstance(resolve1(value), (int, float)) for value in box)
