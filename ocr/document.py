"""The types that reading hands on: a document of pages, lines and words, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Ink(StrEnum):
    """The colour a line is printed in; urgency and secrecy marks are red, receiving stamps blue."""

    BLACK = "black"
    RED = "red"
    BLUE = "blue"


class Origin(StrEnum):
    """How a page's text was come by."""

    RECOGNIZED = "recognized"  # read from the page picture
    BORN_DIGITAL = "born_digital"  # taken from the PDF's own text layer
    MIXED = "mixed"  # from the text layer as far as it is seen, and read where ink has no text
    REPAIRED = "repaired"  # taken from the text layer, whose broken Thai was mended


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the upright page picture; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text without spaces; confidence is a probability, 0 to 1."""

    text: str
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of one column, in reading order; `text` is normalised Thai.

    Number and sender of a letter's head stand on one row but are two lines. `confidence` is the
    probability, 0 to 1, that the line is right as a whole or in its mean, as the engine documents.
    """

    text: str
    box: Box
    words: tuple[Word, ...]
    confidence: float
    ink: Ink = Ink.BLACK


class MarkKind(StrEnum):
    """What a mark stands for: how fast a letter goes, or who may see it."""

    SECRECY = "secrecy"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True)
class SeenMark:
    """A place that looks like a mark, whatever was read there; `share` is how likely it is one, 0 to 1."""

    kind: MarkKind
    box: Box
    share: float


@dataclass(frozen=True, slots=True)
class Crest:
    """The sign at the head of a page, such as the Garuda, and the colour it is printed in."""

    box: Box
    ink: Ink


@dataclass(frozen=True, slots=True)
class Flattened:
    """How the boxes of a photographed sheet, read as if it lay flat, come to lie on the upright picture.

    `matrix` is a 3x3 projective matrix, row by row, from the boxes' plane to pixels of the upright
    picture, which is `width` x `height` pixels at `dpi`.
    """

    matrix: tuple[float, ...]
    width: int
    height: int
    dpi: float

    def place(self, box: Box) -> Box:
        """Return the smallest box of the picture that holds a box of the flat sheet."""
        a, b, c, d, e, f, g, h, i = self.matrix
        points = []
        for x, y in (
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        ):
            depth = g * x + h * y + i
            points.append(((a * x + b * y + c) / depth, (d * x + e * y + f) / depth))
        xs, ys = ([point[axis] for point in points] for axis in (0, 1))
        left, top = max(0, round(min(xs))), max(0, round(min(ys)))
        right, bottom = min(self.width, round(max(xs))), min(self.height, round(max(ys)))
        return Box(left, top, max(right, left + 1), max(bottom, top + 1))


@dataclass(frozen=True, slots=True)
class Page:
    """One page, upright. `number` counts from 1; `width` and `height` are pixels of the upright picture.

    `rotation` is how far the scan was turned counter-clockwise, in degrees (0, 90, 180 or 270), as in
    the truth files. `dpi` is the resolution of the picture the boxes refer to. `engine` names what
    read the page. `codes` is what large QR codes say; they are looked for on pages with little print.
    `flattened` is None where boxes, `width`, `height` and `dpi` are the upright picture's own; a
    photographed sheet was laid flat first, and `on_picture` says where its words are on the picture.
    `unread` tells that there is ink like print of which no word, or few, could be read: such a page is
    not blank. `sheet` is the number of the file's page on which it lies, where the file has fewer pages:
    two of ours may lie side by side on one.
    `marks` are the places of the picture that look like marks of urgency or secrecy; `crest` is the sign at its head.
    """

    number: int
    width: int
    height: int
    dpi: float
    rotation: int
    lines: tuple[Line, ...]
    origin: Origin
    engine: str
    codes: tuple[str, ...] = ()
    flattened: Flattened | None = None
    unread: bool = False
    sheet: int = 0

    @property
    def file_page(self) -> int:
        """The number of the file's page it lies on."""
        return self.sheet or self.number

    marks: tuple[SeenMark, ...] = ()
    crest: Crest | None = None

    @property
    def text(self) -> str:
        """The page's lines, one under another."""
        return "\n".join(line.text for line in self.lines)

    def on_picture(self) -> Page:
        """Return the page with its boxes as they lie on the upright picture."""
        flat = self.flattened
        if flat is None:
            return self
        lines = tuple(
            replace(
                line,
                box=flat.place(line.box),
                words=tuple(replace(word, box=flat.place(word.box)) for word in line.words),
            )
            for line in self.lines
        )
        marks = tuple(replace(mark, box=flat.place(mark.box)) for mark in self.marks)
        crest = self.crest and replace(self.crest, box=flat.place(self.crest.box))
        return replace(
            self,
            lines=lines,
            marks=marks,
            crest=crest,
            width=flat.width,
            height=flat.height,
            dpi=flat.dpi,
            flattened=None,
        )


PAGE_BREAK = "\n\f"  # between the texts of two pages


@dataclass(frozen=True, slots=True)
class RecognizedDocument:
    """All pages of one file, read. `name` is the file's name, for people."""

    name: str
    pages: tuple[Page, ...]

    @property
    def text(self) -> str:
        """All pages' text, one under another with `PAGE_BREAK` between the file's pages."""
        parts: list[str] = []
        for page, before in zip(self.pages, (None, *self.pages), strict=False):
            together = before is not None and before.file_page == page.file_page
            parts += [] if before is None else ["\n" if together else PAGE_BREAK]
            parts.append(page.text)
        return "".join(parts)

    @property
    def file_page_count(self) -> int:
        """How many pages the file has."""
        return len({page.file_page for page in self.pages})

    def as_filed(self) -> RecognizedDocument:
        """Return the document with the file's own pages, boxes in pixels of their upright pictures."""
        filed: dict[int, Page] = {}
        for page in self.pages:
            shown = replace(page.on_picture(), number=page.file_page, sheet=0)
            first = filed.get(shown.number)
            if first is not None:
                unread = first.unread or shown.unread
                others = tuple(mark for mark in shown.marks if mark not in first.marks)
                shown = replace(
                    first,
                    lines=(*first.lines, *shown.lines),
                    unread=unread,
                    marks=first.marks + others,
                    crest=first.crest or shown.crest,
                )
            filed[shown.number] = shown
        return replace(self, pages=tuple(filed[number] for number in sorted(filed)))
