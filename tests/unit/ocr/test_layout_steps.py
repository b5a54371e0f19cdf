"""Each step of laying a page out: the quick ways say what numpy's plain ones say, thresholds part what they should."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.layout import find_layout
from ocr.layout.ink import _median
from ocr.layout.page import _resize
from ocr.layout.rows import _fit_polynomial
from tests.unit.ocr.test_layout import BASELINES, BODY_LINES, DPI, Sheet, skewed


def test_the_middle_of_counted_values_is_numpys_median() -> None:
    rng = np.random.default_rng(3)
    for size in (1, 2, 7, 100):
        drawn = rng.integers(0, 256, size)
        counts = np.bincount(drawn, minlength=256)
        assert _median(np.arange(256.0), counts) == np.median(drawn)
        assert _median(np.abs(np.arange(256.0) - 90), counts) == np.median(np.abs(drawn - 90))


@pytest.mark.parametrize("degree", [1, 2])
def test_a_fitted_baseline_is_numpys(degree: int) -> None:
    rng = np.random.default_rng(4)
    x, weights = rng.uniform(-0.5, 0.5, 40), rng.uniform(1, 30, 40)
    y = 800 + 7 * x - 3 * x * x + rng.normal(0, 0.5, 40)
    wanted = np.polyfit(x, y, degree, w=np.sqrt(weights))
    assert _fit_polynomial(x, y, weights, degree) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("size", [(2479, 3508), (1240, 1754), (2505, 3003)])
def test_halving_a_picture_loses_neither_its_size_nor_its_edges(size: tuple[int, int]) -> None:
    picture = np.full(size[::-1], 255, np.uint8)
    picture[:, -1] = 0
    small = _resize(picture, 0.5)
    assert small.shape == (round(size[1] * 0.5), round(size[0] * 0.5))
    assert small[:-1, :-1].min() == 255
    if size[0] % 2 == 0:
        assert small[:, -1].max() < 130


def test_a_level_page_is_not_turned_at_all_and_one_that_leans_a_fifth_of_a_degree_is() -> None:
    level = Sheet().body().gray()
    assert np.array_equal(find_layout(level, DPI).to_straight, np.eye(3))
    turned = find_layout(skewed(level, 0.2), DPI).to_straight
    assert np.degrees(np.arcsin(-turned[0, 1])) == pytest.approx(0.2, abs=0.2)
    assert turned[0, 1] != 0


@pytest.mark.parametrize("letters", ["ดอกกตอดตกงอกดตกอดดงอกตกดออก", "aceonsmurvwxzaceonsmurvwxz"])
def test_without_marks_above_the_letters_nobody_says_which_way_is_up(letters: str) -> None:
    sheet = Sheet()
    for y in BASELINES:
        sheet.write(letters, (150, y))
    page = sheet.gray()
    for picture in (page, np.ascontiguousarray(page[::-1, ::-1])):
        assert find_layout(picture, DPI).rotation_confidence < 0.2
    assert find_layout(page, DPI, rotation=0).rotation_confidence == 1.0, "it was said"


def test_tall_letters_that_are_no_stamp_stay_one_line() -> None:
    layout = find_layout(Sheet().body().write("ฬ ฟ ฝ ป", (400, 300), points=20).gray(), DPI)
    assert len(layout.lines) == 1 + len(BODY_LINES)
    first = layout.lines[0].box
    assert (first.left, first.right) == pytest.approx((400, 541), abs=4)


def test_a_stamp_of_twice_the_size_between_the_rows_is_a_line_of_its_size() -> None:
    layout = find_layout(Sheet().body().write("ด่วนที่สุด", (400, 300), points=36).gray(), DPI)
    assert len(layout.lines) == 1 + len(BODY_LINES)
    stamp, *body = layout.lines
    assert stamp.body_height > 2 * max(line.body_height for line in body)
