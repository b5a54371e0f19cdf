"""The letters of the forms: Sarabun with one glyph for each written cluster of Thai (น้ำ, ปั้, ญี่).

Thai in a PDF goes wrong where one letter is several glyphs: marks are drawn apart, reordered or
shared between letters, and every reader guesses the text anew. Here each cluster that a document
needs is put together beforehand, placed by HarfBuzz with Sarabun's own rules, under a code of the
private use area. The typesetter sets these codes as it sets Latin letters, breaks lines where this
module says words end, and in the finished PDF each code's note of what it stands for (ToUnicode) is
the cluster again. Measured against the alternatives in docs/adr/0006-typesetter.md. Sarabun is under
the OFL; a changed face has to have another name.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import fontpkg_sarabun
import pikepdf
import uharfbuzz
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from ocr.thai_text import CONSONANT, LEADING_VOWEL, MARK, SARA_AM, split_words

FAMILY = "Saraban Forms"
WEIGHTS = ("Regular", "Bold")
BREAK = "\x1f"
"""Where a line may end inside a text without spaces; the templates take it out."""
BOX = "□"
"""Stands for a letter that the face does not have."""

_FIRST_CODE, _LAST_CODE = 0xE000, 0xF8FF
_THAI = "ก-ฺเ-๎"  # but for digits and what stands alone
_CLUSTER = re.compile(f"[{_THAI}][{MARK}{SARA_AM}]*")
_BEGINS_WORD = re.compile(f"[{CONSONANT}{LEADING_VOWEL}]")
_ENDS_WORD = re.compile(f"[{_THAI}]$")
_LONGEST, _LONGEST_WIDE = 12, 9  # in a row; a line may end after them whatever they are
_UNBROKEN = re.compile(rf"[^\s\x1f]{{{_LONGEST + 1},}}")
_WIDE = re.compile(rf"[!-~๐-๙]{{{_LONGEST_WIDE}}}(?=[!-~๐-๙])")
_AFTER_SLASH = re.compile(r"/(?=[^\s/\x1f])")
_OF_CIRCULAR = re.compile(r"(?<![ก-๎])ว(?=[ ./]*[0-9๐-๙])[ ./]*")
"""The ว of a circular with what stands before its running number: they are one number, on one line."""
_NO_BREAK = "\xa0"
_WORD_AT_MOST = 6  # letters in a text that is not looked into
_UNKEPT_TABLES = ("GSUB", "GPOS", "GDEF", "DSIG")
_PLACED_BY_OFFSET = 0x0002  # ARGS_ARE_XY_VALUES of a glyph's component
_FONT_DATE = 3_800_000_000  # seconds since 1904; fixed, so that the face is the same every time
_MEANING = re.compile(r"^<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>$", re.MULTILINE)


class Alphabet:
    """The codes of one document's clusters, in the order in which they came."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def encode(self, text: str) -> str:
        """Return the text in codes, with `BREAK` where a line may end between words."""
        whole = _OF_CIRCULAR.sub(lambda found: found[0].replace(" ", _NO_BREAK), printable(text))
        words = _cut(whole)
        coded = (_CLUSTER.sub(lambda cluster: self._code(cluster[0]), word) for word in words)
        circular = self._codes.get("ว", "ว")
        text = _AFTER_SLASH.sub(
            lambda found: "/" if found.string[: found.start()].endswith(circular) else f"/{BREAK}",
            BREAK.join(coded),
        )
        return _UNBROKEN.sub(_break_up, _WIDE.sub(rf"\g<0>{BREAK}", text))

    def _code(self, cluster: str) -> str:
        code = self._codes.get(cluster)
        if code is None:
            number = _FIRST_CODE + len(self._codes)
            if number > _LAST_CODE:
                return BOX  # more clusters than Thai has syllables: nobody wrote this
            code = self._codes[cluster] = chr(number)
        return code

    def write_fonts(self, folder: Path) -> None:
        """Write the face in both weights, with every cluster given a code so far."""
        for weight in WEIGHTS:
            (folder / f"{weight}.ttf").write_bytes(_make(weight, self._codes))

    def reveal(self, pdf: bytes) -> bytes:
        """Return the PDF with each code standing for its cluster, and packed more tightly."""
        clusters = {code: cluster for cluster, code in self._codes.items()}

        def meaning(found: re.Match[str]) -> str:
            text = bytes.fromhex(found[2]).decode("utf-16-be")
            plain = "".join(clusters.get(character, character) for character in text)
            return f"<{found[1]}> <{plain.encode('utf-16-be').hex().upper()}>"

        stream = io.BytesIO()
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            for one in opened.objects:
                if isinstance(one, pikepdf.Dictionary) and "/ToUnicode" in one:
                    noted = one.ToUnicode.read_bytes().decode("ascii")
                    one.ToUnicode = opened.make_stream(_MEANING.sub(meaning, noted).encode())
            opened.save(
                stream,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
            )
        return stream.getvalue()


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
    """Return the code points that Sarabun has; both weights have the same. No private ones."""
    with TTFont(_path(WEIGHTS[0])) as font:
        return frozenset(
            code
            for code in font.getBestCmap()
            if unicodedata.category(chr(code)) not in ("Cc", "Cf", "Co")
        )


