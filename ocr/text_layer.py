"""The invisible text layer of a searchable page: Thai that every viewer finds, selects and copies.

Searching fails in other programs' layers for two reasons: each Thai character is a word of its own,
with a space after it; and vowels and tone marks are placed by glyph, so that extractors sort or
compose them anew. Here every code point, marks included, has a glyph of the same width and no
outline, is written in logical order, and stands for exactly itself (ToUnicode); a line is one text
object without jumps, so an extractor sees spaces only where the text has them. The horizontal
scale (Tz) of each Thai word is set so that the selection covers the printed word.

Lines are written level even where the scan is skewed: following a slope of one degree was tried,
and pdftotext then found 8 to 50 % of the letters (level: 80 to 100 %, what remains being overlaps).
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pikepdf
from fontTools.fontBuilder import FontBuilder
from pikepdf import Array, Dictionary, Name, Stream

from ocr.document import Line, Page
from ocr.thai_text import split_words

FONT_NAME = "SarabanInvisible"
ADVANCE = 500  # of 1,000; every glyph's width
DESCENT = 0.2  # of the height; the share of a line's box below the baseline
CLEAR = 0.95  # a line is no taller than this share of the distance to its neighbour
FONT_DATE = 3_800_000_000  # seconds since 1904; fixed, so that the font is the same every time
MAX_BFCHAR = 100  # entries in one section, by the CMap specification


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of text that stands between two places of the upright page, in pixels."""

    text: str
    left: float
    right: float


class InvisibleFont:
    """A font of one blank glyph in which each code point used gets its own character code."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """Return the two-byte codes of a text."""
        for character in text:
            self._codes.setdefault(character, len(self._codes) + 1)
        return b"".join(self._codes[character].to_bytes(2, "big") for character in text)

    def embed(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Write the font, with all codes given so far, into the PDF."""
        program = _blank_truetype()
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name("/" + FONT_NAME),
            Flags=4,
            FontBBox=Array([0, -200, ADVANCE, 800]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=800,
            StemV=80,
            FontFile2=pdf.make_indirect(Stream(pdf, program, Length1=len(program))),
        )
        glyph_of_code = b"\x00\x00" + b"\x00\x01" * len(self._codes)
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name("/" + FONT_NAME),
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=ADVANCE,
            CIDToGIDMap=pdf.make_indirect(Stream(pdf, glyph_of_code)),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/" + FONT_NAME),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_indirect(Stream(pdf, self._to_unicode())),
            )
        )

    def _to_unicode(self) -> bytes:
        pairs = [
            f"<{code:04X}> <{character.encode('utf-16-be').hex().upper()}>"
            for character, code in self._codes.items()
        ]
        sections = [pairs[start : start + MAX_BFCHAR] for start in range(0, len(pairs), MAX_BFCHAR)]
        mapping = "\n".join(
            f"{len(section)} beginbfchar\n" + "\n".join(section) + "\nendbfchar"
            for section in sections
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{mapping}\nendcmap\n"
            "CMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")


def draw_layer(
    page: Page, font: InvisibleFont, *, width: float, height: float, font_key: str
) -> bytes:
    """Return the content that writes a page's lines invisibly.

    `width` and `height` are of the upright page in points; the origin is its lower left corner.
    """
    across, down = width / max(page.width, 1), height / max(page.height, 1)
    parts = [b"BT 3 Tr"]
    for line, letter_height in zip(page.lines, _letter_heights(page.lines), strict=True):
        spans = _spans(line)
        size = max(letter_height * down, 1.0)
        middle = height - (line.box.top + line.box.bottom) / 2 * down
        baseline = middle - size / 2 + DESCENT * size
        start = line.box.left * across
        parts.append(f"/{font_key} {size:.2f} Tf 1 0 0 1 {start:.2f} {baseline:.2f} Tm".encode())
        for span in spans:
            natural = len(span.text) * size * ADVANCE / 1000
            scale = max(100 * (span.right - span.left) * across / natural, 1.0)
            codes = font.encode(span.text).hex().upper()
            parts.append(f"{scale:.2f} Tz <{codes}> Tj".encode())
    parts.append(b"100 Tz ET")
    return b"\n".join(parts)


def _letter_heights(lines: tuple[Line, ...]) -> list[float]:
    """Return each line's height, cut where it would reach into the line above or below.

    Skewed lines have boxes that overlap; a reader would mingle them.
    """
    boxes = np.array([(b.left, b.top, b.right, b.bottom) for b in (line.box for line in lines)])
    boxes = boxes.reshape(-1, 4).astype(float)
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    heights = []
    for index, (left, top, right, bottom) in enumerate(boxes):
        beside = (boxes[:, 0] < right) & (boxes[:, 2] > left)
        apart = np.abs(middles - middles[index])[beside]
        nearest = apart[apart > 1].min(initial=bottom - top)
        heights.append(max(min(bottom - top, CLEAR * nearest), 1.0))
    return heights


def _spans(line: Line) -> list[_Span]:
    """Cut a line into Thai words that follow one another without a gap.

    A printed space opens the word after it. No span has a single character: pdfium loses those.
    """
    spans: list[_Span] = []
    edge = float(line.box.left)
    for text, left, right in _printed_words(line):
        end = max(right, edge + 1, left + 1)
        if not spans:
            spans += _share_out(split_words(text), edge, end, space=0.0)
        else:
            first, *others = _share_out(split_words(text), max(left, edge), end, space=0.0)
            spans += [_Span(" " + first.text, edge, first.right), *others]
        edge = end
    joined: list[_Span] = []
    for span in spans:
        if joined and (len(joined[-1].text) == 1 or len(span.text) == 1):
            last = joined.pop()
            span = _Span(last.text + span.text, last.left, span.right)  # noqa: PLW2901
        joined.append(span)
    return joined


def _printed_words(line: Line) -> list[tuple[str, float, float]]:
    """Return (text, left, right) between the line's spaces, from the words' boxes when they fit."""
    pieces = line.text.split()
    if pieces == [word.text for word in line.words]:
        return [(word.text, word.box.left, word.box.right) for word in line.words]
    return [
        (span.text, span.left, span.right)
        for span in _share_out(line.text.split(" "), line.box.left, line.box.right, space=1.0)
        if span.text
    ]


def _share_out(texts: Iterable[str], left: float, right: float, *, space: float) -> Iterator[_Span]:
    """Share a stretch out among texts by the letters that take room on paper (marks do not)."""
    texts = list(texts)
    widths = [float(max(sum(not _is_mark(c) for c in text), 1)) for text in texts]
    unit = (right - left) / (sum(widths) + space * (len(texts) - 1))
    for text, letters in zip(texts, widths, strict=True):
        yield _Span(text, left, left + letters * unit)
        left += (letters + space) * unit


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) == "Mn"


def _blank_truetype() -> bytes:
    """Make a TrueType font of two blank glyphs; the same bytes every time."""
    glyphs = [".notdef", "blank"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({0x20: "blank"})
    builder.setupGlyf({name: _no_outline() for name in glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (ADVANCE, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": FONT_NAME, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=FONT_DATE, modified=FONT_DATE)
    builder.font.recalcTimestamp = False
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def _no_outline() -> object:
    from fontTools.ttLib.tables._g_l_y_f import Glyph  # noqa: PLC0415 - no public name

    return Glyph()
