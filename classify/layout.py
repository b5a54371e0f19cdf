"""Where things stand on a page: rows, pieces of rows, receiving stamps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from classify.dates import find_dates
from classify.fuzzy import match_label, skeleton
from ocr.document import Box, Ink, Line, Page, Word
from ocr.thai_text import normalize, to_arabic_digits

_WIDE_GAP_HEIGHTS = 2.5  # between words: wider than this and they belong to two columns


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one row without a wide gap; `page` counts from 1, boxes are that page's pixels."""

    text: str
    box: Box
    words: tuple[Word, ...]
    confidence: float
    ink: Ink
    page: int

    def left_of(self, char: int) -> int:
        """Return the left edge, in pixels, of the word that holds the character at index `char`."""
        seen = 0
        for word in self.words:
            if seen + len(word.text) > char:
                return word.box.left
            seen += len(word.text) + 1
        share = char / max(1, len(self.text))
        return round(self.box.left + share * self.box.width)

    def trust(self, start: int = 0, end: int | None = None) -> float:
        """Return how far the characters from `start` to `end` can be trusted, 0 to 1.

        Half the mean, half the worst of the words there: one bad word spoils a field.
        """
        values = self._confidences(start, len(self.text) if end is None else end)
        if not values:
            return self.confidence
        return 0.5 * (sum(values) / len(values) + min(values))

    def weakest(self, start: int = 0, end: int | None = None) -> float:
        """Return the confidence of the worst word from `start` to `end`: a figure is right as a whole."""
        values = self._confidences(start, len(self.text) if end is None else end)
        return min(values, default=self.confidence)

    def _confidences(self, start: int, end: int) -> list[float]:
        seen = 0
        values = []
        for word in self.words:
            if seen < end and seen + len(word.text) > start:
                values.append(word.confidence)
            seen += len(word.text) + 1
        return values


