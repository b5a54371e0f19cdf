"""A period is counted from the year the matter was finished and ends with a calendar year."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retention.law import load_law
from index.retention.schedule import Clock, period

LAW = load_law()
DAYS = st.dates(date(1957, 1, 1), date(2100, 12, 31))


def test_the_example_of_the_regulation() -> None:
    ten_years = period(LAW.classes["R10"], Clock(date(2013, 5, 20)))  # B.E. 2556
    assert ten_years.stamp == "เก็บถึง พ.ศ. ๒๕๖๖"
    assert not ten_years.is_due(date(2023, 12, 31))
    assert ten_years.is_due(date(2024, 1, 1))


def test_money_papers_are_shorter_only_once_audited() -> None:
    finished = date(2020, 3, 1)
    assert period(LAW.classes["RF"], Clock(finished)).keep_until_year == 2030
    audited = Clock(finished, audited_on=date(2022, 1, 5))
    assert period(LAW.classes["RF"], audited).keep_until_year == 2025


def test_a_circular_to_be_followed_waits_for_its_successor() -> None:
    waiting = period(LAW.classes["RSUP"], Clock(date(2020, 3, 1)))
    assert waiting.keep_until_year is None
    replaced = Clock(date(2020, 3, 1), superseded_on=date(2025, 6, 1))
    assert period(LAW.classes["RSUP"], replaced).keep_until_year == 2026


@pytest.mark.parametrize("code", ["R10", "R05", "R01", "RF"])
def test_an_unfinished_matter_is_never_due(code: str) -> None:
    unfinished = period(LAW.classes[code], Clock(None))
    assert not unfinished.is_due(date(2999, 1, 1))
    assert unfinished.stamp is None


@given(finished=DAYS, as_of=DAYS, code=st.sampled_from(["RPERM", "RLAW", "RSEC"]))
def test_permanent_secret_and_legal_letters_never_fall_due(
    finished: date, as_of: date, code: str
) -> None:
    kept = period(LAW.classes[code], Clock(finished, finished, finished))
    assert not kept.is_due(as_of)
    assert kept.stamp == ("ห้ามทำลาย" if code == "RPERM" else None)


@given(finished=DAYS, code=st.sampled_from(["R10", "R05", "R01", "RF"]))
def test_the_full_period_always_passes_first(finished: date, code: str) -> None:
    row = LAW.classes[code]
    assert row.years is not None
    kept = period(row, Clock(finished))
    first_due = date((kept.keep_until_year or 0) + 1, 1, 1)
    assert kept.is_due(first_due)
    assert first_due >= finished.replace(year=finished.year + row.years, day=1)
