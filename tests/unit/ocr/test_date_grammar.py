"""A date is told by how well it fits a line's scores, also where the likeliest letters are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocr.date_grammar import guess_date
from ocr.thai_text import MONTHS, to_thai_digits

ALPHABET = " 0123456789๐๑๒๓๔๕๖๗๘๙.กขคงจฉชซญฎฏฐณดตถทธนบปพฟภมยรลวศษสหอฤะัาิีึืุู่้์เแ"
EVEN = -6.0  # log-probability of whatever is not likely


def scores(text: str, *, sure: float = 0.98) -> NDArray[np.float32]:
    """Scores of a line that reads as `text`: a frame a sign, a blank after it."""
    frames = np.full((2 * len(text) + 1, len(ALPHABET) + 1), EVEN)
    frames[0::2, 0] = np.log(sure)
    for i, char in enumerate(text):
        frames[2 * i + 1, ALPHABET.index(char) + 1] = np.log(sure)
    return frames.astype(np.float32)


def also(frames: NDArray[np.float32], place: int, char: str, chance: float) -> NDArray[np.float32]:
    """Make another sign possible where the sign `place` of the text stands."""
    more = frames.copy()
    more[2 * place + 1, ALPHABET.index(char) + 1] = np.log(chance)
    return more


@settings(max_examples=25, deadline=None)
@given(
    day=st.integers(1, 31),
    month=st.sampled_from(MONTHS),
    year=st.integers(2500, 2599),
    thai=st.booleans(),
    era=st.sampled_from(["", "พ.ศ.", " พ.ศ. "]),
)
def test_every_date_is_read_as_it_is_printed(
    day: int, month: str, year: int, era: str, *, thai: bool
) -> None:
    printed = f"{day} {month}{era}{year}"
    guess = guess_date([scores(to_thai_digits(printed) if thai else printed)], ALPHABET)
    assert (guess.day, guess.month, guess.year) == (day, month, year)
    assert (guess.thai, guess.era) == (thai, era.strip())
    assert guess.loss < 0.1


def test_a_date_is_found_behind_letters_that_make_none() -> None:
    seen = scores("1๕ลูลาคม 25A0".replace("A", "ก"))
    seen = also(also(also(seen, 1, "5", 0.2), 2, "ต", 0.2), 11, "5", 0.1)
    guess = guess_date([seen], ALPHABET)
    assert (guess.day, guess.month, guess.year) == (15, "ตุลาคม", 2550)
    assert guess.loss > 0.1


def test_what_is_no_date_fits_none() -> None:
    for text in ("ถนนราชสีมา กทม 10300", "ขอแสดงความนับถือ", "ต่อ 0 2241 9000"):
        assert guess_date([scores(text)], ALPHABET).loss > 2


def test_ink_beside_the_date_belongs_to_the_seal() -> None:
    guess = guess_date([scores("5 เมษายน 2548 รม")], ALPHABET)
    assert (guess.day, guess.month, guess.year) == (5, "เมษายน", 2548)
    assert guess.loss > guess_date([scores("5 เมษายน 2548")], ALPHABET).loss


def test_a_doubtful_year_is_none_before_those_that_the_page_mentions() -> None:
    seen = also(scores("15 ตุลาคม 2540"), 12, "5", 0.3)
    assert guess_date([seen], ALPHABET).year == 2540
    assert guess_date([seen], ALPHABET, mentioned=frozenset({2548, 2550})).year == 2550


def test_a_year_read_well_stays_though_the_page_mentions_older_ones() -> None:
    seen = scores("15 ตุลาคม 2551")
    assert guess_date([seen], ALPHABET, mentioned=frozenset({2539, 2540})).year == 2551


def test_days_share_what_is_likely_between_them() -> None:
    seen = also(scores("19 เมษายน 2551"), 1, "4", 0.49)
    guess = guess_date([seen], ALPHABET)
    assert guess.days.sum() == pytest.approx(1)
    assert guess.days[18] == pytest.approx(2 * guess.days[13], rel=0.1)


def test_views_that_differ_are_weighed_together() -> None:
    one = also(scores("8 ตุลาคม 2550"), 0, "3", 0.5)
    other = also(scores("3 ตุลาคม 2550"), 0, "8", 0.1)
    assert guess_date([one], ALPHABET).day == 8
    assert guess_date([one, other], ALPHABET).day == 3


def test_a_line_too_short_for_any_date_fits_none() -> None:
    guess = guess_date([scores("5 ม")], ALPHABET)
    assert guess.loss == np.inf
    assert guess.days.sum() == pytest.approx(1)
