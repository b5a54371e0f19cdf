"""Confidence is what comes true: fitted curves rise, never make the unsure sure, and hold for their engine only."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.calibrate import isotonic, safe
from classify.calibration import calibrate, curves
from classify.decide import DEFAULT_THRESHOLDS

ENGINE = "lines 1.0"
FIELDS = ("number", "date", "sender", "recipient", "subject")


@pytest.mark.parametrize("name", [*FIELDS, "number_seven", "date_seven"])
def test_a_shipped_curve_rises_and_gives_the_unsure_no_more_than_was_said(name: str) -> None:
    curve = curves()[name]
    assert all(low[0] <= high[0] and low[1] <= high[1] for low, high in pairwise(curve))
    assert all(0 <= right <= 1 for _, right in curve)
    assert all(right <= said + 0.001 for said, right in curve if said < 0.9)


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_surely_read_needs_no_look_and_what_is_not_does(field: str) -> None:
    threshold = getattr(DEFAULT_THRESHOLDS, field)
    assert calibrate(field, 0.9996, "๑๒", ENGINE) >= threshold
    assert calibrate(field, 0.85, "๑๒", ENGINE) < threshold


def test_a_seven_that_may_be_a_nine_is_asked_about_where_another_figure_is_not() -> None:
    assert calibrate("number", 0.96, "ศธ ๐๔๐๐๑/๗๑๒", ENGINE) < DEFAULT_THRESHOLDS.number
    assert calibrate("number", 0.96, "ศธ ๐๔๐๐๑/๖๑๒", ENGINE) >= DEFAULT_THRESHOLDS.number


def test_an_engine_or_field_without_a_curve_keeps_what_was_said() -> None:
    assert calibrate("number", 0.5, "๗", "tesseract 5.3") == 0.5
    assert calibrate("urgency", 0.5, "", ENGINE) == 0.5


def test_pooled_violators_rise_and_no_block_is_certain() -> None:
    outcomes = [(0.5, False), (0.6, True), (0.7, False), (0.8, True), (0.9, True), (0.95, True)]
    curve = isotonic(outcomes)
    assert all(low[1] <= high[1] for low, high in pairwise(curve))
    assert curve[-1][1] < 1.0
    assert curve[0] == (0.5, 0.0)


def test_a_fit_without_handwriting_makes_no_unsure_reading_sure() -> None:
    curve = safe(isotonic([(0.2, True)] * 50 + [(0.95, True)] * 50))
    assert dict(curve)[0.2] == 0.2
    assert curve[-1][1] > 0.98
