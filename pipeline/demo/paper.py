"""Draws Thai letters on A4 paper as a scanner would see them: shaped text, emblem, stamp, wear."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fontpkg_sarabun
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr.thai_text import split_words

DPI = 300
WIDTH_MM, HEIGHT_MM = 210, 297
LEFT_MM, RIGHT_MM = 30, 190
INDENT_MM = 25
LINE_MM = 7.2
# Google's Sarabun is drawn larger than the regulation's TH Sarabun: 12 pt looks like its 16 pt.
TEXT_PT = 12.0
BLACK, RED, BLUE, PAPER = (28, 28, 32), (190, 24, 30), (36, 52, 140), (252, 251, 247)
Colour = tuple[int, int, int]


def pixels(mm: float) -> int:
    """Return millimetres as pixels at 300 dpi."""
    return round(mm * DPI / 25.4)


@cache
def font(points: float, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    """Return Sarabun in that size, laid out by raqm, which places the marks above and below."""
    path = Path(fontpkg_sarabun.ROOT) / "files" / f"Sarabun-{weight}.ttf"
    return ImageFont.truetype(
        str(path), round(points * DPI / 72), layout_engine=ImageFont.Layout.RAQM
    )


@dataclass(frozen=True, slots=True)
class Wear:
    """What scanning did to the page: a slight turn, grain and specks; one seed, one result."""

    turn_degrees: float = 0.0
    grain: float = 4.0
    specks: int = 40
    seed: int = 1


class Sheet:
    """One A4 page being written from top to bottom; `y` is the pen's height in millimetres."""

    def __init__(self) -> None:
        size = (pixels(WIDTH_MM), pixels(HEIGHT_MM))
        self.image = Image.new("RGB", size, PAPER)
        self._draw = ImageDraw.Draw(self.image)
        self.y = 20.0

    def text(
        self,
        x: float,
        words: str,
        *,
        points: float = TEXT_PT,
        weight: str = "Regular",
        anchor: str = "ls",
        ink: Colour = BLACK,
    ) -> None:
        """Write one line with its base line at the pen."""
        self._draw.text(
            (pixels(x), pixels(self.y)),
            words,
            font=font(points, weight),
            fill=ink,
            anchor=anchor,
            language="th",
        )

    def line(self, x: float, words: str, *, weight: str = "Regular", anchor: str = "ls") -> None:
        """Write one line and go to the next."""
        self.text(x, words, weight=weight, anchor=anchor)
        self.y += LINE_MM

    def labelled(self, label: str, words: str, *, gap_mm: float = 16) -> None:
        """Write a head line such as เรื่อง, its continuation lines under its words."""
        self.text(LEFT_MM, label, weight="Medium" if label == "เรื่อง" else "Regular")
        for piece in wrap(words, RIGHT_MM - LEFT_MM - gap_mm):
            self.line(LEFT_MM + gap_mm, piece)

    def paragraph(self, words: str) -> None:
        """Write a paragraph, its first line indented."""
        for number, piece in enumerate(wrap(words, RIGHT_MM - LEFT_MM, first_mm=INDENT_MM)):
            self.line(LEFT_MM + (INDENT_MM if number == 0 else 0), piece)
        self.y += 1.5

    def emblem(self, centre_mm: float, size_mm: float) -> None:
        """Draw a rosette where real letter paper has the Garuda, which is not ours to use."""
        radius, x, y = pixels(size_mm / 2), pixels(centre_mm), pixels(self.y + size_mm / 2)
        for share, width in ((1.0, 7), (0.88, 3), (0.36, 5)):
            r = radius * share
            self._draw.ellipse((x - r, y - r, x + r, y + r), outline=BLACK, width=width)
        for petal in range(16):
            angle = math.tau * petal / 16
            reach = (radius * 0.42, radius * 0.82)
            ends = [(x + r * math.cos(angle), y + r * math.sin(angle)) for r in reach]
            self._draw.line(ends, fill=BLACK, width=9)
        self.y += size_mm

    def seal(self, x_mm: float, y_mm: float, words: str) -> None:
        """Press a round red office seal, as on a stamped letter, with an initial across it."""
        x, y, r = pixels(x_mm), pixels(y_mm), pixels(17)
        for share, width in ((1.0, 8), (0.7, 4)):
            s = r * share
            self._draw.ellipse((x - s, y - s, x + s, y + s), outline=RED, width=width)
        self._draw.text((x, y), words, font=font(11, "Bold"), fill=RED, anchor="mm", language="th")
        self._scribble(x - r // 2, y + r // 3, r, BLUE)

    def signature(self, x_mm: float) -> None:
        """Sign in blue ink, centred at x, and leave the room a signature takes."""
        self._scribble(pixels(x_mm) - pixels(14), pixels(self.y), pixels(28), BLUE)
        self.y += 11

    def _scribble(self, x: int, y: int, width: int, ink: Colour) -> None:
        steps = np.linspace(0, 1, 80)
        xs = x + steps * width
        ys = y + np.sin(steps * 23) * width * 0.11 * (1 - steps) - steps * width * 0.1
        points = list(zip(xs.tolist(), ys.tolist(), strict=True))
        self._draw.line(points, fill=ink, width=6, joint="curve")

    def scanned(self, wear: Wear) -> Image.Image:
        """Return the page as a scanner delivers it."""
        page = self.image.rotate(wear.turn_degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)
        dice = np.random.default_rng(wear.seed)
        clean = np.asarray(page, dtype=np.int16)
        # One tile of grain, repeated: as good to the eye, and a tenth of the time.
        tile = np.rint(dice.normal(0, wear.grain, size=(500, 500, 1))).astype(np.int16)
        rows, columns = (-(-side // 500) for side in clean.shape[:2])
        grain = np.tile(tile, (rows, columns, 1))[: clean.shape[0], : clean.shape[1]]
        worn = np.clip(clean + grain, 0, 255).astype(np.uint8)
        for top, left in zip(
            dice.integers(0, worn.shape[0] - 4, wear.specks),
            dice.integers(0, worn.shape[1] - 4, wear.specks),
            strict=True,
        ):
            worn[top : top + 3, left : left + 3] = 90
        return Image.fromarray(worn)


def wrap(words: str, width_mm: float, *, first_mm: float = 0) -> list[str]:
    """Break Thai text between words to fit the width; the first line has `first_mm` less."""
    lines: list[str] = []
    line, room = "", pixels(width_mm - first_mm)
    for word in split_words(words):
        if font(TEXT_PT).getlength(line + word) > room and line.strip():
            lines.append(line.rstrip())
            line, room = word.lstrip(), pixels(width_mm)
        else:
            line += word
    return [*lines, line.rstrip()] if line.strip() else lines
