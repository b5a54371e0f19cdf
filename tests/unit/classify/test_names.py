"""Words that no name has are told apart from names of places and offices, which are in no dictionary."""

from __future__ import annotations

import pytest

from classify.names import begins_as_agency, doubled_syllables, odd_province, unknown_names


@pytest.mark.parametrize(
    "name",
    [
        "โรงเรียนบ้านหนองม่วงไข่",
        "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑",
        "ประธาน ก.จ.จ., ก.ท.จ. และ ก.อบต.จังหวัด ทุกจังหวัด",
        "สพป. ถึงโรงเรียน โทร. ๐ ๕๔๕๑",
        "องค์การบริหารส่วนตำบลพลกรัง",
    ],
)
def test_a_name_of_places_and_offices_is_known(name: str) -> None:
    assert unknown_names(name) == ()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("โรงเรียนบ้านหนองม่วงไข๋", "ไข๋"),
        ("นายกเทศมนตรีต่บล", "ต่บล"),
        ("ขอเชิญร่ว่มพิธี", "ร่ว่ม"),
        ("การรับบริจาศโลหิต", "ศ"),
    ],
)
def test_a_misread_word_is_unknown(name: str, word: str) -> None:
    assert word in unknown_names(name)


def test_a_syllable_read_twice_is_found_and_a_doubled_word_is_not() -> None:
    assert doubled_syllables("นายกเทศมนตรีรีตำบล") == ("รีรี",)
    assert doubled_syllables("สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน") == ()


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("ก.อบต.จังหวัดยะดา", "ยะดา"),
        ("ก.อบต.จังหวัดยะลา ปัตตานี", ""),
        ("ผู้ว่าราชการจังหวัด ทุกจังหวัด", ""),
        ("ผู้ว่าราชการจังหวัดนครราช", ""),  # the line ends within the name
    ],
)
def test_what_follows_the_word_for_province_is_a_province(text: str, odd: str) -> None:
    assert odd_province(text) == odd


def test_an_office_begins_with_its_kind_or_is_its_letters() -> None:
    for name in ("สำนักงานท้องถิ่น", "บริษัท ก จำกัด", "สกมช.", "ก.ค.ศ."):
        assert begins_as_agency(name)
    for name in ("แพร่ เขต ๑", "จึงเรียนมา", "๑๒๘ อาคาร", "นายสมมติ"):
        assert not begins_as_agency(name)
