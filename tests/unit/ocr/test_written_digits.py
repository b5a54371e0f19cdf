"""What is written by hand is looked at twice: a day is proposed, and a disagreement is a doubt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr.errors import EngineMissingError
from ocr.recognizer import CROP_HEIGHT, RecognizedCharacter, RecognizedLine, to_ink
from ocr.written_digits import (
    IN_DOUBT,
    MOST_SURE,
    SIDE,
    WrittenDigits,
    best_day,
    cut_digits,
    look_again,
    month_start,
    to_digit_picture,
)


class Told:
    """A reader of hands that says what it is told to, equally sure of every digit."""

    def __init__(self, digits: str, sure: float = 0.9) -> None:
        self.digits, self.sure = digits, sure

    def probabilities(self, digits: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
        rows = np.full((len(digits), 10), 0.001)
        for row, digit in zip(rows, self.digits, strict=True):
            row[int(digit)] = self.sure
        return rows


def line(text: str, sure: float = 0.9) -> RecognizedLine:
    """A line whose characters stand twelve pixels apart."""
    characters = tuple(
        RecognizedCharacter(char, sure, 12.0 * i, 12.0 * (i + 1)) for i, char in enumerate(text)
    )
    return RecognizedLine(text, sure, characters)


def crop(*strokes: int, width: int = 320) -> NDArray[np.uint8]:
    """A crop with an upright stroke at each column, as digits stand."""
    picture = np.full((CROP_HEIGHT, width), 255, np.uint8)
    for left in strokes:
        cv2.rectangle(picture, (left, 16), (left + 6, 36), (0,), -1)
    return picture


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("9 มีนาคม 2551", 2),
        ("12 เมษายน พ.ศ. 2551", 3),
        ("96 มินาคม 2551", 3),
        ("มกราคม 2551", 0),
        ("๙ มีนาคม ๒๕๕๑", None),
        ("เรียน ผู้อำนวยการ 2551", None),
        ("", None),
    ],
)
def test_a_day_stands_before_a_month_and_an_arabic_year(text: str, start: int | None) -> None:
    assert month_start(line(text)) == start


def test_a_written_day_is_proposed_and_never_surely() -> None:
    read = look_again(line("9 มีนาคม 2551"), crop(2), Told("3"))
    assert read.text == "3 มีนาคม 2551"
    assert read.characters[0].confidence <= MOST_SURE


def test_a_day_that_the_month_has_not_is_not_proposed() -> None:
    assert best_day(np.eye(10)[[9, 6]] * 0.9 + 0.01)[0] != "96"
    assert 1 <= int(best_day(np.full((2, 10), 0.1))[0]) <= 31


def test_sure_print_stays_and_two_readings_that_differ_are_a_doubt() -> None:
    printed = line("9 มีนาคม 2551", 0.999)
    assert look_again(printed, crop(2), Told("9")) == printed
    doubted = look_again(printed, crop(2), Told("3"))
    assert doubted.text == printed.text
    assert doubted.characters[0].confidence == IN_DOUBT
    assert doubted.characters[-1].confidence == 0.999


def test_a_number_whose_digits_do_not_match_the_ink_is_in_doubt() -> None:
    number = line("ที่ มท 0809.2/ว 52", 0.99)
    ends = (12 * 16 + 2, 12 * 17 + 2)
    assert look_again(number, crop(*ends), Told("52")) == number
    for strokes, told in ((ends, "51"), (ends[:1], "5")):
        doubted = look_again(number, crop(*strokes), Told(told))
        assert [one.confidence for one in doubted.characters[-2:]] == [IN_DOUBT] * 2
        assert doubted.characters[0].confidence == 0.99


def test_digits_that_touch_are_parted_and_specks_are_none() -> None:
    picture = crop(20, 40)
    cv2.rectangle(picture, (20, 30), (46, 32), (0,), -1)
    cv2.circle(picture, (90, 20), 1, (0,), -1)
    pieces = cut_digits(to_ink(picture), 0, 200)
    assert len(pieces) == 2
    assert pieces[0].right <= pieces[1].left
    assert all(piece.right < 80 for piece in pieces)


def test_a_digit_picture_is_centred_by_its_mass() -> None:
    ink = np.zeros((30, 12), np.float32)
    ink[2:28, 4:8] = 1
    picture = to_digit_picture(ink)
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
    assert [int(row.argmax()) for row in rows] == [1, 0]
    assert (rows.sum(axis=1) <= 1).all()


def test_a_missing_or_damaged_model_is_told_by_its_name(tmp_path: Path) -> None:
    damaged = tmp_path / "digits.onnx"
    with pytest.raises(EngineMissingError, match=re.escape("digits.onnx")):
        WrittenDigits(damaged)
    damaged.write_bytes(b"no model")
    with pytest.raises(EngineMissingError, match=re.escape("digits.onnx")):
        WrittenDigits(damaged)
