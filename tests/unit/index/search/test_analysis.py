"""The same words, skeletons and keys for every way a text can be spelled."""

from __future__ import annotations

import pytest

from index.search.analysis import (
    base_letters,
    gram_row,
    grams,
    mentions,
    number_key,
    number_parts,
    one_byte_each,
    pairs,
    part_of_number,
    pieces,
    places_of_letters,
    skeleton,
    words,
)
from index.search.word_cutter import cut_words
from ocr.thai_text import normalize, split_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("น้ำท่วม", "นํ้าท่วม"),
        ("แต่งตั้ง", "แตงตั้ง"),
        ("ครั้งที่ ๑", "ครั้งที่1"),
        ("O-NET", "o net"),
        ("ผู้ บริ หาร", "ผู้บริหาร"),
        ("เเผน", "แผน"),
    ],
)
def test_spellings_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(normalize(one)) == skeleton(normalize(other))


def test_digits_are_fenced_so_that_5_is_not_the_end_of_15() -> None:
    assert skeleton("5 มกราคม") not in skeleton("15 มกราคม")
    assert base_letters(skeleton("15 มกราคม")) == 2 + 6


def test_grams_overlap_and_short_skeletons_have_none() -> None:
    assert grams(skeleton("ประชุม")) == ["ประ", "ระช", "ะชม"]
    assert grams(skeleton("วัด")) == []
    assert gram_row(skeleton("ประชุม")) == "ประ ระช ะชม"
    assert gram_row(b"") == gram_row(skeleton("วัด")) == ""


def test_each_letter_of_a_skeleton_has_its_place_in_the_text() -> None:
    text = "ก็ “ประชุม” 😀 ๒๕"
    assert "".join(text[place] for place in places_of_letters(one_byte_each(text))) == "กประชม๒๕"


@pytest.mark.parametrize(
    "line",
    [
        "การจัดทำคำของบประมาณรายจ่ายประจำปีงบประมาณ พ.ศ. 2570 งบลงทุน รายการค่าครุภัณฑ์",
        "ตากลม ณ หอประชุม ก ข ฤๅษี กร กรรม กรรมการ",
        "o-net ครั้งที่ 2/2569 😀 “”",
    ],
)
def test_words_are_cut_as_where_the_letter_is_read(line: str) -> None:
    assert "".join(cut_words(line)) == line
    thai = [word for word in cut_words(line) if "ก" <= word[:1] <= "๎"]
    assert thai == [word for word in split_words(line) if "ก" <= word[:1] <= "๎"]


def test_half_a_character_is_cut_like_any_other_sign() -> None:
    assert words("ประชุม\ud83d พัสดุ") == ["ประชุม", "พัสดุ"]


def test_words_are_folded_and_without_punctuation() -> None:
    assert words("(การประชุม) ครั้งที่ ๒/๒๕๖๙ O-NET")[:2] == ["การ", "ประชุม"]
    assert words("ครั้งที่ ๒/๒๕๖๙ O-NET")[-4:] == ["2", "2569", "o", "net"]
    assert words("\n .,ฯ \n") == []


def test_a_pair_that_ends_in_a_prefix_has_the_next_word_too() -> None:
    assert pairs(["ทาง", "การ", "ศึกษา", "ไทย"]) == ["ทาง_การ_ศึกษา", "การ_ศึกษา", "ศึกษา_ไทย"]
    assert pairs(["ทาง", "การ"]) == ["ทาง_การ"]
    assert pairs(["การ"]) == []


@pytest.mark.parametrize(
    "number", ["ศธ ๐๔๐๐๑/ว ๑๒๓", "ศธ04001/ว123", "ศธ 04001 / ว. 123", "ศธ. 04001/ว 123"]
)
def test_one_number_has_one_key(number: str) -> None:
    assert number_key(number) == "ศธ04001/ว123"


def test_a_circular_is_another_letter() -> None:
    assert number_key("ศธ 04001/123") != number_key("ศธ 04001/ว 123")


def test_pieces_of_a_number_that_people_remember() -> None:
    assert number_parts("ศธ 04001/ว 123") == [
        "ศธ04001/ว123",
        "04001/ว123",
        "ศธ04001",
        "04001",
        "123",
        "ว123",
    ]
    for typed in ("ว ๑๒๓", "04001/ว 123", "ศธ๐๔๐๐๑", "123"):
        assert part_of_number(typed) in number_parts("ศธ 04001/ว 123")
    assert part_of_number("ประชุม") is None


def test_mentions_are_dates_and_numbers_spoken_of() -> None:
    text = "อ้างถึง หนังสือ สธ ๐๔๑๓/ว ๖๗๒๐ ลงวันที่ ๒๘ พฤศจิกายน ๒๕๖๘\nและ กค 0402.2/9"
    assert set(mentions(text)) == {"2025-11-28", "สธ0413/ว6720", "กค04022/9"}


def test_pieces_cover_the_whole() -> None:
    bones = skeleton("การประชุมผู้บริหารสถานศึกษา")
    for count in (1, 2, 3, 5):
        cut = pieces(bones, count)
        assert b"".join(cut) == bones
        assert len(cut) == count


def test_letters_that_differ_by_a_hair_are_one_in_the_skeleton() -> None:
    assert skeleton("ณัฏฐพล") == skeleton("ณัฎฐพล")
    assert skeleton("น้ำ") == skeleton("นํ้า")
