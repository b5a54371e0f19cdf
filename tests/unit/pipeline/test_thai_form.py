"""What a clerk reads is in Thai digits and Buddhist years, and never claims to be certain."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from classify.letter import Kind
from index.register.store.tables import BANGKOK
from pipeline import thai_form
from pipeline.reading import FIELDS


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 15), "๑๕ ม.ค. ๒๕๖๙"),
        (date(2025, 12, 31), "๓๑ ธ.ค. ๒๕๖๘"),
        (date(2024, 2, 29), "๒๙ ก.พ. ๒๕๖๗"),
        (None, ""),
    ],
)
def test_dates_are_thai(day: date | None, written: str) -> None:
    assert thai_form.thai_date(day) == written


def test_moments_show_the_offices_time() -> None:
    moment = datetime(2026, 1, 15, 0, 5, tzinfo=BANGKOK)
    assert thai_form.thai_moment(moment) == "๑๕ ม.ค. ๒๕๖๙ ๐๐.๐๕ น."
    assert thai_form.thai_moment(None) == ""


def test_numbers_keep_everything_but_the_digits() -> None:
    assert thai_form.thai_digits("ศธ 04001/ว 123") == "ศธ ๐๔๐๐๑/ว ๑๒๓"


@pytest.mark.parametrize(
    ("share", "written"), [(1.0, "๙๙%"), (0.999, "๙๙%"), (0.5, "๕๐%"), (0.0, "๐%")]
)
def test_no_probability_is_shown_as_certain(share: float, written: str) -> None:
    assert thai_form.percent(share) == written


def test_every_kind_and_field_has_its_thai_name() -> None:
    assert set(thai_form.KINDS) == {kind.value for kind in Kind}
    assert set(FIELDS) <= set(thai_form.FIELDS)
    assert thai_form.field_name("unknown") == "unknown"
