"""A letter number is read as a grammar: every variant seen on real letters, and no draft without a running number."""

from __future__ import annotations

import pytest

from classify import load_rules, numbers_equal, parse_number
from classify.head_fields import _read_number
from classify.numbers import find_bare_number, find_number

SEEN = {
    "กค. 0530.3/ว.61 ลว 31 พ.ค.2544": "กค 0530.3/ว 61",
    "ศธ 04349/ว3694": "ศธ 04349/ว 3694",
    "ศธ ๐๔๐๕๕/ว.๑๒": "ศธ 04055/ว 12",
    "กค 0402.3/026695": "กค 0402.3/026695",
    "กษ 0801.02/36": "กษ 0801.02/36",
    "ศธ ๐๔๐๐๗.๖๐๐/4568/68": "ศธ 04007.600/4568/68",
    "กค (กวจ) 0405.2/ว 85": "กค (กวจ) 0405.2/ว 85",
    "ลต (ตก) ๐๐๐๒/ว ๘๘": "ลต (ตก) 0002/ว 88",
    "อส ๐๐๔๕ (ตก)/๗๘๐": "อส 0045 (ตก)/780",
    "ศธ ๐๔๐๔๙.๐๔๔/๖๖": "ศธ 04049.044/66",
    "ที่ สกมช ๐๑๐๑/ว ๗๑": "สกมช 0101/ว 71",
    "ด่วนที่สุด ที่ มท 0809.3/ว. 0003": "มท 0809.3/ว 0003",
    "คำสั่งที่ 78/2563": "78/2563",
    "ตผ ๐๐๕๒ พร/๓๘๖": "ตผ 0052 พร/386",
    "อว ๖๙.๓/๑๒๔๗": "อว 69.3/1247",
    "นร ๐๑๐๖ กท/๒๑๕": "นร 0106 กท/215",
    "กห ๐๔๐๑/ผบ 772": "กห 0401/ผบ 772",
    "สธ ๐๒๐๑/ก 41": "สธ 0201/ก 41",
    "พร 0032/สธ.502": "พร 0032/สธ 502",
    "ชบ 83002-11/ว.47": "ชบ 83002-11/ว 47",
    "สพม. 702/2568": "สพม 702/2568",
    "เลขที่ 88/2567": "88/2567",
    "ตช ๐๐๒๖.(๑๑)/๑๒": "ตช 0026 (11)/12",
    "ตช 0016. (ชร) /1206": "ตช 0016 (ชร)/1206",
    "พม 0204/1/12888": "พม 0204/1/12888",
    "พม 0204/1/2831": "พม 0204/1/2831",
    "ศธ 04049/12/2568": "ศธ 04049/12/2568",
    "ลต (สภ]๐๐๐๑/๖๖": "ลต (สภ) 0001/66",
    "อว ๘๓๙๒(๑/ว ๑๑๕๕๙": "อว 8392 (1)/ว 11559",
}


@pytest.mark.parametrize(("printed", "canonical"), SEEN.items())
def test_a_variant_seen_on_a_real_letter_gives_its_canonical_form(
    printed: str, canonical: str
) -> None:
    number = parse_number(printed)
    assert number is not None
    assert number.canonical == canonical


@pytest.mark.parametrize("draft", ["ศธ ๐๔๐๔๙/", "ศธ ๐๔๐๔๙/ว", "/ว", "ที่", "", "โทร. ๐ ๒๒๘๘ ๕๗๙๖"])
def test_a_draft_without_a_running_number_is_no_number(draft: str) -> None:
    assert parse_number(draft) is None


def test_the_part_before_the_slash_of_a_handwritten_number_is_kept() -> None:
    number = find_number("ที่ มท 0809.2/ว ")
    assert number is not None
    assert not number.is_complete
    assert number.canonical == "มท 0809.2/ว"


def test_a_circular_and_an_ordinary_letter_of_one_running_number_differ() -> None:
    assert numbers_equal("ศธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว12")
    assert not numbers_equal("ศธ 04001/ว 12", "ศธ 04001/12")
    assert not numbers_equal("ศธ 04001/", "ศธ 04001/")


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ศร 04001/ว 1", "ศธ"),
        ("คธ 04001/ว 1", "ศธ"),
        ("ศฮ 04001/2", "ศธ"),
        ("ทศธ 04001/2", "ศธ"),
        ("นท 0809.2/1", "มท"),
    ],
)
def test_misread_agency_letters_are_repaired_from_the_table(read: str, meant: str) -> None:
    number = find_number(read)
    assert number is not None
    repaired = load_rules().agencies.repair(number)
    assert repaired is not None
    assert repaired.letters == meant


