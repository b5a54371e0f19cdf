"""A subject counts as found only where a search box would find it: no mended marks, no missing spaces."""

from __future__ import annotations

import pytest

from benchmarks.quality import confusions
from benchmarks.searchable import look, missing_words

SUBJECT = "การจัดสรรงบประมาณ พ.ศ. ๒๕๗๐"


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("เรื่อง การจัดสรรงบประมาณ พ.ศ. ๒๕๗๐\nเรียน", True, True),
        ("เรื่อง การจัดสรรงบ\r\nประมาณ พ.ศ.\n๒๕๗๐", False, True),  # broken inside a word
        ("เรื่อง การจัดสรร\n งบประมาณ พ.ศ.\f๒๕๗๐", True, True),
        ("เรื่อง การจัดสรรงบประมาณพ.ศ. ๒๕๗๐", True, False),  # a space is lost
        ("เรื่อง การ จัดสรรงบประมาณ พ.ศ. ๒๕๗๐", True, False),  # a false one
        ("เรื่อง การจัดสรร\nวันที่\nงบประมาณ พ.ศ. ๒๕๗๐", True, False),  # something between
        ("เรื่อง การจัดสรรงบประมาณ พ.ศ. ๒๕๗", False, False),
    ],
)
def test_a_subject_is_found_by_its_words_and_as_a_whole(
    text: str, words: bool, whole: bool
) -> None:
    assert look(SUBJECT, text) == (words, whole)


def test_the_words_that_are_not_there_are_told() -> None:
    assert missing_words("วิทยฐานะชำนาญการพิเศษ", "วิทยฐานะชำนาญการพเศษ") == ["พิเศษ"]


def test_what_is_read_for_what_is_counted_with_what_is_lost_and_put_in() -> None:
    truth = {"a.tif": {"text": ["ข้าราชการ", "ที่ดิน ๔ ไร่"]}, "b.tif": {"text": ["ไม่อ่าน"]}}
    read = {"a.tif": {"text": "ช้าราชการ\nทีดิน ๕ ไร่"}}
    assert dict(confusions(truth, read)) == {"ข>ช": 1, "่>-": 1, "๔>๕": 1}
