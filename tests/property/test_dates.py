"""A date survives every way a Thai letter prints it, and no other text breaks the reader."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from classify.dates import UNDOTTED_MONTHS, find_dates, parse_thai_date
from ocr.thai_text import MONTHS, SHORT_MONTHS, to_thai_digits

DATES = st.dates(date(1957, 1, 1), date(2056, 12, 31))


@st.composite
def printed(draw: st.DrawFn) -> tuple[date, str]:
    value = draw(DATES)
    month = draw(st.sampled_from([MONTHS, UNDOTTED_MONTHS, SHORT_MONTHS]))[value.month - 1]
    space = st.sampled_from(["", " ", "  "])
    era = draw(st.sampled_from(["", "", "พ.ศ. ", "พ.ศ.", "พ. ศ. "]))
    year = str(value.year + 543)
    if draw(st.booleans()) and not era and value.year + 543 >= 2500:
        year = year[2:]
    text = f"{value.day}{draw(space)}{month}{draw(space)}{era}{year}"
    before = draw(st.sampled_from(["", "ลว ", "ลว. ", "ลว.", "ลงวันที่ ", "วันที่ ", "ณ วันที่"]))
    if draw(st.booleans()):
        text = to_thai_digits(text)
    return value, before + text


@given(printed())
def test_every_printed_form_gives_the_date(case: tuple[date, str]) -> None:
    value, text = case
    assert parse_thai_date(text) == value


@given(printed())
def test_a_clean_date_is_read_without_doubt(case: tuple[date, str]) -> None:
    readings = find_dates(case[1])
    assert [reading.confidence for reading in readings] == [1.0]
    assert not readings[0].common_era


@given(DATES, st.integers(0, 30))
def test_a_month_that_lost_a_letter_is_read_with_less_trust_or_not_at_all(
    value: date, at: int
) -> None:
    month = MONTHS[value.month - 1]
    cut = at % len(month)
    spoiled = month[:cut] + month[cut + 1 :]
    readings = find_dates(f"{value.day} {spoiled} {value.year + 543}")
    assert all(reading.value == value and reading.confidence < 1.0 for reading in readings)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    for reading in find_dates(text):
        assert 0.0 < reading.confidence <= 1.0
        assert text[reading.start : reading.end]
