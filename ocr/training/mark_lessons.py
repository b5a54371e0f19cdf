"""Lessons of the mark finder: parts of real and drawn pages without a mark, and the same with one drawn on.

The Garuda must be learnt from pages, not from drawings: a network that had seen drawn emblems only took it for a
mark on nearly every page. Other emblems are drawn (`ocr.training.mark_emblems`). The pages come from folders given by
hand; none is shipped.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.errors import OcrError
from ocr.mark_finder import CELL, FINDER_DPI, to_channels
from ocr.marks import FOOT_SHARE, TOP_SHARE
from ocr.pages import open_scan
from ocr.training.fonts import find_font_files, has_glyph
from ocr.training.mark_emblems import draw_emblem
from ocr.training.mark_pens import (
    DRAWN_DPI,
    SECRET,
    draw_heading,
    draw_scribble,
    draw_stamp,
    draw_word,
    other_word,
)

HEIGHT, WIDTH = 176, 232  # pixels of a lesson at `FINDER_DPI`
_TWICE = DRAWN_DPI // FINDER_DPI
_ROWS, _COLUMNS = HEIGHT * _TWICE, WIDTH * _TWICE
# Families no lesson is drawn with, by the letters of their names: `benchmarks.marks` draws its marks with them.
KEPT_ASIDE = (
    "umpush",
    "thk2d",
    "thkodchasal",
    "k2d",
    "kodchasan",
    "mitr",
    "pattaya",
    "taviraj",
    "kanit",
    "prompt",
    "fahkwang",
    "thfahkwang",
    "athiti",
    "notoloopedthai",
    "notosansthailooped",
    "trirong",
    "maitree",
    "pridi",
    "anuphan",
    "baijamjuree",
    "chonburi",
)
_INKS = (
    (200, 28, 36),
    (214, 40, 60),
    (160, 20, 30),
    (24, 24, 28),
    (24, 24, 28),
    (60, 60, 66),
    (44, 60, 165),
    (90, 40, 140),
)

Picture = NDArray[np.uint8]
Ink = NDArray[np.float32]


PEAK_RATE = 3e-3


@dataclass(frozen=True, slots=True)
class MarkPlan:
    """Where the pages and fonts lie, how long to train, where checkpoint and model go."""

    pages: tuple[Path, ...]
    without: frozenset[str]
    fonts: tuple[Path, ...]
    run: Path
    minutes: float  # of processor time
    seed: int = 1
    start: Path | None = None  # a checkpoint to train on from
    rate: float = PEAK_RATE  # the highest, reached after 100 steps


@dataclass(frozen=True, slots=True)
class Lesson:
    """(3, HEIGHT, WIDTH) channels, and for every cell the share of it that a mark's letters cover, 0 to 1."""

    channels: Ink
    covered: Ink


def find_faces(folders: Sequence[Path]) -> list[list[Path]]:
    """Return the font files lessons are drawn with, family by family."""
    families: dict[str, list[Path]] = {}
    for path in find_font_files(folders):
        letters = "".join(c for c in path.stem.lower() if c.isalnum())
        if not letters.startswith(KEPT_ASIDE) and has_glyph(path, "ล") and has_glyph(path, "ี"):
            families.setdefault(path.stem.split("-")[0], []).append(path)
    return [families[name] for name in sorted(families)]


def load_parts(folders: Sequence[Path], without: frozenset[str]) -> list[tuple[Picture, bool]]:
    """Return the head and the foot of every first page as RGB at `DRAWN_DPI`, and whether it is the head.

    `without` names files that bear a secrecy mark. Files that cannot be read are left out.
    """
    parts: list[tuple[Picture, bool]] = []
    for path in sorted(one for folder in folders for one in folder.iterdir() if one.is_file()):
        if path.name in without or path.suffix in {".json", ".md"}:
            continue
        try:
            with open_scan(path) as scan:
                picture = scan.picture(1)
        except OcrError:
            continue
        height, width = picture.height, picture.width
        for top, foot in (
            (0, round(TOP_SHARE * height)),
            (round((1 - FOOT_SHARE) * height), height),
        ):
            part = picture.pixels[top:foot]
            scale = DRAWN_DPI / picture.dpi
            size = (round(width * scale), round((foot - top) * scale))
            small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
            colour = cv2.cvtColor(small, cv2.COLOR_GRAY2RGB) if small.ndim == 2 else small
            parts.append((np.asarray(colour, np.uint8), top == 0))
    return parts


