"""The letter face of the forms: Sarabun with one glyph for each written cluster (น้ำ, ปั้, ญี่).

Thai in a PDF goes wrong where one letter is several glyphs: marks are drawn apart, reordered or
shared between letters, and every reader guesses the text anew. So the clusters that a document needs
are put together beforehand, placed by HarfBuzz with Sarabun's own rules, and joined as ligatures are:
a typesetter then draws one glyph and notes the one text it stands for, and every reader gives that
back (docs/adr/0006-typesetter.md). Sarabun is under the OFL; a changed face has to have another name.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import fontpkg_sarabun
import uharfbuzz
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from ocr.thai_text import MARK, NIKHAHIT, SARA_AA, SARA_AM

FAMILY = "Saraban Forms"
WEIGHTS = ("Regular", "Bold")
BOX = "□"
"""Stands for a letter that the face does not have."""
_BOX_GLYPH = "box"
_CLUSTER = re.compile(f"[^\\s{MARK}{SARA_AM}][{MARK}{SARA_AM}]+")
_ABOVE = re.compile("[ัิ-ื็-๎]")
_UNKEPT_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG")
_PLACED_BY_OFFSET = 0x0002  # ARGS_ARE_XY_VALUES of a glyph's component
_FONT_DATE = 3_800_000_000  # seconds since 1904; fixed, so that the face is the same every time


def write_fonts(texts: Iterable[str], folder: Path) -> None:
    """Write the face in both weights, with every cluster that `texts` need, as printable text."""
    clusters = sorted({cluster for text in texts for cluster in _CLUSTER.findall(text)})
    for weight in WEIGHTS:
        (folder / f"{weight}.ttf").write_bytes(_make(weight, clusters))


def printable(text: str) -> str:
    """Return the text as it can be printed: one line, composed, a box for what the face lacks.

    Nothing else is changed: what stands in a scan is printed as it stands there.
    """
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(_printable(composed))


def _printable(text: str) -> Iterator[str]:
    known = _known()
    for character in text:
        if ord(character) in known:
            yield character
        elif unicodedata.category(character) not in ("Cc", "Cf"):
            yield BOX


@cache
def _known() -> frozenset[int]:
    """Return the code points that Sarabun has; both weights have the same."""
    with TTFont(_path(WEIGHTS[0])) as font:
        return frozenset(font.getBestCmap())


def _path(weight: str) -> Path:
    return Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{weight}.ttf"


def _make(weight: str, clusters: list[str]) -> bytes:
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(_path(weight)))))
    with TTFont(_path(weight), recalcTimestamp=False) as font:
        font["head"].modified = _FONT_DATE
        for table in _UNKEPT_TABLES:
            if table in font:
                del font[table]
        _add_box(font)
        names = font.getBestCmap()
        rules = []
        for number, cluster in enumerate(clusters):
            _add_cluster(font, shaper, f"cluster{number}", cluster)
            parts = " ".join(names[ord(character)] for character in as_shaped(cluster))
            rules.append((len(cluster), f"sub {parts} by cluster{number};"))
        # The longest first: a shorter one would take its beginning away.
        joined = "\n".join(rule for _, rule in sorted(rules, reverse=True))
        if rules:
            addOpenTypeFeaturesFromString(
                font,
                "languagesystem DFLT dflt;\nlanguagesystem thai dflt;\n"
                f"feature ccmp {{\n{joined}\n}} ccmp;\n",
            )
        _rename(font, weight)
        stream = io.BytesIO()
        font.save(stream)
        return stream.getvalue()


def as_shaped(cluster: str) -> str:
    """Return the order in which a shaper hands a cluster on: sara am comes apart.

    Its nikhahit goes below the marks that stand above the consonant (HarfBuzz, the Thai shaper).
    """
    shaped: list[str] = []
    for character in cluster:
        if character != SARA_AM:
            shaped.append(character)
            continue
        place = len(shaped)
        while place > 0 and _ABOVE.match(shaped[place - 1]):
            place -= 1
        shaped.insert(place, NIKHAHIT)
        shaped.append(SARA_AA)
    return "".join(shaped)


def _add_cluster(font: TTFont, shaper: uharfbuzz.Font, name: str, cluster: str) -> None:
    """Put the parts where Sarabun's own rules place them, as one glyph."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer)
    order, outlines = font.getGlyphOrder(), font["glyf"]
    glyph = Glyph()
    glyph.numberOfContours, glyph.components = -1, []
    advance = 0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        part = order[info.codepoint]
        if outlines[part].numberOfContours:
            component = GlyphComponent()
            component.glyphName, component.flags = part, _PLACED_BY_OFFSET
            component.x, component.y = advance + place.x_offset, place.y_offset
            glyph.components.append(component)
        advance += place.x_advance
    if not glyph.components:
        glyph = Glyph()
    outlines[name] = glyph
    glyph.recalcBounds(outlines)
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))


def _add_box(font: TTFont) -> None:
    """Give the empty box of unknown letters a code of its own: archived PDFs may not use `.notdef`."""
    outlines = font["glyf"]
    glyph = Glyph()
    part = GlyphComponent()
    part.glyphName, part.flags, part.x, part.y = ".notdef", _PLACED_BY_OFFSET, 0, 0
    glyph.numberOfContours, glyph.components = -1, [part]
    outlines[_BOX_GLYPH] = glyph
    glyph.recalcBounds(outlines)
    font["hmtx"][_BOX_GLYPH] = font["hmtx"][".notdef"]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(BOX)] = _BOX_GLYPH


def _rename(font: TTFont, weight: str) -> None:
    wanted = {1: FAMILY, 4: f"{FAMILY} {weight}", 6: f"{FAMILY.replace(' ', '')}-{weight}"}
    for record in list(font["name"].names):
        if record.nameID in wanted:
            font["name"].setName(
                wanted[record.nameID],
                record.nameID,
                record.platformID,
                record.platEncID,
                record.langID,
            )
