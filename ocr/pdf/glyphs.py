"""The characters a PDF says its page has, in the order of the content stream, each with its place."""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice

from pdfminer.layout import LTChar
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice, PDFTextSeq
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import (
    PDFGraphicState,
    PDFPageInterpreter,
    PDFResourceManager,
    PDFTextState,
)
from pdfminer.pdfpage import PDFPage
from pdfminer.utils import Matrix, apply_matrix_rect

from ocr.document import Ink

INVISIBLE_MODES = (3, 7)  # neither filled nor stroked
COLOUR_APART = 0.25  # of 1; between the strongest and the next part of a colour
PARTS_OF_RGB = 3


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with its place in points from the page's upper left corner."""

    text: str
    font: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    ink: Ink


@dataclass(frozen=True, slots=True)
class TextLayer:
    """A page's upright characters and its shown size in points.

    `turned` says how many more characters stand on their side, `hidden` how many are written not to be seen.
    """

    glyphs: list[Glyph]
    width: float
    height: float
    turned: int
    hidden: int


def read_glyphs(data: bytes, number: int) -> TextLayer:
    """Return the characters of page `number` (from 1) that are written to be seen.

    Lets out whatever pdfminer does: call it within `library_errors`.
    """
    page = next(islice(PDFPage.get_pages(io.BytesIO(data)), number - 1, None), None)
    if page is None:
        raise ValueError("pdfminer finds fewer pages than pdfium")
    manager = PDFResourceManager()
    device = _Reader(manager)
    PDFPageInterpreter(manager, device).process_page(page)
    left, bottom, right, top = device.shown
    glyphs = [
        Glyph(
            text=char.get_text(),
            font=char.fontname,
            left=char.x0 - left,
            right=char.x1 - left,
            top=top - char.y1,
            bottom=top - char.y0,
            size=max(float(char.size), 1.0),
            ink=ink,
        )
        for char, ink in device.characters
        if char.upright and left <= char.x0 <= right and bottom <= char.y1 <= top
    ]
    turned = sum(not char.upright for char, _ in device.characters)
    beyond = len(device.characters) - turned - len(glyphs)  # the page's edge
    return TextLayer(glyphs, right - left, top - bottom, turned, device.hidden + beyond)


class _Reader(PDFTextDevice):
    """Notes each character that is filled or stroked."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager)
        self.characters: list[tuple[LTChar, Ink]] = []
        self.shown = (0.0, 0.0, 0.0, 0.0)  # left, bottom, right, top
        self.hidden = 0
        self._invisible = False

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Note what part of the page is shown: the crop box within the media box."""
        media, crop = page.mediabox, page.cropbox or page.mediabox
        box = (
            max(media[0], crop[0]),
            max(media[1], crop[1]),
            min(media[2], crop[2]),
            min(media[3], crop[3]),
        )
        whole = box[2] > box[0] and box[3] > box[1]
        self.shown = apply_matrix_rect(ctm, box if whole else media)

    def render_string(
        self,
        textstate: PDFTextState,
        seq: PDFTextSeq,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> None:
        """Take the string apart, noting whether it is painted."""
        self._invisible = textstate.render in INVISIBLE_MODES
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # noqa: PLR0917 - pdfminer's own signature
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """Note a character; return how far it moves the pen."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        char = LTChar(
            matrix,
            font,
            fontsize,
            scaling,
            rise,
            text,
            font.char_width(cid),
            font.char_disp(cid),
            ncs,
            graphicstate,
        )
        if self._invisible:
            self.hidden += bool(text.strip())
        else:
            self.characters.append((char, _ink(graphicstate.ncolor)))
        return char.adv


def _ink(colour: object) -> Ink:
    if not isinstance(colour, (tuple, list)) or len(colour) != PARTS_OF_RGB:
        return Ink.BLACK
    red, green, blue = (float(part) for part in colour)
    if red - max(green, blue) > COLOUR_APART:
        return Ink.RED
    return Ink.BLUE if blue - max(red, green) > COLOUR_APART else Ink.BLACK
