"""The quick ways of laying a page out say what numpy's plain ones say."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.layout.ink import _median
from ocr.layout.page import _resize
from ocr.layout.rows import _fit_polynomial


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
