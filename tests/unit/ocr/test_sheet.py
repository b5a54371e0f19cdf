"""The sheet is found in its picture: edges go, a negative is turned, a photograph is laid flat; print stays."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.layout.sheet import find_sheet
from tests.layers import LETTER, draw_lines

Picture = NDArray[np.uint8]
DPI = 100.0
INSET = 8  # pixels that an edge's own fringe may change beside it


def letter() -> Picture:
    return np.asarray(draw_lines(LETTER, dpi=round(DPI)).convert("RGB"), np.uint8).copy()


def edged(page: Picture, left: int = 0, top: int = 0, right: int = 0, foot: int = 0) -> Picture:
    page = page.copy()
    height, width = page.shape[:2]
    page[:, :left], page[:top] = 8, 8
    page[:, width - right :], page[height - foot :] = 8, 8
    return page


def photographed(
    page: Picture, corners: Sequence[tuple[float, float]], desk: tuple[int, int, int] = (96, 74, 58)
) -> Picture:
    """Lay the page on a desk with its corners (clockwise from the upper left) at these places."""
    height, width = page.shape[:2]
    picture = np.full((round(height * 1.2), round(width * 1.2), 3), desk, np.uint8)
    own = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(own, np.array(corners, np.float32))
    size = (picture.shape[1], picture.shape[0])
    cv2.warpPerspective(page, matrix, size, dst=picture, borderMode=cv2.BORDER_TRANSPARENT)
    return picture


def askew(page: Picture) -> list[tuple[float, float]]:
    height, width = page.shape[:2]
    return [(70, 90), (width + 20, 60), (width + 70, height + 90), (40, height + 120)]


def lightness(page: Picture) -> NDArray[np.float64]:
    small = cv2.resize(page, (200, 283), interpolation=cv2.INTER_AREA)
    return np.asarray(small.astype(np.float64).reshape(283, 200, -1).mean(axis=2))


def likeness(one: Picture, other: Picture) -> float:
    return float(np.corrcoef(lightness(one).ravel(), lightness(other).ravel())[0, 1])


def test_an_ordinary_scan_stays_as_it_is() -> None:
    page = letter()
    sheet = find_sheet(page, DPI)
    assert sheet.pixels is page
    assert (sheet.dpi, sheet.to_scan) == (DPI, None)


@pytest.mark.parametrize(
    "edge",
    [{"left": 30}, {"top": 25}, {"right": 40, "foot": 12}, {"left": 20, "top": 20, "right": 20}],
)
def test_a_scanners_black_edge_is_painted_and_the_print_stays(edge: dict[str, int]) -> None:
    page = letter()
    sheet = find_sheet(edged(page, **edge), DPI)
    assert sheet.to_scan is None
    assert sheet.pixels.min(axis=2)[:, :10].min() > 150
    sides = {"left": 0, "top": 0, "right": 0, "foot": 0} | edge
    inner = (
        slice(sides["top"] + INSET, page.shape[0] - sides["foot"] - INSET),
        slice(sides["left"] + INSET, page.shape[1] - sides["right"] - INSET),
    )
    assert np.array_equal(sheet.pixels[inner], page[inner])


def test_an_edge_that_runs_into_the_first_letters_takes_no_other_ink_with_it() -> None:
    page = letter()
    first = int(np.flatnonzero((page.min(axis=2) < 100).any(axis=0))[0])
    sheet = find_sheet(edged(page, left=first + 6), DPI)
    rest = (slice(None), slice(first + 6 + INSET, None))
    assert np.array_equal(sheet.pixels[rest], page[rest])
    assert sheet.pixels[:, : first // 2].min() > 150


def test_a_slanting_edge_is_painted_to_its_end() -> None:
    page = letter()
    height = page.shape[0]
    edge = np.array([[0, 0], [45, 0], [10, height], [0, height]])
    cv2.fillPoly(page, [edge], (5, 5, 5))
    painted = find_sheet(page, DPI).pixels
    assert painted[:, :9].min() > 150


@pytest.mark.parametrize("ground", [(8, 8, 8), (40, 20, 60)])
def test_white_print_on_a_dark_band_along_the_edge_is_not_painted_over(
    ground: tuple[int, int, int],
) -> None:
    page = letter()
    band = 255 - letter()[100:220]
    page[:120] = np.maximum(band, np.array(ground, np.uint8))
    assert np.array_equal(find_sheet(page, DPI).pixels, page)


@pytest.mark.parametrize("colour", [False, True])
def test_a_negative_is_turned(colour: bool) -> None:
    page = letter() if colour else letter()[:, :, 0].copy()
    assert np.array_equal(find_sheet(255 - page, DPI).pixels, page)


def test_a_negatives_own_white_frame_goes_as_a_black_edge_does() -> None:
    page = letter()
    negative = edged(page, 20, 20, 20, 20)
    assert likeness(find_sheet(255 - negative, DPI).pixels, page) > 0.95


def test_a_dark_page_without_print_is_no_negative() -> None:
    black = np.full((1170, 827), 15, np.uint8)
    assert find_sheet(black, DPI).pixels is black


@pytest.mark.parametrize("desk", [(96, 74, 58), (60, 60, 66), (150, 130, 110), (30, 30, 30)])
def test_a_photographed_sheet_is_laid_flat(desk: tuple[int, int, int]) -> None:
    page = letter()
    sheet = find_sheet(photographed(page, askew(page), desk), DPI)
    assert sheet.to_scan is not None
    assert abs(sheet.pixels.shape[0] / sheet.pixels.shape[1] - 1.414) < 0.06
    assert likeness(sheet.pixels, page) > 0.9


def test_uneven_light_does_not_hide_where_the_sheet_ends() -> None:
    page = letter()
    picture = photographed(page, askew(page)).astype(np.float64)
    light = np.linspace(1.0, 0.55, picture.shape[1])[None, :, None]
    sheet = find_sheet((picture * light).astype(np.uint8), DPI)
    assert sheet.to_scan is not None


def test_places_on_the_flat_sheet_are_known_on_the_photograph() -> None:
    page = letter()
    corners = askew(page)
    sheet = find_sheet(photographed(page, corners), DPI)
    assert sheet.to_scan is not None
    height, width = sheet.pixels.shape[:2]
    for at, corner in zip(((0, 0), (width, 0), (width, height), (0, height)), corners, strict=True):
        x, y, depth = sheet.to_scan @ np.array([*at, 1.0])
        assert np.hypot(x / depth - corner[0], y / depth - corner[1]) < 6


def test_a_sheet_that_leaves_the_picture_is_not_bent() -> None:
    page = letter()
    corners = askew(page)
    picture = photographed(page, corners)[:, 150:]
    assert find_sheet(picture, DPI).to_scan is None


def test_a_hard_shadow_across_the_sheet_hides_no_line() -> None:
    page = letter()
    shaded = page.copy()
    shaded[:, : page.shape[1] // 3] = (shaded[:, : page.shape[1] // 3] * 0.5).astype(np.uint8)
    sheet = find_sheet(shaded, DPI)
    assert np.array_equal(sheet.pixels, shaded)


def test_two_sheets_beside_each_other_both_stay() -> None:
    page = letter()
    height, width = page.shape[:2]
    desk = np.full((height + 100, 2 * width + 180, 3), 50, np.uint8)
    desk[50 : 50 + height, 60 : 60 + width] = page
    desk[50 : 50 + height, 120 + width : 120 + 2 * width] = page
    assert np.array_equal(find_sheet(desk, DPI).pixels, desk)


@pytest.mark.parametrize("shape", [(10, 10), (40, 3000), (3000, 70), (70, 70, 3)])
def test_odd_sizes_are_no_trouble(shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert find_sheet(noise, DPI).pixels.dtype == np.uint8
