"""Text of pages that were never paper: the PDF's own, mended if need be.

Characters are taken in the order of the content stream, which is the order they were typed in;
sorting them by place is what makes other extractors swap Thai marks. What Thai PDFs break, and
what is done about it, page by page (`Page.origin` says which):

- marks kept in the private use area, out of order or doubled: `ocr.thai_text.normalize`;
- sara am lost to a space without width and sara aa (`จ านวน`), by font: put back;
- a font whose sara aa reads as sara am throughout (`สมำชิก`): read back;
- TIS-620 bytes taken for Latin (`¡ÃдÒÉ`): decoded;
- anything else that leaves too few dictionary words or too many stray marks: not trusted, so that
  the page picture is read instead.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ocr.assemble import assemble_line
from ocr.document import Box, Line, Origin, Page, Word
from ocr.engine import PagePicture
from ocr.errors import OcrError
from ocr.library_errors import library_errors
from ocr.pdf.glyphs import Glyph, read_glyphs
from ocr.pdf.painted import painted_glyphs
from ocr.scan import Scan
from ocr.thai_text import is_thai, unknown_letters

ENGINE = "pdfminer"
TRUSTED_WORDS = 0.93  # share of Thai letters in dictionary words; official letters have 0.97 and up
TRUSTED_LETTERS = 0.95  # share of letters that are Thai or plain Latin
STRAY_MARKS = 0.01  # share of marks that have no consonant under them after mending
TONE_SHARE = 0.02  # of Thai letters; official letters have 0.04 to 0.09, less means lost tones
FEW_LETTERS = 20  # below this nothing can be judged, so the picture is read
FIGURE_EM = 0.04  # less between a figure and a letter: figures are typed into gaps left for them
SPACE_EM = 0.17  # a gap wider than this share of the type size is a space (Thai fonts: 0.2 and up)
COLUMN_EM = 3.0  # a gap wider than this parts two columns
SAME_ROW_EM = 0.4  # baselines nearer than this are one row
REPAIRED_CONFIDENCE = 0.95

_STRAY = re.compile("(?:^|[^ก-ฮัิ-ฺ็-๎])[ัิ-ฺ็-๎]")
_MARK = re.compile("[ัิ-ฺ็-๎]")
_LATIN_1 = re.compile("[\u00a0-\u00ff\u0152\u0153\u0160\u0161\u017d\u017e]")
# Windows Thai fonts keep low tone marks at these bytes, which Latin readings show as letters.
_LOW_TONES = {0x8B: "่", 0x8C: "้", 0x8D: "๊", 0x8E: "๋", 0x8F: "์"}


def read_layer(
    scan: Scan, number: int, picture: PagePicture, without_text: PagePicture
) -> Page | None:
    """Return the page from its own text layer, or None when the picture must be read.

    Only what has put ink on `picture` (the page as it is seen, against the page `without_text`) counts.
    Boxes refer to `picture`. A page whose layer holds more than what is seen is `Origin.MIXED`.
    """
    try:
        with library_errors(scan.name, f"page {number}"):
            layer = read_glyphs(scan.data, number)
    except OcrError:
        return None  # a reader that stumbles is no reason not to look at the page
    if layer.turned >= len(layer.glyphs):
        return None
    scale = picture.width / layer.width
    seen = painted_glyphs(layer.glyphs, picture, without_text, scale)
    if seen is None:
        return None
    mended = _mend(seen)
    lines = _lines(mended, scale)
    if not is_trusted([line.text for line in lines]):
        return None
    repaired = _was_broken(seen, mended)
    if repaired:
        lines = [_less_sure(line) for line in lines]
    origin = Origin.REPAIRED if repaired else Origin.BORN_DIGITAL
    if layer.hidden or _letters(layer.glyphs) > _letters(seen):
        origin = Origin.MIXED
    return Page(
        number=number,
        width=picture.width,
        height=picture.height,
        dpi=picture.dpi,
        rotation=0,
        lines=tuple(lines),
        origin=origin,
        engine=ENGINE,
    )


def _letters(glyphs: Sequence[Glyph]) -> int:
    return sum(bool(glyph.text.strip()) for glyph in glyphs)


def is_trusted(lines: Sequence[str]) -> bool:
    """Tell whether normalised lines read as Thai (or plain Latin) text rather than as garbage."""
    text = " ".join(lines)
    letters = [character for character in text if character.isalpha() or _MARK.match(character)]
    if len(letters) < FEW_LETTERS:
        return False
    thai = sum(map(is_thai, letters))
    plain = sum(character.isascii() for character in letters)
    if thai + plain < TRUSTED_LETTERS * len(letters) or "(cid:" in text:
        return False
    if thai < FEW_LETTERS:
        return True
    marks = len(_MARK.findall(text))
    if sum(len(_STRAY.findall(line)) for line in lines) > STRAY_MARKS * max(marks, 1):
        return False
    runs = re.findall("[ก-ฺเ-๎]+", text)
    total = sum(map(len, runs))
    if len(re.findall("[่-๋]", text)) < TONE_SHARE * total:
        return False
    return sum(map(unknown_letters, runs)) <= (1 - TRUSTED_WORDS) * total


def _mend(glyphs: list[Glyph]) -> list[Glyph]:
    """Undo what fonts do to Thai; spaces and order are dealt with later."""
    fonts: dict[str, str] = {}
    for glyph in glyphs:
        fonts[glyph.font] = fonts.get(glyph.font, "") + glyph.text
    swapped = {font for font, text in fonts.items() if _aa_reads_as_am(text)}
    latin = {font for font, text in fonts.items() if _is_tis620(text)}
    mended: list[Glyph] = []
    after_blank = False
    for glyph in glyphs:
        text = glyph.text
        blank = text == " " and glyph.right - glyph.left < 0.02 * glyph.size
        if glyph.font in latin:
            text = _from_tis620(text)
        if text == "า" and after_blank:
            text = "ำ"
        elif text == "ำ" and glyph.font in swapped and not after_blank:
            text = "า"
        after_blank = blank
        if not blank:
            mended.append(replace(glyph, text=text))
    return mended


def _aa_reads_as_am(text: str) -> bool:
    """Sara aa is one Thai letter in fourteen: a font with many sara am and none of it lies."""
    thai = sum(map(is_thai, text))
    return thai > FEW_LETTERS and "า" not in text and text.count("ำ") > 0.03 * thai


def _is_tis620(text: str) -> bool:
    latin = len(_LATIN_1.findall(text))
    return latin > FEW_LETTERS and latin > 0.5 * len(text.replace(" ", ""))


def _from_tis620(text: str) -> str:
    result = ""
    for character in text:
        try:
            byte = character.encode("cp1252")
        except UnicodeEncodeError:
            byte = character.encode("latin-1", "replace")
        result += _LOW_TONES.get(byte[0]) or byte.decode("cp874", "replace")
    return result


def _was_broken(before: list[Glyph], after: list[Glyph]) -> bool:
    """Tell whether the layer, as other programs read it, differs from what we made of it."""
    raw = "".join(glyph.text for glyph in before)
    if raw != "".join(glyph.text for glyph in after):
        return True
    return bool(re.search("[\uf700-\uf71a]|เเ|ํ[่-๋]?า|[าำะๅ][่-๋]|(.)(?<=[ั-ฺ็-๎])\\1", raw))


def _lines(glyphs: list[Glyph], scale: float) -> list[Line]:
    runs = _runs(glyphs)
    rows: list[list[list[Glyph]]] = []
    for run in sorted(runs, key=lambda run: run[0].bottom):
        if rows and abs(rows[-1][0][0].bottom - run[0].bottom) < SAME_ROW_EM * run[0].size:
            rows[-1].append(run)
        else:
            rows.append([run])
    lines = []
    for row in rows:
        row.sort(key=lambda run: run[0].left)
        columns = [row[0]]
        for run in row[1:]:
            if run[0].left - columns[-1][-1].right > COLUMN_EM * run[0].size:
                columns.append(run)
            else:
                columns[-1] = columns[-1] + run
        made = [_make_line(column, scale) for column in columns]
        lines += [line for line in made if line is not None]
    return lines


def _runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Cut the stream where the pen jumps to another row, backwards, or across a column gap."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs:
            last = runs[-1][-1]
            near = abs(last.bottom - glyph.bottom) < SAME_ROW_EM * glyph.size
            gap = glyph.left - last.right
            if near and -glyph.size < gap < COLUMN_EM * glyph.size:
                runs[-1].append(glyph)
                continue
        if glyph.text.strip():  # rows of nothing but spaces fill the cells of tables
            runs.append([glyph])
    return runs


def _seat_marks(column: list[Glyph]) -> list[Glyph]:
    """Put marks that were drawn apart from their consonant after the one they stand over."""
    seated: list[Glyph] = []
    loose: list[Glyph] = []
    base: Glyph | None = None
    for glyph in column:
        if not _MARK.match(glyph.text):
            base = glyph
            seated.append(glyph)
        elif base is not None and abs(glyph.left - base.right) < base.size / 2:
            seated.append(glyph)
        else:
            loose.append(glyph)
    for mark in loose:
        under = [
            index
            for index, glyph in enumerate(seated)
            if glyph.left < mark.left <= glyph.right + SPACE_EM * mark.size and is_thai(glyph.text)
        ]
        at = under[-1] + 1 if under else 0
        while at < len(seated) and _MARK.match(seated[at].text):
            at += 1
        seated.insert(at, mark)
    return seated


def _make_line(column: list[Glyph], scale: float) -> Line | None:
    column = _seat_marks(column)
    groups: list[list[Glyph]] = [[]]
    for before, glyph in pairwise([column[0], *column]):
        least = SPACE_EM if before.text.isdigit() == glyph.text.isdigit() else FIGURE_EM
        apart = glyph.left - before.right > least * glyph.size
        if (apart or not glyph.text.strip()) and groups[-1]:
            groups.append([])
        if glyph.text.strip():
            groups[-1].append(glyph)
    words = [_make_word(group, scale) for group in groups if group]
    inks = [glyph.ink for glyph in column if glyph.text.strip()]
    return assemble_line(words, ink=max(set(inks), key=inks.count)) if words else None


def _make_word(group: list[Glyph], scale: float) -> Word:
    left = math.floor(min(glyph.left for glyph in group) * scale)
    right = math.ceil(max(glyph.right for glyph in group) * scale)
    top = math.floor(min(glyph.top for glyph in group) * scale)
    bottom = math.ceil(max(glyph.bottom for glyph in group) * scale)
    text = "".join(glyph.text for glyph in group)
    return Word(text, Box(left, top, max(right, left + 1), max(bottom, top + 1)), 1.0)


def _less_sure(line: Line) -> Line:
    words = tuple(replace(word, confidence=REPAIRED_CONFIDENCE) for word in line.words)
    return replace(line, words=words, confidence=REPAIRED_CONFIDENCE)
