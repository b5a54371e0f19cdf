"""A page that gave no words is told from a blank one by its ink; a flat sheet is found again on its photograph."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import ocr
from ocr.document import Box, Flattened, Line, Origin, Page, Word
from ocr.engine import PagePicture
from ocr.unread import has_unread_print
from tests.batches import SHEET, write_batch
from tests.layers import LETTER, draw_lines
from tests.unit.ocr.test_sheet import askew, photographed

Picture = NDArray[np.uint8]


class OneBlock:
    """Stands in for an engine: reads all ink as one line, or nothing."""

    name = "test"

    def __init__(self, *, blind: bool = False) -> None:
        self.blind = blind

    def read_page(self, picture: PagePicture, number: int) -> Page:
        rows, columns = np.nonzero(picture.gray < 120)
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max()))
        line = Line("ที่", box, (Word("ที่", box, 0.9),), 0.9)
        lines = () if self.blind else (line,)
        size = (picture.width, picture.height, picture.dpi)
        return Page(number, *size, 0, lines, Origin.RECOGNIZED, self.name)


def letter() -> Picture:
    return np.asarray(draw_lines(LETTER, dpi=100).convert("L"), np.uint8).copy()


def page_like(picture: Picture, *lines: Line) -> Page:
    size = (picture.shape[1], picture.shape[0])
    return Page(1, *size, 100.0, 0, lines, Origin.RECOGNIZED, "test")


def unread(picture: Picture, *lines: Line) -> bool:
    return has_unread_print(page_like(picture, *lines), PagePicture(picture, 100.0))


def covering(box: Box) -> Line:
    return Line("x", box, (), 0.9)


def test_print_without_a_word_is_unread_and_print_with_words_is_not() -> None:
    page = letter()
    assert unread(page)
    assert not unread(page, covering(Box(0, 0, 827, 1170)))


def test_half_a_page_that_was_not_read_is_told() -> None:
    page = letter()
    rows = np.flatnonzero((page < 120).any(axis=1))
    few = covering(Box(0, 0, 827, int(rows[0] + 0.25 * (rows[-1] - rows[0]))))
    assert unread(page, few)


@pytest.mark.parametrize("seed", range(4))
def test_grain_and_dirt_on_an_empty_page_are_no_print(seed: int) -> None:
    rng = np.random.default_rng(seed)
    page = np.clip(rng.normal(235, 8, (1170, 827)), 0, 255).astype(np.uint8)
    for _ in range(60):
        x, y, size = rng.integers(30, 780), rng.integers(30, 1100), rng.integers(1, 5)
        page[y : y + size, x : x + size] = 20
    page[:, :15] = 10
    assert not unread(page)


def test_two_punch_holes_and_a_fold_are_no_print() -> None:
    page = np.full((1170, 827), 250, np.uint8)
    page[400:424, 30:54] = page[700:724, 30:54] = 10
    page[585:587] = 170
    assert not unread(page)


def test_a_photograph_is_read_flat_and_its_words_lie_on_the_picture(tmp_path: Path) -> None:
    page = np.repeat(letter()[:, :, None], 3, axis=2)
    path = tmp_path / "photo.png"
    picture = photographed(page, askew(page), desk=(140, 120, 100))
    Image.fromarray(picture).save(path)
    (read,) = ocr.read(path, engine=OneBlock()).pages
    assert read.flattened is not None
    assert not read.unread
    shown = read.on_picture()
    assert (shown.width, shown.height) == (picture.shape[1], picture.shape[0])
    rows, columns = np.nonzero(picture.max(axis=2) < 90)
    box = shown.lines[0].box
    assert abs(box.left - columns.min()) < 25
    assert abs(box.top - rows.min()) < 25
    assert abs(box.right - columns.max()) < 25
    assert abs(box.bottom - rows.max()) < 25
    assert shown.on_picture() is shown


def test_what_no_engine_could_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    Image.fromarray(letter()).save(path)
    assert ocr.read(path, engine=OneBlock(blind=True)).pages[0].unread


def test_a_separator_sheets_code_is_no_print(tmp_path: Path) -> None:
    path = write_batch(tmp_path / "batch.pdf", [SHEET])
    (page,) = ocr.read(path, engine=OneBlock(blind=True)).pages
    assert page.codes
    assert not page.unread


def test_a_box_of_a_flat_sheet_stays_within_the_picture() -> None:
    whole = Flattened((2.0, 0.0, -50.0, 0.0, 2.0, -50.0, 0.0, 0.0, 1.0), 500, 400, 100.0)
    assert whole.place(Box(0, 0, 900, 900)) == Box(0, 0, 500, 400)
