"""Thai words are known by their skeleton: what a bad scan loses does not matter, what makes another word does."""

from __future__ import annotations

import pytest

from classify.fuzzy import edit_distance, find_near, match_label, skeleton
from classify.stock_phrases import settle_phrases


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("เรื่อง ขอเชิญประชุม", "เรื่อง", "ขอเชิญประชุม"),
        ("เรือง ขอเชิญประชุม", "เรื่อง", "ขอเชิญประชุม"),
        ("เรื่องขอเชิญประชุม", "เรื่อง", "ขอเชิญประชุม"),
        ("เรียน  ผู้อำนวยการ", "เรียน", "ผู้อำนวยการ"),
        ("สิงทีส่งมาดวย เอกสาร", "สิ่งที่ส่งมาด้วย", "เอกสาร"),
        ("ทีมท 0809.2/1", "ที่", "มท 0809.2/1"),
        ("อ้างถึง: หนังสือ", "อ้างถึง", "หนังสือ"),
        ("ถึง", "ถึง", ""),
    ],
)
def test_a_label_is_found_and_its_value_begins_after_it(text: str, label: str, value: str) -> None:
    hit = match_label(text, label)
    assert hit is not None
    assert text[hit.value_start :] == value


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("เงื่อนไข การย้าย", "เรื่อง"),
        ("โรงเรียน", "เรียน"),
        ("ซึ่ง ผู้ว่า", "ถึง"),
        ("", "เรื่อง"),
        ("รายงาน", "เรียน"),
    ],
)
def test_another_word_is_no_label(text: str, label: str) -> None:
    assert match_label(text, label) is None


def test_the_skeleton_keeps_what_stands_on_the_line() -> None:
    assert skeleton("สำนักงาน เขตพื้นที่ ๑") == "สานกงานเขตพนท1"
    assert skeleton("เรื่อง") == skeleton("เรือง") == "เรอง"


def test_edit_distance_stops_at_its_limit() -> None:
    assert edit_distance("abc", "abd", 2) == 1
    assert edit_distance("abc", "xyz", 2) == 3
    assert edit_distance("", "ab", 2) == 2


def test_a_word_is_found_near_with_few_edits_only() -> None:
    assert find_near("เครองราชอสรยาภรณ", "การขอเครองราชอสริยาภรณ", 2) is not None
    assert find_near("ลดเงนเดอน", "การเลอนเงนเดอน", 1) is None
    assert find_near("กขค", "งจฉ", 0) is None


def test_stock_phrases_are_spelt_right_but_real_words_stay() -> None:
    phrases = ("สำนักงานเขตพื้นที่การศึกษา", "กรมการปกครอง", "ผู้อำนวยการสำนักงาน")
    assert settle_phrases("สำนักงานเขตพินทีการศึกษาตาก", phrases)[0] == "สำนักงานเขตพื้นที่การศึกษาตาก"
    for right in ("กรมส่งเสริมการปกครองท้องถิ่น", "กลุ่มอำนวยการ สำนักงาน", "โรงเรียน"):
        assert settle_phrases(right, phrases) == (right, 0)


@pytest.mark.parametrize("text", ["ดำสั่งกรมศิลปากร", "ตำสั่งสำนักงาน ก.พ.", "คำสั่งโรงเรียนบ้านนา"])
def test_a_label_of_look_alike_letters_is_known_where_the_text_goes_on(text: str) -> None:
    hit = match_label(text, "คำสั่ง")
    assert hit is not None
    assert hit.value_start == len("คำสั่ง")


@pytest.mark.parametrize(("text", "label"), [("นำส่งกรมศิลปากร", "คำสั่ง"), ("คึงกรม", "ถึง")])
def test_another_word_of_the_same_length_is_no_label(text: str, label: str) -> None:
    assert match_label(text, label) is None
