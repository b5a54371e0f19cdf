"""The receiving stamp (form 12): drawn on a copy of a PDF's first page, upper right, where it covers nothing.

The letters are drawn as outlines, shaped so that vowels and tone marks sit where they belong, with the
same invisible text over them as in `ocr.text_layer`: so every viewer shows, finds and copies them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fontpkg_sarabun
import numpy as np
import pikepdf
import uharfbuzz
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from pikepdf import Name

from ocr.document import Box, Line, Origin, Page
from ocr.engine import Pixels
from ocr.library_errors import library_errors
from ocr.pages import open_scan
from ocr.paper_size import POINTS_PER_MM
from ocr.pdf.shown_page import visible_box
from ocr.text_layer import InvisibleFont, draw_layer
from ocr.thai_text import split_words

WIDTH_MM, HEIGHT_MM = 50.0, 25.0  # 2.5 x 5 cm, as the offices' rubber stamps
EDGE_MM = 7.0  # from the paper's edge: printers leave less white
AROUND_MM = 1.0  # white between the stamp and what is printed
LOWEST_SHARE = 0.55  # of the page; a stamp further down would not be looked for
INK_BELOW_PAPER = 60  # of 255; how much darker than the paper ink is
FREE_SHARE = 0.002  # of the place; specks are no text
CELL_MM = 0.5
PADDING, FRAME, INK = 5.0, 1.0, "0.10 0.20 0.55"  # points; the colour is red, green and blue
LARGEST, SMALLEST = 9.5, 5.0  # points
UNITS_PER_POINT = 10  # of the page that the invisible text is laid out on
FONT_KEY = "SarabanStamp"


@dataclass(frozen=True, slots=True)
class ReceivingStamp:
    """What stands in the stamp, as it is printed: the office's name, and three lines."""

    office: str
    number: str
    date: str
    time: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the stamp: its base line's height and beginning in points from the lower left."""

    text: str
    left: float
    base: float
    size: float
    width: float


def stamp_pdf(source: Path, stamp: ReceivingStamp) -> bytes:
    """Return a copy of the PDF with the stamp on its first page; `source` stays as it is.

    The page must be upright (searchable PDFs are). Raises an OcrError when the file cannot be read.
    """
    with open_scan(source) as scan:
        picture = scan.picture(1)
    with library_errors(source), pikepdf.open(source) as pdf:
        page = pdf.pages[0]
        box = visible_box(page)
        width, height = float(box.width), float(box.height)
        left, top, scale = find_place(picture.pixels, width, height)
        font = InvisibleFont()
        content = _draw(stamp, font)
        embedded = font.embed(pdf)
        page.add_resource(embedded, Name.Font, Name("/" + FONT_KEY), replace_existing=True)
        x = float(box.llx) + left
        y = float(box.lly) + height - top - HEIGHT_MM * POINTS_PER_MM * scale
        place = f"q {scale:.4f} 0 0 {scale:.4f} {x:.2f} {y:.2f} cm\n".encode("ascii")
        page.contents_add(b"q", prepend=True)
        page.contents_add(b"Q\n" + place + content + b"\nQ")
        buffer = io.BytesIO()
        pdf.save(buffer, deterministic_id=True)
        return buffer.getvalue()


def find_place(pixels: Pixels, width: float, height: float) -> tuple[float, float, float]:
    """Return where the stamp covers nothing: left and top in points from the upper left, and its scale.

    Of the free places in the upper right the one nearest to the corner; a smaller stamp where a whole
    one finds none; the emptiest place where nothing is free.
    """
    inked = _inked_cells(pixels, width, height)
    emptiest = (np.inf, 0.0, 0.0, 1.0)
    for scale in (1.0, 0.85, 0.7):
        for share, left, top in _places(inked, width, scale):
            if share <= FREE_SHARE:
                return left, top, scale
            if share < emptiest[0]:
                emptiest = (share, left, top, scale)
    return emptiest[1:]


def _inked_cells(pixels: Pixels, width: float, height: float) -> NDArray[np.float64]:
    """Return the share of ink in each cell of `CELL_MM`, rows from the top."""
    darkest = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    ink = darkest < int(np.median(darkest)) - INK_BELOW_PAPER
    down = max(int(height / POINTS_PER_MM / CELL_MM), 1)
    across = max(int(width / POINTS_PER_MM / CELL_MM), 1)
    rows = np.linspace(0, ink.shape[0], down, endpoint=False).astype(int)
    columns = np.linspace(0, ink.shape[1], across, endpoint=False).astype(int)
    sums = np.add.reduceat(np.add.reduceat(ink.astype(np.float64), rows, axis=0), columns, axis=1)
    return np.asarray(sums / (ink.size / (down * across)), dtype=np.float64)


