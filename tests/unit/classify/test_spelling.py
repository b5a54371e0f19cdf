"""A misread word is spelt right where exactly one dictionary word fits; right text is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify import load_rules
from classify.spelling import respell, settle_abbreviations

KNOWN = load_rules().agencies.abbreviations


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("แนวทางปฏิบัตีราชการ", "แนวทางปฏิบัติราชการ"),  # a mark misread
        ("ขอชักช้อมความเข้าใจ", "ขอซักซ้อมความเข้าใจ"),  # ช for ซ, twice
        ("เงินดอบแทนรายเดือน", "เงินตอบแทนรายเดือน"),  # ด for ต
        ("ระบบอิเล็ถทรอนิกส์", "ระบบอิเล็กทรอนิกส์"),  # ถ for ก
        ("ทุกจ้งหวัด", "ทุกจังหวัด"),
    ],
)
def test_a_misread_word_is_spelt_right(read: str, meant: str) -> None:
    assert respell(read) == (meant, 1)


@pytest.mark.parametrize(
    "text",
    [
        "ขอเชิญประชุมผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาทั่วประเทศ ครั้งที่ ๑/๒๕๖๙",
        "การประกวดระเบียบแถวลูกเสือ เนตรนารี",
        "หลักสูตรประกาศนียบัตรวิชาชีพ (ปวช.) หรือเทียบเท่า",
        "นายกฤตภาสศรณ์ ตัวอย่างสมมติ",  # a name in no dictionary is no misread word
        "New GFMIS Thai",
        "",
    ],
)
def test_right_text_is_left_alone(text: str) -> None:
    assert respell(text) == (text, 0)


@given(st.text(alphabet="กขคงจชซดตถทนบปผพฟมยรลวศสหอะาิีึืุูเแโใไ่้์ ๑2.", max_size=60))
def test_nothing_but_thai_letters_changes(text: str) -> None:
    once, _ = respell(text)
    assert [c for c in once if not "ก" <= c <= "๎"] == [c for c in text if not "ก" <= c <= "๎"]


@pytest.mark.parametrize(
    ("read", "meant", "unsure"),
    [
        ("สำนักงาน ป.ป.ซ.", "สำนักงาน ป.ป.ช.", False),
        ("ประธาน ก.อบด จังหวัด", "ประธาน ก.อบต จังหวัด", False),
        ("สำนักงานก.อบด.", "สำนักงานก.อบต.", False),
        ("ประธาน ก.จ.จ.. ก.ท.จ. และ", "ประธาน ก.จ.จ., ก.ท.จ. และ", False),
        ("สำนักงาน ก.จ.ก.ท. และ ก.อบต.", "สำนักงาน ก.จ.ก.ท. และ ก.อบต.", True),
        ("พ.ศ. ๒๕๖๙ วันที่ ๑ ต.ค. ๖๙", "พ.ศ. ๒๕๖๙ วันที่ ๑ ต.ค. ๖๙", False),
        ("คณะกรรมการ ฮ.ญ.ฬ.", "คณะกรรมการ ฮ.ญ.ฬ.", False),
    ],
)
def test_abbreviations_are_spelt_as_the_table_has_them(read: str, meant: str, unsure: bool) -> None:
    text, changed, is_unsure = settle_abbreviations(read, KNOWN)
    assert (text, is_unsure) == (meant, unsure)
    assert bool(changed) == (read != meant)


def test_an_abbreviation_that_resembles_two_stays_and_is_not_sure() -> None:
    assert settle_abbreviations("ก.อบด.", ("ก.อบต.", "ก.อบค.")) == ("ก.อบด.", 0, True)
    assert settle_abbreviations("ก.อบด.", ("ก.อบต.",)) == ("ก.อบต.", 1, False)


def test_every_abbreviation_of_the_table_is_left_as_it_is() -> None:
    for name in KNOWN:
        assert settle_abbreviations(f"สำนักงาน {name}", KNOWN) == (f"สำนักงาน {name}", 0, False)