@lru_cache(maxsize=8192)  # the same groups, offices and subjects come again and again
def _cut(text: str) -> tuple[str, ...]:
    """Cut a text where a line may end between two Thai words."""
    if len(text) <= _WORD_AT_MOST:
        return (text,)
    pieces: list[str] = []
    for word in split_words(text):
        if pieces and not (_BEGINS_WORD.match(word) and _ENDS_WORD.search(pieces[-1])):
            pieces[-1] += word
        else:
            pieces.append(word)
    return tuple(pieces)


def _break_up(found: re.Match[str]) -> str:
    whole = found[0]
    parts = (whole[start : start + _LONGEST] for start in range(0, len(whole), _LONGEST))
    return BREAK.join(parts)


def _path(weight: str) -> Path:
    return Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{weight}.ttf"


def _make(weight: str, codes: dict[str, str]) -> bytes:
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(_path(weight)))))
    # Sarabun's own bounds hold: working each out anew was four fifths of the time.
    with TTFont(_path(weight), recalcTimestamp=False, recalcBBoxes=False) as font:
        font["head"].modified = _FONT_DATE
        for table in _UNKEPT_TABLES:
            if table in font:
                del font[table]
        order = list(font.getGlyphOrder())
        tables = [table.cmap for table in font["cmap"].tables if table.isUnicode()]
        # Archived PDFs may not use `.notdef`: its box gets a code of its own.
        parts = {BOX: [(".notdef", 0, 0)]}
        advances = {BOX: font["hmtx"][".notdef"][0]}
        for cluster, code in codes.items():
            parts[code], advances[code] = _shape(shaper, order, cluster)
        for code, placed in parts.items():
            name = f"uni{ord(code):04X}"
            _add_glyph(font, name, placed, advances[code])
            for table in tables:
                table[ord(code)] = name
        _rename(font, weight)
        stream = io.BytesIO()
        font.save(stream)
        return stream.getvalue()


def _shape(
    shaper: uharfbuzz.Font, order: list[str], cluster: str
) -> tuple[list[tuple[str, int, int]], int]:
    """Return the cluster's parts where Sarabun's own rules place them, and its advance."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer)
    parts, advance = [], 0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        parts.append((order[info.codepoint], advance + place.x_offset, place.y_offset))
        advance += place.x_advance
    return parts, advance


def _add_glyph(font: TTFont, name: str, parts: list[tuple[str, int, int]], advance: int) -> None:
    outlines = font["glyf"]
    glyph = Glyph()
    drawn = [part for part in parts if outlines[part[0]].numberOfContours]
    if drawn:
        glyph.numberOfContours, glyph.components = -1, []
    for part, across, up in drawn:
        component = GlyphComponent()
        component.glyphName, component.flags = part, _PLACED_BY_OFFSET
        component.x, component.y = across, up
        glyph.components.append(component)
    outlines[name] = glyph
    glyph.recalcBounds(outlines)
    if drawn:
        _raise_limits(font, glyph)
    font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))


def _raise_limits(font: TTFont, glyph: Glyph) -> None:
    """Let the face's table of limits hold for a glyph put together of others."""
    limits = font["maxp"]
    points, contours, depth = glyph.getCompositeMaxpValues(font["glyf"])
    for name, value in (
        ("maxCompositePoints", points),
        ("maxCompositeContours", contours),
        ("maxComponentDepth", depth),
        ("maxComponentElements", len(glyph.components)),
    ):
        setattr(limits, name, max(getattr(limits, name), value))


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