def _places(
    inked: NDArray[np.float64], width: float, scale: float
) -> Iterator[tuple[float, float, float]]:
    """Yield (share of ink, left, top) of the places in the upper right, nearest to the corner first."""
    down, across = inked.shape
    tall = round((HEIGHT_MM * scale + 2 * AROUND_MM) / CELL_MM)
    wide = round((WIDTH_MM * scale + 2 * AROUND_MM) / CELL_MM)
    edge = round((EDGE_MM - AROUND_MM) / CELL_MM)
    tops = np.arange(edge, max(int(down * LOWEST_SHARE) - tall, edge + 1), 2)
    lefts = np.arange(max(across - edge - wide, 0), max(across // 2 - wide // 3, 0) - 1, -2)
    totals = np.pad(inked, ((1, tall), (1, wide))).cumsum(axis=0).cumsum(axis=1)
    y, x = np.meshgrid(tops, lefts, indexing="ij")
    ink = totals[y + tall, x + wide] - totals[y, x + wide] - totals[y + tall, x] + totals[y, x]
    # Down is worse than to the left: the stamp is looked for at the top.
    away = (y - edge) * 2.0 + (across - edge - wide - x)
    cell, around = CELL_MM * POINTS_PER_MM, AROUND_MM * POINTS_PER_MM
    for place in np.argsort(away, axis=None, kind="stable"):
        row, column = np.unravel_index(place, away.shape)
        share = float(ink[row, column]) / (tall * wide)
        left = min(float(x[row, column]) * cell + around, width)
        yield share, left, float(y[row, column]) * cell + around


def _draw(stamp: ReceivingStamp, font: InvisibleFont) -> bytes:
    """Return the content that draws the stamp with its lower left corner at the origin."""
    width, height = WIDTH_MM * POINTS_PER_MM, HEIGHT_MM * POINTS_PER_MM
    rows = _rows(stamp, width, height)
    inset = FRAME / 2
    frame = f"{FRAME} w {inset} {inset} {width - FRAME:.2f} {height - FRAME:.2f} re S"
    parts = [f"{INK} RG {INK} rg {frame}".encode("ascii")]
    parts += [_outlines(row) for row in rows]
    parts.append(
        draw_layer(_layer(rows, width, height), font, width=width, height=height, font_key=FONT_KEY)
    )
    return b"\n".join(parts)


def _rows(stamp: ReceivingStamp, width: float, height: float) -> list[_Row]:
    """Lay the stamp out: the office's name on one or two lines in the middle, then the three lines."""
    room = width - 2 * PADDING
    size = LARGEST
    names = _wrap(stamp.office, size, room)
    while (len(names) > 2 or any(_width(name, size) > room for name in names)) and size > SMALLEST:
        size -= 0.5
        names = _wrap(stamp.office, size, room)
    below = [f"เลขรับ {stamp.number}", f"วันที่ {stamp.date}", f"เวลา {stamp.time}"]
    step = (height - PADDING) / (len(names) + len(below))
    lower = min(LARGEST, step * 0.78)
    rows = []
    for place, text in enumerate((*names, *below)):
        is_name = place < len(names)
        points = min(size, step * 0.78) if is_name else lower
        points = min(points, points * room / max(_width(text, points), 1.0))
        base = height - PADDING / 2 - step * (place + 0.75)
        wide = _width(text, points)
        left = (width - wide) / 2 if is_name else PADDING
        rows.append(_Row(text, left, base, points, wide))
    return rows


def _wrap(text: str, size: float, room: float) -> list[str]:
    lines = [""]
    for word in split_words(text):
        if lines[-1].strip() and _width(lines[-1] + word, size) > room:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return [line.rstrip() for line in lines]


def _layer(rows: list[_Row], width: float, height: float) -> Page:
    """Return the stamp as a page of lines, for the invisible text."""
    unit = UNITS_PER_POINT
    lines = []
    for row in rows:
        top = height - row.base - row.size * 0.8
        box = Box(
            round(row.left * unit),
            round(top * unit),
            round((row.left + row.width) * unit),
            round((top + row.size) * unit),
        )
        lines.append(Line(row.text, box, (), 1.0))
    size = (round(width * unit), round(height * unit))
    return Page(1, *size, 72 * unit, 0, tuple(lines), Origin.RECOGNIZED, "stamp")


@dataclass(frozen=True, slots=True)
class _Face:
    """Sarabun, to be shaped by HarfBuzz and drawn by fontTools."""

    shaper: uharfbuzz.Font
    font: TTFont
    units: int


@cache
def _face() -> _Face:
    path = Path(fontpkg_sarabun.ROOT) / "files" / "Sarabun-SemiBold.ttf"
    data = path.read_bytes()
    font = TTFont(io.BytesIO(data))
    return _Face(uharfbuzz.Font(uharfbuzz.Face(data)), font, int(font["head"].unitsPerEm))


def _shape(text: str) -> Iterator[tuple[str, float, float, float]]:
    """Yield (glyph's name, its place across and up, its advance) in the font's units."""
    face = _face()
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(face.shaper, buffer)
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        name = face.font.getGlyphName(info.codepoint)
        yield name, position.x_offset, position.y_offset, position.x_advance


def _width(text: str, size: float) -> float:
    return sum(advance for *_, advance in _shape(text)) * size / _face().units


def _outlines(row: _Row) -> bytes:
    """Return the content that fills the outlines of a line."""
    glyphs = _face().font.getGlyphSet()
    scale = row.size / _face().units
    parts, across = [], 0.0
    for name, right, up, advance in _shape(row.text):
        pen = _PdfPen(glyphs)
        glyphs[name].draw(pen)
        if pen.steps:
            x, y = row.left + (across + right) * scale, row.base + up * scale
            steps = " ".join(pen.steps)
            parts.append(f"q {scale:.5f} 0 0 {scale:.5f} {x:.3f} {y:.3f} cm {steps} f Q")
        across += advance
    return "\n".join(parts).encode("ascii")


class _PdfPen(BasePen):  # type: ignore[misc] # fontTools has no types
    """Writes a glyph's outline as PDF path operators; quadratic curves come as cubic ones."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.steps: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(f"{point[0]:.1f} {point[1]:.1f} m")

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self.steps.append(f"{point[0]:.1f} {point[1]:.1f} l")

    def _curveToOne(  # noqa: N802
        self, first: tuple[float, float], second: tuple[float, float], end: tuple[float, float]
    ) -> None:
        points = (*first, *second, *end)
        self.steps.append(" ".join(f"{value:.1f}" for value in points) + " c")

    def _closePath(self) -> None:  # noqa: N802
        self.steps.append("h")
