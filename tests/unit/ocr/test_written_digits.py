"""Written digits are cut out of ink in every reasonable way, and the days of a month compete."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from ocr.errors import EngineMissingError
from ocr.recognizer import CROP_HEIGHT, to_ink
from ocr.written_digits import (
    DIGITS,
    MOST_IN_A_DAY,
    SIDE,
    WrittenDigits,
    cut_digits,
    lean,
    read_day,
    to_digit_picture,
)

Ink = NDArray[np.float32]


class ByWidth:
    """A reader of hands that knows ink by its width: 6 columns are a 2, 8 a 7, anything else no digit."""

    def probabilities(self, digits: Sequence[Ink]) -> NDArray[np.float64]:
        rows = np.full((len(digits), len(DIGITS)), 0.001)
        for row, ink in zip(rows, digits, strict=True):
            value = {6: 2, 8: 7}.get(ink.shape[1])
            if value is not None:
                row[value] = 0.9
        return rows


def ink(*strokes: tuple[int, int], width: int = 200, height: int = 72) -> Ink:
    """Upright strokes as high as digits, each given by its first column and its columns."""
    picture = np.full((height, width), 255, np.uint8)
    for left, columns in strokes:
        cv2.rectangle(picture, (left, 26), (left + columns - 1, 50), (0,), -1)
    return to_ink(picture)


def test_one_or_two_digits_make_a_day_and_its_pieces_are_told() -> None:
    two = read_day(ink((20, 6), (36, 8)), 80, ByWidth())
    assert int(two.shares.argmax()) + 1 == 27
    assert [piece.left for piece in two.pieces] == [20, 36]
    one = read_day(ink((36, 8)), 80, ByWidth())
    assert int(one.shares.argmax()) + 1 == 7
    assert one.shares.sum() + one.none == pytest.approx(1)


def test_digits_that_touch_are_parted_where_least_ink_joins_them() -> None:
    class Halves:
        def probabilities(self, digits: Sequence[Ink]) -> NDArray[np.float64]:
            rows = np.full((len(digits), len(DIGITS)), 0.001)
            rows[[digit.shape[1] < 16 for digit in digits], 2] = 0.9
            return rows

    picture = ink((20, 8), (36, 8))
    picture[40:42, 20:44] = 1.0
    day = read_day(picture, 80, Halves())
    assert int(day.shares.argmax()) + 1 == 22
    assert day.pieces[0].right == day.pieces[1].left
    assert 28 <= day.pieces[0].right <= 36


def test_specks_rules_and_the_rim_of_a_seal_are_no_digits() -> None:
    picture = ink((20, 6), (36, 8))
    picture[60:62, 0:80] = 1.0
    picture[10:12, 50:52] = 1.0
    picture[5:70, 60:63] = 1.0
    assert int(read_day(picture, 80, ByWidth()).shares.argmax()) + 1 == 27


def test_where_no_digit_stands_none_is_made_up() -> None:
    for empty in (ink(), ink((20, 20))):
        day = read_day(empty, 80, ByWidth())
        assert day.none > 0.5
        assert day.pieces == ()


def test_too_much_ink_for_a_day_says_nothing() -> None:
    strokes = [(2 + 9 * i, 5) for i in range(MOST_IN_A_DAY + 1)]
    day = read_day(ink(*strokes), 90, ByWidth())
    assert np.ptp(day.shares) == 0


def test_a_day_is_written_in_the_digits_of_its_year() -> None:
    class Both:
        def probabilities(self, digits: Sequence[Ink]) -> NDArray[np.float64]:
            rows = np.full((len(digits), len(DIGITS)), 0.001)
            rows[:, DIGITS.index("5")], rows[:, DIGITS.index("๔")] = 0.5, 0.4
            return rows

    picture = ink((36, 8))
    days = [read_day(picture, 80, Both(), thai=thai).shares for thai in (False, True)]
    assert [int(shares.argmax()) + 1 for shares in days] == [5, 4]


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(np.float32, (30, 60), elements=st.sampled_from([np.float32(0), np.float32(1)])),
    st.integers(0, 60),
)
def test_any_ink_gives_shares_of_all_days_and_of_none(picture: Ink, end: int) -> None:
    day = read_day(picture, end, ByWidth())
    assert day.shares.shape == (31,)
    assert day.shares.sum() + day.none == pytest.approx(1)
    assert (day.shares >= 0).all()


def test_digits_in_a_number_are_cut_apart_and_specks_are_none() -> None:
    picture = np.full((CROP_HEIGHT, 200), 255, np.uint8)
    for left in (20, 40):
        cv2.rectangle(picture, (left, 16), (left + 6, 36), (0,), -1)
    cv2.rectangle(picture, (20, 30), (46, 32), (0,), -1)
    cv2.circle(picture, (90, 20), 1, (0,), -1)
    pieces = cut_digits(to_ink(picture), 0, 200)
    assert len(pieces) == 2
    assert pieces[0].right <= pieces[1].left
    assert all(piece.right < 80 for piece in pieces)


def test_leaning_moves_ink_and_keeps_it() -> None:
    stroke = np.zeros((20, 6), np.float32)
    stroke[:, 2:4] = 1
    for slant in (-0.3, 0.3):
        leant = lean(stroke, slant)
        tops = [float((row * np.arange(len(row))).sum() / row.sum()) for row in leant[[2, -3]]]
        assert (tops[0] > tops[1]) == (slant > 0)
        assert leant.sum() == pytest.approx(stroke.sum(), rel=0.02)


def test_a_digit_picture_is_centred_by_its_mass() -> None:
    stroke = np.zeros((30, 12), np.float32)
    stroke[2:28, 4:8] = 1
    picture = to_digit_picture(stroke)
    assert picture.shape == (SIDE, SIDE)
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    assert float((picture * rows).sum() / picture.sum()) == pytest.approx(13.5, abs=0.6)
    assert float((picture * columns).sum() / picture.sum()) == pytest.approx(13.5, abs=0.6)


def test_the_shipped_network_tells_a_one_from_a_nought() -> None:
    one, nought = np.full((2, 60, 60), 0, np.uint8)
    cv2.line(one, (30, 10), (30, 50), (255,), 7)
    cv2.ellipse(nought, (30, 30), (13, 20), 0, 0, 360, (255,), 6)
    cuts = [one[8:52, 25:36], nought[6:54, 12:48]]
    rows = WrittenDigits().probabilities([np.asarray(cut / 255, dtype=np.float32) for cut in cuts])
    assert [int(row[:10].argmax()) for row in rows] == [1, 0]
    assert (rows.sum(axis=1) <= 1).all()


def test_a_missing_or_damaged_model_is_told_by_its_name(tmp_path: Path) -> None:
    damaged = tmp_path / "digits.onnx"
    with pytest.raises(EngineMissingError, match=re.escape("digits.onnx")):
        WrittenDigits(damaged)
    damaged.write_bytes(b"no model")
    with pytest.raises(EngineMissingError, match=re.escape("digits.onnx")):
        WrittenDigits(damaged)
