"""Digits to learn from are drawn as pens and stamps leave them, and a seed fixes them."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest

from ocr.training.fonts import Face, load_faces
from ocr.training.hand import Hand
from ocr.training.pens import (
    TALL,
    hand_digit,
    no_digit,
    pen_faces,
    printed,
    stamped_digit,
    thinned,
    written_digit,
)


def seeded(seed: int) -> random.Random:
    """Return a generator for drawing; nothing here is secret."""
    return random.Random(seed)  # noqa: S311


@pytest.fixture(scope="module")
def faces() -> tuple[Face, ...]:
    return tuple(f for f in load_faces() if f.family == "Sarabun")


@pytest.fixture(scope="module")
def hand() -> Hand:
    stroke = np.full((20, 12), 255, np.uint8)
    cv2.line(stroke, (3, 2), (8, 17), (0,), 2)
    return Hand({str(digit): [stroke] for digit in range(10)})


def test_thinned_digits_are_lines_of_one_pixel_that_keep_their_loops(
    faces: tuple[Face, ...],
) -> None:
    regular = next(face for face in faces if face.path.stem == "Sarabun-Regular")
    line = (thinned(regular, "๐") > 0).astype(np.uint8)
    assert cv2.erode(line, np.ones((2, 2), np.uint8)).sum() <= 3
    assert (
        cv2.connectedComponents(1 - line, connectivity=4)[0] == 3
    )  # outside, inside, and the line


def test_pens_of_many_widths_write_the_same_digit(faces: tuple[Face, ...]) -> None:
    face = pen_faces(faces)[0]
    inks = [np.mean(written_digit("๔", face, seeded(seed)) < 128) for seed in range(12)]
    assert max(inks) > 1.5 * min(inks)
    assert np.array_equal(written_digit("๔", face, seeded(3)), written_digit("๔", face, seeded(3)))


def test_every_kind_is_dark_ink_on_paper(faces: tuple[Face, ...], hand: Hand) -> None:
    rng = seeded(5)
    for _ in range(20):
        drawn = [
            hand_digit(hand, "7", rng),
            written_digit("๗", faces[0], rng),
            stamped_digit("7", faces[0], rng),
            no_digit(hand, faces, rng),
        ]
        for picture in drawn:
            assert picture.dtype == np.uint8
            assert picture.ndim == 2
            assert 0 < np.count_nonzero(picture < 128) < picture.size
    assert max(printed(faces[0], "5").shape) == TALL
