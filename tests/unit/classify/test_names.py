"""Words that no name has are told apart from names of places and offices, which are in no dictionary."""

from __future__ import annotations

import pytest

from classify.names import (
    begins_as_agency,
    cut_short,
    doubled_syllables,
    misread_phrase,
    misread_place,
    odd_province,
    stray_figure,
    unfinished,
    unknown_names,
)


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
        ("ตำรวจภูธรจังหวัดลำปางก", "ลำปางก"),
        ("ตำรวจภูธรจังหวัดลำปาง", ""),
        ("สำนักงานสาธารณสุขจังหวัดแพร่ญ", "แพร่ญ"),
        ("ประชาชนจังหวัดแพร่และใกล้เคียง", ""),
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


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("องค์การบริหารส่วนตำบลลันทราย", "ลันทราย"),
        ("โรงเรียนบ้านโคกสง", "โคกสง"),
        ("องค์การบริหารส่วนตำบลสันทราย", ""),
        ("โรงเรียนบ้านหนองม่วงไข่", ""),
        ("โรงเรียนวัดใหม่", ""),
        ("ทุกอำเภอ", ""),
    ],
)
def test_a_places_name_that_is_almost_one_is_found(text: str, place: str) -> None:
    assert misread_place(text) == place


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("แนวทางการจัดสอบ ภาคเรียนที่", "ภาคเรียนที่"),
        ("ภาคเรียนที่ ตามนโยบาย", "ภาคเรียนที่"),
        ("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต", "เขต"),
        ("ประจำปีงบประมาณ พ.ศ.", "พ.ศ."),
        ("ภาคเรียนที่ ๑", ""),
        ("ประถมศึกษาแพร่ เขต ๑", ""),
        ("หัวหน้าสำนักงานเขต ทุกเขต", ""),
    ],
)
def test_a_word_that_a_figure_must_follow_is_found_alone(text: str, word: str) -> None:
    assert unfinished(text) == word


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("สำนักงา ก.ท.", "สำนักงา"),
        ("โรงเรีย บ้านตัวอย่าง", "โรงเรีย"),
        ("มหาวิทยาลั แม่โจ้", "มหาวิทยาลั"),
        ("สำนักงาน ก.ท.", ""),
        ("สำนัก งบประมาณ", ""),  # a word of its own
        ("วิทยาลัยเทคนิคแพร่", ""),
        ("", ""),
    ],
)
def test_a_name_whose_first_word_lost_its_end_is_found(name: str, first: str) -> None:
    assert cut_short(name) == first


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("บัญชีผู้สอบแช่งขันได้ และผู้สอบแช่งชันได้", "ผู้สอบแข่งขันได้"),  # three times ช for ข
        ("บัญชีผู้สอบแช่งชันได้", "ผู้สอบแข่งขันได้"),
        ("บัญชีผู้สอบแข่งขันได้", ""),
        ("การแช่งชักผู้อื่น", ""),
    ],
)
def test_a_stock_phrase_in_letters_that_look_alike_is_found(text: str, phrase: str) -> None:
    assert misread_phrase(text, ("ผู้สอบแข่งขันได้",)) == phrase


def test_a_stock_phrase_of_which_one_letter_lacks_is_found() -> None:
    phrases = ("กรมบัญชีกลาง", "ผู้อำนวยการโรงเรียน", "สำนักงาน ก.พ.")
    assert misread_phrase("กรมบัญชีกลา", phrases) == "กรมบัญชีกลาง"
    assert misread_phrase("ผู้อำนวยการรงเรียนวัดศรีชุม", phrases) == "ผู้อำนวยการโรงเรียน"
    assert misread_phrase("กรมบัญชีกลาง", phrases) == ""
    assert misread_phrase("สำนักงาน ก.ท.", phrases) == "", (
        "letters with dots are offices of their own"
    )


@pytest.mark.parametrize(
    ("name", "stray"),
    [
        ("กรมศิลปากร3", "กรมศิลปากร3"),
        ("กรมศิลปากร๓", "กรมศิลปากร๓"),
        ("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต1", ""),
        ("สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต 1", ""),
        ("มณฑลทหารบกที่39", ""),
        ("โรงเรียนเทศบาล ๑", ""),
    ],
)
def test_a_figure_printed_on_to_a_name_is_not_of_it(name: str, stray: str) -> None:
    assert stray_figure(name) == stray