def test_letters_that_cannot_be_repaired_for_certain_are_left_alone() -> None:
    number = find_number("ฬฬ 1234/5")
    assert number is not None
    assert load_rules().agencies.repair(number) is None


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ตช 0016.(ซร)/1206", "ตช 0016 (ชร)/1206"),
        ("ตช 0016.(ขร)/1206", "ตช 0016 (ชร)/1206"),
        ("ตผ 0052 ผบ/12", "ตผ 0052 ผบ/12"),  # of no province
        ("ตช 0016 (ชร)/12", "ตช 0016 (ชร)/12"),
        ("ลต 0001 (สภ)/12", "ลต 0001 (สภ)/12"),
        ("ตผ 0052 ดร/12", "ตผ 0052 ตร/12"),
    ],
)
def test_a_province_beside_the_code_is_spelt_as_provinces_are(read: str, meant: str) -> None:
    number = find_number(read)
    assert number is not None
    assert load_rules().agencies.repair_place(number).canonical == meant


def test_the_closest_row_of_the_agency_table_wins() -> None:
    agencies = load_rules().agencies
    school, office, bureau = (
        find_number(text) for text in ("ศธ 04049.044/66", "ศธ 04049/1", "ศธ 0206.3/ว 9")
    )
    assert school and office and bureau
    assert agencies.find(school) != agencies.find(office)
    assert agencies.agrees(school, "โรงเรียนบ้านตัวอย่าง") is True
    assert agencies.agrees(school, "กรมธนารักษ์") is False
    assert agencies.agrees(bureau, "สำนักงาน ก.ค.ศ.") is True
    assert agencies.is_province("ตก")
    assert not agencies.is_province("ศธ")


def test_a_number_without_letters_is_read_only_where_it_begins_the_text() -> None:
    number = find_bare_number("83002-11/ว.47")
    assert number is not None and number.canonical == "83002-11/ว 47"
    assert find_bare_number("โทร 83002/47") is None


@pytest.mark.parametrize(
    ("number", "sender", "contradicted"),
    [
        ("ศธ 05002/ว 5512", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", True),
        ("ศธ 04002/ว 5512", "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", False),
        ("นค 0405.2/ว 1", "กรมบัญชีกลาง", True),
        ("กค 0405.2/ว 1", "กรมบัญชีกลาง", False),
        ("นม 0037.6/40", "ที่ว่าการอำเภอเมืองนครราชสีมา", False),
        ("นน 0037.6/40", "ที่ว่าการอำเภอเมืองนครราชสีมา", True),
        ("ศธ 05093.112/99", "โรงเรียนบ้านหนองม่วงไข่", True),
        ("ศธ 04093.112/99", "โรงเรียนบ้านหนองม่วงไข่", False),
        ("มท 52001/40", "โรงเรียนเทศบาล ๑", False),  # schools are of many ministries
        ("อว 69.3/40", "มหาวิทยาลัยแม่โจ้", False),  # not in the table
    ],
)
def test_a_sender_of_other_codes_contradicts_the_number(
    number: str, sender: str, contradicted: bool
) -> None:
    parts = find_number(number)
    assert parts is not None
    assert load_rules().agencies.contradicts(parts, sender) is contradicted


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("ล๓ (สภ)๐๐๐๑/๓๑๕", "ลต (สภ) 0001/315"),
        ("๗ธ ๐๗๗๗.๑/ว๒๕๙๒", "ยธ 0777.1/ว 2592"),
        ("๓ศ ๐๓๐๔/ว.๓๗๕", "ตศ 0304/ว 375"),
        ("ตผ ๐๐๕๒ มH/๕๕๕๖", "ตผ 0052 มห/5556"),
        ("ตผ ๐๐๓๙ ๓ร/๘๓๑๔๐", "ตผ 0039 ตร/83140"),
        ("ตผ ๐๐๓๙.๓ร/๘๓", "ตผ 0039 ตร/83"),
        ("มท 0810.7ว 77437", "มท 0810.7/ว 77437"),
        ("มท ๐๘๑๐ ว.๗๗", "มท 0810/ว 77"),
    ],
)
def test_a_letter_read_as_a_digit_and_a_lost_slash_are_put_back_in_doubt(
    read: str, meant: str
) -> None:
    number, doubt, trust = _read_number(read)
    assert number is not None
    assert number.canonical == meant
    assert doubt
    assert trust < 0.5


@pytest.mark.parametrize("printed", ["ศธ ๐๔๐๐๑/ว ๑๒๓", "ศธ 04001/123 ว 5", "กค (กวจ) 0405.2/ว 85"])
def test_a_number_that_is_whole_is_not_mended(printed: str) -> None:
    number, doubt, trust = _read_number(printed)
    assert number is not None
    assert number == find_number(printed)
    assert (doubt, trust) == ("", 1.0)
