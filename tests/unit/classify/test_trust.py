"""A field is trusted less for letters that belong to no word and for signs that no printed field has."""

from __future__ import annotations

import pytest

from classify.trust import believe

CLEAN = "การจัดสรรงบประมาณ"


@pytest.mark.parametrize(
    ("printed", "chance"),
    [
        (CLEAN, 0.9),
        (f"{CLEAN} ฌฆ", 0.9 * (1 - 3 * 2 / 19)),  # two of nineteen letters in no word
        ("ฌฆฟฐ ฬฌฆฟฐ", 0.9 * 0.3),  # no word at all
        (f"{CLEAN}x", 0.9 * 0.5),  # a Latin letter glued to Thai
        (f"{CLEAN} ~", 0.9 * 0.5),
    ],
)
def test_what_the_text_looks_like_lowers_the_readers_word(printed: str, chance: float) -> None:
    assert believe(0.9, printed, "told") == pytest.approx(chance, abs=1e-4)


def test_latin_words_are_dirt_only_where_none_may_stand() -> None:
    assert believe(0.9, f"{CLEAN} Google", "told") == 0.9
    assert believe(0.9, f"{CLEAN} Google", "told", may_be_latin=False) == 0.45


def test_numbers_and_dates_are_no_prose() -> None:
    assert believe(0.9, "ฌฆ ~", "told", is_prose=False) == 0.9
