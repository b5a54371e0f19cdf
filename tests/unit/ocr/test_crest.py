"""A Garuda, a wheel or a ring of an office is the crest; words, a framed mark and a crest stamped over are not."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.crest import find_crest
from ocr.document import Box, Crest, Ink, Line, Origin, Page
from ocr.engine import PagePicture
from ocr.marks import note_marks
from tests.layers import SARABUN

DPI = 150
WIDTH, HEIGHT = 1240, 1754
BLACK, RED = (25, 25, 28), (200, 30, 40)
Pen = ImageDraw.ImageDraw
Draw = Callable[[Pen, int, int, int], None]


def garuda(pen: Pen, x: int, y: int, side: int) -> None:
    """A body with a crown, spread wings and legs, all of one piece."""
    middle = x + side / 2
    pen.ellipse((middle - side * 0.1, y, middle + side * 0.1, y + side * 0.25), BLACK)
    low = y + side * 0.7
    sides = [(middle - side * 0.2, low), (middle, y + side), (middle + side * 0.2, low)]
    pen.polygon([(middle, y + side * 0.15), *sides], BLACK)
    for out in (-1, 1):
        for feather in range(4):
            tip = (middle + out * side * 0.48, y + side * (0.1 + 0.14 * feather))
            pen.line([(middle, y + side * 0.45), tip], BLACK, 4)


def wheel(pen: Pen, x: int, y: int, side: int) -> None:
    """A rim, a hub and twelve loose spokes."""
    pen.ellipse((x, y, x + side, y + side), outline=BLACK, width=4)
    middle, half = (x + side / 2, y + side / 2), side / 2
    for spoke in range(12):
        angle = math.tau * spoke / 12
        ends = [
            (middle[0] + r * half * math.cos(angle), middle[1] + r * half * math.sin(angle))
            for r in (0.35, 0.85)
        ]
        pen.line(ends, BLACK, 4)


def ring(pen: Pen, x: int, y: int, side: int) -> None:
    """Two rings and an office's letters in the middle."""
    for inset in (0, side * 0.15):
        pen.ellipse((x + inset, y + inset, x + side - inset, y + side - inset), None, BLACK, 3)
    font = ImageFont.truetype(str(SARABUN), round(side * 0.3))
    pen.text((x + side / 2, y + side / 2), "สพ", BLACK, font, anchor="mm")


def paper() -> tuple[Image.Image, Pen]:
    page = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 246))
    return page, ImageDraw.Draw(page)


def crest_of(page: Image.Image) -> Crest | None:
    return find_crest(PagePicture(np.asarray(page), DPI))


SIGNS = [garuda, wheel, ring]


@pytest.mark.parametrize("draw", SIGNS)
@pytest.mark.parametrize(("x", "y", "side"), [(532, 90, 177), (150, 100, 90)])  # 3 cm; 1.5 cm
def test_a_sign_in_the_middle_or_at_the_left_is_the_crest(
    draw: Draw, x: int, y: int, side: int
) -> None:
    page, pen = paper()
    draw(pen, x, y, side)
    found = crest_of(page)
    assert found is not None and found.ink is Ink.BLACK
    sides = (found.box.left, found.box.top, found.box.right, found.box.bottom)
    assert sides == pytest.approx((x, y, x + side, y + side), abs=side * 0.12)


@pytest.mark.parametrize("draw", SIGNS)
@pytest.mark.parametrize(("x", "y"), [(900, 90), (532, 700)])  # where stamps and seals stand
def test_the_same_sign_elsewhere_is_none(draw: Draw, x: int, y: int) -> None:
    page, pen = paper()
    draw(pen, x, y, 177)
    assert crest_of(page) is None


@pytest.mark.parametrize("word", ["ด่วน", "ด่วนที่สุด", "ลับ", "ลับมาก"])
@pytest.mark.parametrize("frame", [False, True])
def test_a_marks_words_are_none_however_large_and_framed(word: str, *, frame: bool) -> None:
    page, pen = paper()
    font = ImageFont.truetype(str(SARABUN), round(44 * DPI / 72))
    pen.text((620, 150), word, RED, font, anchor="mm")
    if frame:
        left, _, right, _ = pen.textbbox((620, 150), word, font=font, anchor="mm")
        half = max(70, (right - left) / 2 + 15)
        pen.rounded_rectangle((620 - half, 80, 620 + half, 220), 12, outline=RED, width=4)
    assert crest_of(page) is None


def test_a_crest_with_a_stamp_of_another_colour_over_it_is_none() -> None:
    page, pen = paper()
    garuda(pen, 532, 90, 177)
    font = ImageFont.truetype(str(SARABUN), round(34 * DPI / 72))
    pen.text((620, 185), "ด่วน", RED, font, anchor="mm", stroke_width=2)
    assert crest_of(page) is None


def test_a_page_is_told_its_crest_at_the_size_it_was_read_in() -> None:
    page, pen = paper()
    wheel(pen, 532, 90, 177)
    read = Page(1, 2 * WIDTH, 2 * HEIGHT, 2 * DPI, 0, (), Origin.RECOGNIZED, "test")
    white = np.asarray(page)
    for pixels in (white, 255 - white):  # a negative too
        crest = note_marks(read, PagePicture(pixels, DPI)).crest
        assert crest is not None
        assert crest.box.left == pytest.approx(1064, abs=12)
        assert crest.box.height == pytest.approx(354, abs=12)


def test_a_sheet_without_a_sign_has_no_crest() -> None:
    page, _ = paper()
    assert crest_of(page) is None
    line = Line("ที่", Box(0, 0, 9, 9), (), 0.9)
    read = Page(1, WIDTH, HEIGHT, DPI, 0, (line,), Origin.RECOGNIZED, "test")
    assert note_marks(read, PagePicture(np.asarray(page), DPI)).crest is None
