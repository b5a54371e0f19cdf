"""The Tesseract engine: one run a page through pytesseract, its characters regrouped by geometry.

Tesseract's Thai output is one "word" a character cluster with spaces that are not printed; its
word breaks are ignored and spaces are taken from the white between the printed letters.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pytesseract
from PIL import Image

from ocr.assemble import assemble_line
from ocr.document import Box, Line, Origin, Page, Word
from ocr.engine import EngineStatus, PagePicture, Pixels
from ocr.errors import EngineFailedError, EngineMissingError
from ocr.ink import ink_of
from ocr.thai_text import is_thai

SPACE_GAP = 0.38  # white wider than this share of a letter's height is a printed space
COLUMN_GAP = 4.0  # white wider than this many letter heights parts two columns
SURE_TURN = 3.0  # Tesseract's orientation confidence above which it is believed
SMALL_PICTURE_PIXELS = 2000  # long side; below it the letters are too small and are enlarged
DARK = 160
SURE_SPECK = 0.5  # a line without Thai read with less confidence is dirt
SPECK_HEIGHT = 0.7  # of the page's usual line; lower things that reach so far into a line
SPECK_OVERLAP = 0.2  # (of their own height) are its marks


@dataclass(frozen=True, slots=True)
class _Piece:
    """A character cluster as Tesseract gives it."""

    text: str
    box: Box
    confidence: float


def tesseract_status() -> EngineStatus:
    """Say whether the Tesseract program with Thai is here."""
    try:
        version = str(pytesseract.get_tesseract_version())
        languages = sorted(pytesseract.get_languages())
    except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError, SystemExit):
        return EngineStatus("tesseract", usable=False, detail="the program is not installed")
    detail = f"tesseract {version}, languages {' '.join(languages)}"
    return EngineStatus("tesseract", usable="tha" in languages, detail=detail)


@lru_cache(maxsize=1)
def _installed() -> EngineStatus:
    return tesseract_status()


class TesseractEngine:
    """Reads with the Tesseract program.

    `Line.confidence` is the mean of Tesseract's character confidences (not calibrated).
    `timeout_seconds` is for one run of the program.
    """

    def __init__(self, languages: str = "tha+eng", timeout_seconds: float = 120) -> None:
        status = _installed()
        if not status.usable:
            raise EngineMissingError("-", status.detail)
        self._languages = languages
        self._timeout_seconds = timeout_seconds
        self._version = status.detail.split(",")[0]

    @property
    def name(self) -> str:
        """Program, version and languages."""
        return f"{self._version} {self._languages}"

    def read_page(self, picture: PagePicture, number: int) -> Page:
        """Turn the page upright and read it.  Raises EngineFailedError."""
        turned = self.find_turn(picture)
        upright = picture.upright(turned)
        lines = self.read_lines(upright)
        return Page(
            number=number,
            width=upright.width,
            height=upright.height,
            dpi=upright.dpi,
            rotation=turned,
            lines=tuple(lines),
            origin=Origin.RECOGNIZED,
            engine=self.name,
        )

    def find_turn(self, picture: PagePicture) -> int:
        """Return how far the page is turned counter-clockwise: 0, 90, 180 or 270 degrees.

        Tesseract's own detection is believed when it is sure; else a band of the page is read
        all four ways and the reading with the highest confidence wins.
        """
        try:
            found = self._run(pytesseract.image_to_osd, picture, config="--psm 0")
        except pytesseract.TesseractError:  # "too few characters"
            found = None
        if found and float(found["orientation_conf"]) >= SURE_TURN:
            return int(found["rotate"]) % 360
        scores = {turn: self._trial_score(picture.upright(turn)) for turn in (0, 180, 90, 270)}
        return max(scores, key=lambda turn: scores[turn])

    def _trial_score(self, upright: PagePicture) -> float:
        ink = (upright.gray < DARK).sum(axis=1)
        middle = int(np.searchsorted(np.cumsum(ink), ink.sum() / 2))
        half = max(upright.height // 12, 60)
        band = upright.pixels[max(middle - half, 0) : middle + half]
        pieces = [
            piece
            for line in self._pieces(PagePicture(np.ascontiguousarray(band), upright.dpi))
            for piece in line
        ]
        return sum(p.confidence * len(p.text) for p in pieces if any(map(is_thai, p.text)))

    def read_lines(self, upright: PagePicture) -> list[Line]:
        """Read an upright picture into lines, in Tesseract's reading order."""
        gray = upright.gray
        lines = []
        for pieces in self._pieces(upright):
            for column in _split_columns(pieces, gray):
                line = _make_line(column, gray, upright)
                if line is not None:
                    lines.append(line)
        return _without_specks(lines)

    def _pieces(self, picture: PagePicture) -> list[list[_Piece]]:
        scale = 1
        if max(picture.width, picture.height) < SMALL_PICTURE_PIXELS:
            scale = 2
        data = self._run(pytesseract.image_to_data, picture, config="--psm 3", scale=scale)
        rows: dict[tuple[int, int, int], list[_Piece]] = {}
        for index, text in enumerate(data["text"]):
            if not text.strip() or float(data["conf"][index]) < 0:
                continue
            key = (data["block_num"][index], data["par_num"][index], data["line_num"][index])
            left, top = data["left"][index] // scale, data["top"][index] // scale
            right = left + max(data["width"][index] // scale, 1)
            bottom = top + max(data["height"][index] // scale, 1)
            piece = _Piece(text, Box(left, top, right, bottom), float(data["conf"][index]) / 100)
            rows.setdefault(key, []).append(piece)
        return list(rows.values())

    def _run(self, function, picture: PagePicture, *, config: str, scale: int = 1):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - pytesseract has no types
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # more threads only make it slower
        image = Image.fromarray(picture.pixels)
        if scale != 1:
            image = image.resize(
                (image.width * scale, image.height * scale), Image.Resampling.BICUBIC
            )
        dpi = round(min(max(picture.dpi * scale, 70), 1200))
        language = {} if function is pytesseract.image_to_osd else {"lang": self._languages}
        try:
            return function(
                image,
                config=f"{config} --dpi {dpi}",
                output_type=pytesseract.Output.DICT,
                timeout=self._timeout_seconds,
                **language,
            )
        except pytesseract.TesseractError:
            if function is pytesseract.image_to_osd:
                raise
            raise EngineFailedError("-", "tesseract stopped") from None
        except RuntimeError as error:  # how pytesseract reports its time-out
            raise EngineFailedError("-", str(error)) from error


def _letter_height(pieces: list[_Piece]) -> float:
    heights = [piece.box.height for piece in pieces]
    return max(float(np.median(heights)), 8.0)


def _white_between(left: _Piece, right: _Piece, gray: Pixels) -> tuple[int, int]:
    """Return the widest white run, in pixels, between two pieces' centres: (width, its middle)."""
    start = (left.box.left + left.box.right) // 2
    end = (right.box.left + right.box.right) // 2
    if end <= start:
        return 0, start
    top, bottom = min(left.box.top, right.box.top), max(left.box.bottom, right.box.bottom)
    inked = (gray[top:bottom, start:end] < DARK).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], inked, [1])).astype(np.int8)))
    best, middle = 0, start
    for begin, stop in zip(edges[::2], edges[1::2], strict=True):
        if stop - begin > best:
            best, middle = int(stop - begin), start + int(begin + stop) // 2
    return best, middle


