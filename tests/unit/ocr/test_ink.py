"""Red marks and blue stamps are told from black print by their ink."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.document import Box, Ink
from ocr.engine import PagePicture
from ocr.ink import ink_of

BOX = Box(10, 10, 90, 40)


def printed(
    colour: tuple[int, int, int], paper: tuple[int, int, int] = (255, 255, 255)
) -> PagePicture:
    image = Image.new("RGB", (100, 50), paper)
    ImageDraw.Draw(image).rectangle((20, 15, 60, 35), fill=colour)
    return PagePicture(np.asarray(image), 300)


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ((0, 0, 0), Ink.BLACK),
        ((90, 90, 90), Ink.BLACK),
        ((200, 30, 40), Ink.RED),
        ((180, 60, 60), Ink.RED),
        ((40, 50, 160), Ink.BLUE),
        ((60, 60, 75), Ink.BLACK),  # a scanner's bluish black
    ],
)
def test_colour_of_the_print(colour: tuple[int, int, int], ink: Ink) -> None:
    assert ink_of(printed(colour), BOX) is ink


def test_coloured_paper_is_not_ink() -> None:
    assert ink_of(printed((0, 0, 0), paper=(255, 230, 210)), BOX) is Ink.BLACK


def test_gray_scan_and_empty_box_are_black() -> None:
    gray = PagePicture(np.zeros((50, 100), np.uint8), 300)
    assert ink_of(gray, BOX) is Ink.BLACK
    assert ink_of(printed((255, 0, 0)), Box(95, 45, 95, 45)) is Ink.BLACK