@dataclass(frozen=True, slots=True)
class Row:
    """All pieces that stand side by side, left to right."""

    pieces: tuple[Piece, ...]
    box: Box
    page: int

    @property
    def text(self) -> str:
        """The pieces' texts, side by side."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def confidence(self) -> float:
        """The mean of the pieces' confidence, by length."""
        letters = sum(len(piece.text) for piece in self.pieces) or 1
        return sum(piece.confidence * len(piece.text) for piece in self.pieces) / letters


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The rows of one page without its receiving stamps and dirt, and those apart.

    `dirt` are pieces too small or too badly read to be text; only the search for secrecy marks
    looks at them. `text_height` is the median height of a line in pixels; `text_left` and `text_right` are the
    edges of the running text.
    """

    number: int
    width: int
    height: int
    rows: tuple[Row, ...]
    stamps: tuple[Row, ...]
    dirt: tuple[Piece, ...]
    text_height: float
    text_left: int
    text_right: int


def lay_out(page: Page) -> PageLayout:
    """Arrange a page's lines into rows and set its receiving stamps apart."""
    pieces = [piece for line in page.lines for piece in _pieces(line, page.number)]
    heights = [piece.box.height for piece in pieces if len(piece.text) > 8]
    text_height = max(1.0, median(heights) if heights else page.height / 60)
    dirt = [piece for piece in pieces if _is_dirt(piece, text_height)]
    legible = [piece for piece in pieces if piece not in dirt]
    stamps = _stamp_pieces(legible, page)
    rows = _rows([piece for piece in legible if piece not in stamps], page.number)
    wide = sorted(row.box.right for row in rows if row.box.width > page.width * 0.4)
    lefts = sorted(row.box.left for row in rows if row.box.width > page.width * 0.4)
    return PageLayout(
        page.number,
        max(1, page.width),
        max(1, page.height),
        rows,
        _rows(sorted(stamps, key=lambda piece: piece.box.top), page.number),
        tuple(dirt),
        text_height,
        lefts[len(lefts) // 5] if lefts else round(page.width * 0.14),
        wide[-1 - len(wide) // 5] if wide else round(page.width * 0.9),
    )


def _is_dirt(piece: Piece, text_height: float) -> bool:
    """Tell whether a piece is no text: marks read by themselves, specks, the emblem's lines."""
    if piece.box.height < 0.45 * text_height:
        return True
    letters = skeleton(piece.text)
    if any(char.isdigit() for char in letters):
        return piece.confidence < 0.35
    thai = sum("ก" <= char <= "ฮ" for char in letters)
    if len(letters) <= 3:
        return piece.confidence < 0.9 or thai < 2
    return piece.confidence < 0.5 or (thai < 0.34 * len(letters) and piece.confidence < 0.85)


def text_of(rows: Iterable[Row]) -> str:
    """Join the rows' texts as one running text."""
    return " ".join(row.text for row in rows)


def union_of(boxes: Sequence[Box]) -> Box | None:
    """Return the smallest box that holds all, None for none."""
    whole: Box | None = None
    for box in boxes:
        whole = box if whole is None else whole.union(box)
    return whole


def _pieces(line: Line, page: int) -> list[Piece]:
    text = line.text.strip()
    if not text:
        return []
    limit = _WIDE_GAP_HEIGHTS * max(1, line.box.height)
    groups: list[list[Word]] = []
    for word in line.words:
        if groups and word.box.left - groups[-1][-1].box.right <= limit:
            groups[-1].append(word)
        else:
            groups.append([word])
    if len(groups) <= 1:
        return [Piece(text, line.box, line.words, line.confidence, line.ink, page)]
    pieces = []
    for group in groups:
        box = union_of([word.box for word in group])
        joined = normalize(" ".join(word.text for word in group))
        if box is not None and joined:
            confidence = sum(word.confidence for word in group) / len(group)
            pieces.append(Piece(joined, box, tuple(group), confidence, line.ink, page))
    return pieces


def _rows(pieces: Sequence[Piece], page: int) -> tuple[Row, ...]:
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.box.top + p.box.bottom, p.box.left)):
        if rows and _same_row(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    built = []
    for row in rows:
        row.sort(key=lambda p: p.box.left)
        box = union_of([piece.box for piece in row])
        if box is not None:
            built.append(Row(tuple(row), box, page))
    return tuple(built)


def _same_row(row: Sequence[Piece], piece: Piece) -> bool:
    last = row[-1]
    height = max(1, min(last.box.height, piece.box.height))
    overlap = min(last.box.bottom, piece.box.bottom) - max(last.box.top, piece.box.top)
    beside = all(
        piece.box.left >= other.box.right - height or piece.box.right <= other.box.left + height
        for other in row
    )
    return overlap > 0.5 * height and beside


_STAMP_SEEDS = ("เลขรับ", "เลขที่รับ", "เลขทะเบียนรับ", "รับที่", "รับเลขที่", "ลงรับ", "ทะเบียนรับ")
_STAMP_TIME = re.compile(r"^\W*เวลา|^\W*เวล[าว]\b|^\W*\d{1,2}\s*[.:]\s*\d{2}\s*น\.?$")
_STAMP_OFFICE = re.compile(r"สพป|สพม|สพท|สำนัก|กอง|กรม|ฝ่าย|กลุ่ม|โรงเรียน|ศูนย์|จังหวัด|อำเภอ|ส่วน|งาน")


def is_stamp_seed(text: str) -> bool:
    """Tell whether a text is the number or time line of a receiving stamp."""
    compact = text.strip()
    if any(match_label(compact, seed, 1 if len(seed) > 6 else 0) for seed in _STAMP_SEEDS):
        return True
    return len(compact) < 22 and bool(_STAMP_TIME.search(to_arabic_digits(compact)))


def _stamp_pieces(pieces: Sequence[Piece], page: Page) -> list[Piece]:
    """Return the pieces that belong to receiving stamps: seeds, and what is printed around them."""
    narrow = [piece for piece in pieces if piece.box.width < page.width * 0.38]
    found = [
        piece
        for piece in narrow
        if is_stamp_seed(piece.text) or (piece.ink is Ink.BLUE and _looks_stamped(piece, page))
    ]
    grown = True
    while grown:
        grown = False
        for piece in narrow:
            if piece not in found and any(_belongs(piece, other, page) for other in found):
                found.append(piece)
                grown = True
    return found


def _looks_stamped(piece: Piece, page: Page) -> bool:
    high = piece.box.top < page.height * 0.35
    return high and piece.box.left > page.width * 0.4


def _belongs(piece: Piece, seed: Piece, page: Page) -> bool:
    """Tell whether a piece stands in the same stamp: near, over or under it, and of a stamp's words."""
    height = max(piece.box.height, seed.box.height, 1)
    apart = max(seed.box.top - piece.box.bottom, piece.box.top - seed.box.bottom)
    shared = min(piece.box.right, seed.box.right) - max(piece.box.left, seed.box.left)
    if apart > 1.6 * height or shared < 0.3 * min(piece.box.width, seed.box.width):
        return False
    if piece.ink is Ink.BLUE and _looks_stamped(piece, page):
        return True
    if seed.ink is Ink.BLUE and piece.ink is Ink.BLACK:
        return False  # print that a blue stamp was set over or beside
    text = piece.text
    if match_label(text, "วันที่") or match_label(text, "เวลา") or is_stamp_seed(text):
        return True
    if piece.box.top < seed.box.top:  # the office's name heads the stamp
        return bool(_STAMP_OFFICE.search(text)) and len(skeleton(text)) < 30
    return bool(find_dates(text)) and len(text) < 24 and bool(match_label(text, "วัน"))