class MarkLessons:
    """Makes lessons without end, half of them with a mark; the same seed makes the same ones."""

    def __init__(
        self,
        faces: Sequence[Sequence[Path]],
        parts: Sequence[Sequence[tuple[Picture, bool]]],
        seed: int,
    ) -> None:
        self._faces, self._seed = faces, seed
        self._groups = [
            ([part for part, head in group if head], [part for part, head in group if not head])
            for group in parts
        ]

    def __iter__(self) -> Iterator[Lesson]:
        rng = random.Random(self._seed)
        while True:
            yield self.make(rng)

    def make(self, rng: random.Random) -> Lesson:
        """Return one lesson."""
        bears_emblem = rng.random() < 0.4
        page = self._background(rng, 0.4 if bears_emblem else 0.04)
        letters = np.zeros(page.shape[:2], np.float32)
        middle = (_COLUMNS / 2 + rng.gauss(0, 40), _ROWS / 2 + rng.gauss(0, 40))
        if bears_emblem:
            ink = _INKS[3] if rng.random() < 0.75 else rng.choice(_INKS)
            page = _lay(page, draw_emblem(self._face(rng), rng), _corner(middle, rng, 20), ink)
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            page = self._distract(page, rng)
        if rng.random() < 0.5:
            page, letters = self._mark(page, rng)
        worn = wear(page, rng)
        small = cv2.resize(worn, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        cells = (WIDTH // CELL, HEIGHT // CELL)
        covered = cv2.resize(
            cv2.dilate(letters, np.ones((9, 9))), cells, interpolation=cv2.INTER_AREA
        )
        return Lesson(
            to_channels(np.asarray(small, np.uint8)), np.asarray(covered / 255, np.float32)
        )

    def _background(self, rng: random.Random, bare: float) -> Picture:
        if rng.random() < bare:
            return np.full((_ROWS, _COLUMNS, 3), rng.randint(215, 255), np.uint8)
        heads, feet = rng.choice(self._groups)
        is_head = rng.random() < 0.75
        part = rng.choice(heads if is_head else feet)
        height, width = part.shape[:2]
        if is_head and rng.random() < 0.55:  # where a crest stands
            across = 0.14 if rng.random() < 0.15 else 0.5
            centre = (width * (across + rng.gauss(0, 0.05)), rng.uniform(0.6, 2.0) * DRAWN_DPI)
        else:
            centre = (rng.uniform(0.05, 0.95) * width, rng.uniform(0, 1) * height)
        turn, scale = rng.gauss(0, 1.2), rng.uniform(0.85, 1.2)
        matrix = cv2.getRotationMatrix2D(centre, turn, scale)
        matrix[0] *= rng.uniform(0.94, 1.06)
        place = matrix @ np.array([*centre, 1.0])
        matrix[:, 2] += np.array([_COLUMNS / 2, _ROWS / 2]) - place
        page = cv2.warpAffine(part, matrix, (_COLUMNS, _ROWS), borderValue=(252, 252, 252))
        if rng.random() < 0.25:
            grow = np.ones((rng.choice((2, 3)), rng.choice((2, 3))), np.uint8)
            page = cv2.erode(page, grow) if rng.random() < 0.6 else cv2.dilate(page, grow)
        return np.asarray(page, np.uint8)

    def _distract(self, page: Picture, rng: random.Random) -> Picture:
        way, ink = rng.random(), rng.choice(_INKS)
        if way < 0.55:
            layer = draw_word(other_word(rng), self._face(rng), rng, _points(rng)).ink
        elif way < 0.68:
            layer = draw_heading(self._face(rng), rng)
        elif way < 0.8:
            layer = draw_scribble(rng)
        else:
            layer = draw_stamp(self._face(rng), rng)
        return _lay(page, layer, _spot(page, layer, rng), ink)

    def _mark(self, page: Picture, rng: random.Random) -> tuple[Picture, Ink]:
        word, face = rng.choice(SECRET), self._face(rng)
        if not all(has_glyph(face, char) for char in word.replace(" ", "")):
            word = "ลับ"
        drawn = draw_word(word, face, rng, _points(rng))
        at = _spot(page, drawn.ink, rng)
        page = _lay(page, drawn.ink, at, rng.choice(_INKS))
        return page, _put(np.zeros(page.shape[:2], np.float32), drawn.letters, at)

    def _face(self, rng: random.Random) -> Path:
        return rng.choice(rng.choice(self._faces))


def _points(rng: random.Random) -> float:
    return (
        rng.uniform(14, 22)
        if rng.random() < 0.35
        else rng.uniform(18, 60 if rng.random() < 0.3 else 38)
    )


def _corner(middle: tuple[float, float], rng: random.Random, spread: float) -> tuple[int, int]:
    side = 0.55 * DRAWN_DPI
    return round(middle[0] - side + rng.gauss(0, spread)), round(
        middle[1] - side + rng.gauss(0, spread)
    )


def _spot(page: Picture, layer: Ink, rng: random.Random) -> tuple[int, int]:
    """Return a left top corner: on the barest, on the darkest or on any of a few places."""
    height, width = layer.shape
    places = [
        (
            rng.randint(min(0, _COLUMNS - width) - 8, max(0, _COLUMNS - width) + 8),
            rng.randint(min(0, _ROWS - height) - 8, max(0, _ROWS - height) + 8),
        )
        for _ in range(5)
    ]
    places.append(
        (
            round((_COLUMNS - width) / 2 + rng.gauss(0, 30)),
            round((_ROWS - height) / 2 + rng.gauss(0, 45)),
        )
    )
    way = rng.random()
    if way < 0.3:
        return places[-1]
    if way < 0.45:
        return rng.choice(places)
    gray = page[..., 1]
    dark = [
        float((gray[max(0, y) : y + height, max(0, x) : x + width] < 170).sum()) for x, y in places
    ]
    return places[int(np.argmin(dark))]


def _put(sheet: Ink, layer: Ink, at: tuple[int, int]) -> Ink:
    """Lay a layer on an empty sheet, cut off at its edges."""
    own, there = _shared(sheet.shape[:2], layer.shape, at)
    sheet[there] = layer[own]
    return sheet


def _shared(
    sheet: tuple[int, ...], layer: tuple[int, ...], at: tuple[int, int]
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return which part of a layer lies on the sheet, and where there."""
    own, there = [], []
    for place, size, room in zip((at[1], at[0]), layer[:2], sheet[:2], strict=True):
        start, stop = max(0, place), max(0, min(room, place + size))
        there.append(slice(start, max(start, stop)))
        own.append(slice(start - place, max(start, stop) - place))
    return (own[0], own[1]), (there[0], there[1])


def _lay(page: Picture, layer: Ink, at: tuple[int, int], ink: tuple[int, int, int]) -> Picture:
    own, there = _shared(page.shape[:2], layer.shape, at)
    share = (layer[own] / 255)[..., None]
    below = page[there]
    inked = below * (1 - share) + np.array(ink, np.float32) * share
    page = page.copy()
    page[there] = np.minimum(below, inked).astype(np.uint8)
    return page


def wear(page: Picture, rng: random.Random) -> Picture:
    """Scan a page as offices do: colour or gray, black and white, copied, blurred, grained, as JPEG."""
    noise = np.random.default_rng(rng.randrange(2**32))
    bilevel = rng.random() < 0.3
    if bilevel or rng.random() < 0.4:
        page = np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)
    if rng.random() < 0.7:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 1.3)), np.uint8)
    if rng.random() < 0.2:  # copied
        level, slope = rng.uniform(140, 195), rng.uniform(1.5, 2.6)
        copied = np.clip((np.arange(256) - level) * slope + 128, 0, 255).astype(np.uint8)
        page = np.asarray(cv2.LUT(page, copied), np.uint8)
    if rng.random() < 0.6:
        spread = rng.uniform(1, 11)
        grain = (spread * noise.standard_normal(page.shape, np.float32)).astype(np.int16)
        page = np.asarray(cv2.add(page, grain, dtype=cv2.CV_8U), np.uint8)
    if rng.random() < 0.15:  # toned paper, uneven light
        tone = cv2.resize(noise.uniform(0.75, 1, (2, 2)).astype(np.float32), (_COLUMNS, _ROWS))
        page = (page * (tone if page.ndim == 2 else tone[..., None])).astype(np.uint8)
    if bilevel:
        page = np.where(page > rng.uniform(110, 190), 255, 0).astype(np.uint8)
        if rng.random() < 0.3:
            page[noise.random(page.shape) < rng.uniform(0.0002, 0.002)] = 0
    elif rng.random() < 0.45:
        _, coded = cv2.imencode(".jpg", page, (cv2.IMWRITE_JPEG_QUALITY, rng.randint(30, 88)))
        page = np.asarray(cv2.imdecode(coded, cv2.IMREAD_UNCHANGED), np.uint8)
    return page
