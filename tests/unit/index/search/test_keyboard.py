"""Words typed in the wrong keyboard layout are read in the other one; right ones stay."""

from __future__ import annotations

import pytest

from index.search.keyboard import BESIDE, ON_ONE_KEY, as_latin, as_thai, other_layouts


@pytest.mark.parametrize(
    ("keys", "meant"),
    [
        ("l;ylfu", "สวัสดี"),
        ("w-hg]nvfvvd", "ไข้เลือดออก"),
        ("Gkxodb0l'g8iktsN", "ฌาปนกิจสงเคราะห์"),
        ('lr{"', "สพฐ."),
    ],
)
def test_latin_keys_give_thai(keys: str, meant: str) -> None:
    assert as_thai(keys) == meant
    assert as_latin(meant) == keys
    assert other_layouts(keys)[0] == meant


def test_thai_keys_give_latin() -> None:
    assert other_layouts("ฏศธฮ") == ("DLTV",)


def test_only_the_words_of_the_other_layout_change() -> None:
    assert other_layouts("ประชุม l;ylfu") == ("ประชุม สวัสดี",)
    assert other_layouts("ประชุมผู้บริหาร") == ()
    assert other_layouts("ศธ 04001/ว 123") == ()


def test_keys_and_their_neighbours() -> None:
    assert ("ส", "ศ") in ON_ONE_KEY
    assert ("ก", "ด") in BESIDE
    assert ("บ", "ฟ") not in BESIDE  # the end of one row and the beginning of the next