def _split_columns(pieces: list[_Piece], gray: Pixels) -> list[list[_Piece]]:
    columns = [[pieces[0]]]
    gap = COLUMN_GAP * _letter_height(pieces)
    for before, piece in pairwise(pieces):
        if piece.box.left - before.box.right > gap / 2 and (
            _white_between(before, piece, gray)[0] > gap
        ):
            columns.append([])
        columns[-1].append(piece)
    return columns


def _make_line(pieces: list[_Piece], gray: Pixels, upright: PagePicture) -> Line | None:
    """Join pieces into words at printed spaces; None when nothing but specks was read."""
    gap = SPACE_GAP * _letter_height(pieces)
    groups = [[pieces[0]]]
    for before, piece in pairwise(pieces):
        if _white_between(before, piece, gray)[0] > gap:
            groups.append([])
        groups[-1].append(piece)
    words = [
        Word(
            "".join(piece.text for piece in group),
            _union([piece.box for piece in group]),
            float(np.mean([piece.confidence for piece in group])),
        )
        for group in groups
    ]
    line = assemble_line(words, ink=ink_of(upright, _union([word.box for word in words])))
    if line is None or not any(character.isalnum() for character in line.text):
        return None
    sure = line.confidence >= SURE_SPECK or any(map(is_thai, line.text))
    return line if sure else None


def _without_specks(lines: list[Line]) -> list[Line]:
    """Drop "lines" made of marks that Tesseract cut off the line they belong to."""
    usual = float(np.median([line.box.height for line in lines])) if lines else 0.0

    def is_speck(line: Line) -> bool:
        return line.box.height < SPECK_HEIGHT * usual and any(
            other.box.height > line.box.height
            and other.box.left <= line.box.right
            and line.box.left <= other.box.right
            and min(line.box.bottom, other.box.bottom) - max(line.box.top, other.box.top)
            > SPECK_OVERLAP * line.box.height
            for other in lines
        )

    return [line for line in lines if not is_speck(line)]


def _union(boxes: list[Box]) -> Box:
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    return whole
