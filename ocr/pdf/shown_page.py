"""A PDF's page made ready for the archive: upright, on its paper, without another program's text layer."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name, Rectangle, Stream

Matrix = tuple[float, ...]  # the six numbers of a PDF transformation
SHOWS_TEXT = {"Tj", "TJ", "'", '"', "Tf"}
DEEPEST_FORM = 8
SAME_SIZE = 0.02  # share by which a page may miss the paper's size and is left as it is
_TURNED = {90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}  # clockwise
_OF_THE_FILE = {"/Length", "/Filter", "/DecodeParms"}  # what a stream's new bytes get anew


def numbers(matrix: Matrix) -> bytes:
    """Return the matrix as a content stream has it."""
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


def show_upright(
    target: pikepdf.Page, turned: int, size: tuple[float, float]
) -> tuple[float, float, Matrix]:
    """Turn a page clockwise, by its /Rotate and `turned` degrees, and give it `size` where it has another.

    Returns its upright size in points and the matrix from there to the page's own space. Content is
    turned, not the viewer asked to (/Rotate): pdfium takes the text of quarter-turned pages apart
    letter by letter, so that nothing is found.
    """
    box = visible_box(target)
    rotation = (int(target.get(Name.Rotate, 0)) + turned) % 360
    if Name.Rotate in target:
        del target[Name.Rotate]
    width, height = float(box.width), float(box.height)
    if rotation in (90, 270):
        width, height = height, width
    across, down = size[0] / width, size[1] / height
    fits = abs(across - 1) < SAME_SIZE and abs(down - 1) < SAME_SIZE
    if fits and rotation not in _TURNED:
        return width, height, (1, 0, 0, 1, float(box.llx), float(box.lly))
    if fits:
        across = down = 1.0
    return *_place(target, box, rotation, (across, down)), (1, 0, 0, 1, 0, 0)


def _place(
    target: pikepdf.Page, box: Rectangle, rotation: int, scale: tuple[float, float]
) -> tuple[float, float]:
    turn = _TURNED.get(rotation, (1, 0, 0, 1))
    a, c = turn[0] * scale[0], turn[2] * scale[0]
    b, d = turn[1] * scale[1], turn[3] * scale[1]
    corners = [
        (a * x + c * y, b * x + d * y)
        for x in (float(box.llx), float(box.urx))
        for y in (float(box.lly), float(box.ury))
    ]
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - left, max(y for _, y in corners) - bottom
    matrix = (a, b, c, d, -left, -bottom)
    target.contents_add(b"q %s cm" % numbers(matrix), prepend=True)
    target.contents_add(b"Q")
    for annotation in target.get(Name.Annots, []):
        rectangle = annotation.get(Name.Rect)
        if isinstance(rectangle, Array):
            annotation.Rect = _moved_box(Rectangle(rectangle), matrix)
    for key in (Name.CropBox, Name.TrimBox, Name.BleedBox, Name.ArtBox):
        if key in target:
            del target[key]
    target.MediaBox = Array([0, 0, round(width, 3), round(height, 3)])
    return width, height


def _moved_box(box: Rectangle, matrix: Matrix) -> Array:
    a, b, c, d, e, f = matrix
    xs = sorted(a * float(x) + c * float(y) + e for x, y in (box.lower_left, box.upper_right))
    ys = sorted(b * float(x) + d * float(y) + f for x, y in (box.lower_left, box.upper_right))
    return Array([xs[0], ys[0], xs[1], ys[1]])


def close_content(target: pikepdf.Page) -> None:
    """Let nothing that the page's content sets reach what is added after it."""
    target.contents_add(b"q", prepend=True)
    target.contents_add(b"Q")


def strip_text(pdf: pikepdf.Pdf, target: pikepdf.Page) -> None:
    """Remove all text of a page whose text puts no ink on it, that within forms too."""
    shown, found = _without_text(target)
    resources = target.obj.get(Name.Resources)
    if found:
        target[Name.Contents] = pdf.make_stream(shown)
    if isinstance(resources, Dictionary):
        target[Name.Resources] = _strip_forms(pdf, resources, 0)


def _without_text(content: pikepdf.Page | pikepdf.Object) -> tuple[bytes, bool]:
    kept, found = [], False
    for instruction in pikepdf.parse_content_stream(content):
        if str(instruction.operator) in SHOWS_TEXT:
            found = True
        else:
            kept.append(instruction)
    return pikepdf.unparse_content_stream(kept), found


def _strip_forms(pdf: pikepdf.Pdf, resources: Dictionary, depth: int) -> Dictionary:
    """Return a copy of the resources, which other pages may share, with forms that have no text."""
    own = Dictionary({key: value for key, value in resources.items() if key != "/Font"})
    things = resources.get(Name.XObject)
    if isinstance(things, Dictionary) and depth < DEEPEST_FORM:
        own[Name.XObject] = Dictionary(
            {
                key: _stripped(pdf, thing, depth) if _is_form(thing) else thing
                for key, thing in things.items()
            }
        )
    return own


def _is_form(thing: pikepdf.Object) -> bool:
    return isinstance(thing, Stream) and thing.get(Name.Subtype) == Name.Form


def _stripped(pdf: pikepdf.Pdf, form: pikepdf.Object, depth: int) -> pikepdf.Object:
    content, _ = _without_text(form)
    copy = pdf.make_stream(content)
    for key, value in form.stream_dict.items():
        if key not in _OF_THE_FILE:
            copy[key] = value
    resources = form.get(Name.Resources)
    if isinstance(resources, Dictionary):
        copy[Name.Resources] = _strip_forms(pdf, resources, depth + 1)
    return copy
