"""Emblems and headings for lessons: a seed draws the same sign, another seed another, each with ink, none cut off."""

from __future__ import annotations

import random

import numpy as np

from ocr.training.mark_emblems import draw_emblem
from ocr.training.mark_pens import DRAWN_DPI, draw_heading
from tests.layers import SARABUN


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


def test_emblems_have_ink_are_as_large_as_crests_and_no_two_are_alike() -> None:
    drawn = [draw_emblem(SARABUN, dice(seed)) for seed in range(40)]
    inked = [float((one > 128).mean()) for one in drawn]
    assert min(inked) > 0.004 and max(inked) < 0.9
    inches = [one.shape[1] / DRAWN_DPI for one in drawn]
    assert 0.4 < min(inches) < 0.7 and 1.3 < max(inches) < 1.7
    assert len({one.tobytes() for one in drawn}) == len(drawn)


def test_the_same_seed_draws_the_same_emblem() -> None:
    assert all(
        np.array_equal(draw_emblem(SARABUN, dice(seed)), draw_emblem(SARABUN, dice(seed)))
        for seed in range(8)
    )


def test_a_heading_stands_whole_in_its_layer() -> None:
    drawn = draw_heading(SARABUN, dice(4))
    assert drawn.max() == 255
    assert not drawn[:, [0, -1]].any()  # nothing is cut off at its sides
