"""A subject is found with all its lines, whatever word a line begins with, and takes in no line of the text."""

from __future__ import annotations

from datetime import date

import pytest

from classify import Letter, find_fields, lay_out_document, load_rules
from classify.numbers import find_number
from ocr.document import RecognizedDocument
from tests.paper import (
    EXTERNAL,
    LEFT,
    PITCH,
    VALUE,
    WIDTH,
    page_of,
    placed,
    width_of,
)

RULES = load_rules()
TOP, RIGHT, MIDDLE = 520, 1400, 1150
TITLE = "การแข่งขันกีฬานักเรียนนักศึกษาระดับจังหวัด ประเภทกรีฑา ฟุตบอล และวอลเลย์บอล"


def find(document: RecognizedDocument) -> Letter:
    laid_out = lay_out_document(document)
    return find_fields(laid_out, agencies=RULES.agencies, today=date(2026, 11, 21))


def centred(text: str, row: int) -> tuple[str, int, int]:
    return text, (WIDTH - width_of(text)) // 2, TOP + row * PITCH


@pytest.mark.parametrize("opener", ["ตามมติคณะรัฐมนตรี", "ด้วยความเรียบร้อยและโปร่งใส"])
def test_a_subjects_line_may_begin_as_a_text_does(opener: str) -> None:
    letter = find(
        placed(
            (EXTERNAL[0], LEFT, TOP),
            (EXTERNAL[1], RIGHT, TOP),
            (EXTERNAL[3], MIDDLE, TOP + PITCH),
            ("เรื่อง", LEFT, TOP + 3 * PITCH),
            ("การจัดทำคำของบประมาณรายจ่าย ประจำปี ๒๕๖๙", VALUE, TOP + 3 * PITCH),
            (opener, VALUE, TOP + 4 * PITCH),
            ("และแนวทางที่กำหนด", VALUE, TOP + 5 * PITCH),
            ("เรียน", LEFT, TOP + 6 * PITCH),
            ("ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", VALUE, TOP + 6 * PITCH),
        )
    )
    assert letter.subject is not None
    assert letter.subject.value == f"การจัดทำคำของบประมาณรายจ่าย ประจำปี ๒๕๖๙ {opener} และแนวทางที่กำหนด"


@pytest.mark.parametrize("second", ["ตามแนวทางที่กำหนด", "ด้วยความเรียบร้อย"])
def test_a_title_that_fills_the_page_goes_on_around_the_same_middle(second: str) -> None:
    text = "ด้วยสำนักงานได้กำหนดจัดการแข่งขันกีฬาในพื้นที่รับผิดชอบ จึงประกาศให้ทราบ"
    letter = find(
        placed(
            centred("ประกาศสำนักงานเขตพื้นที่การศึกษามัธยมศึกษาตัวอย่าง", 0),
            centred(f"เรื่อง {TITLE}", 1),
            centred(second, 2),
            (text, LEFT + 295, TOP + 3 * PITCH + 60),
            ("โดยทั่วกัน และปฏิบัติตามแนวทางที่กำหนด", LEFT, TOP + 4 * PITCH + 60),
        )
    )
    assert letter.subject is not None and letter.subject.value == f"{TITLE} {second}"


def test_the_date_of_a_stamped_letter_is_no_date_that_ends_its_text() -> None:
    letter = find(
        placed(
            ("ที่ ศธ ๐๔๐๐๘/ว ๙๐", LEFT, TOP),
            ("ถึง สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑", LEFT, TOP + PITCH),
            ("ขอให้สำนักงานเขตพื้นที่การศึกษาจัดส่งรายชื่อผู้ประสานงานภายในวันที่", LEFT + 295, TOP + 3 * PITCH),
            ("๑๕ กรกฎาคม ๒๕๖๘ เวลา ๑๖.๓๐ น.", LEFT, TOP + 4 * PITCH),
            ("สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", RIGHT, TOP + 6 * PITCH),
            ("๓ กรกฎาคม ๒๕๖๘", RIGHT, TOP + 7 * PITCH),
        )
    )
    assert letter.date is not None and letter.date.value == date(2025, 7, 3)


def test_agency_letters_that_begin_as_the_label_does_are_no_label() -> None:
    letter = find(
        page_of("external", ["ทส ๐๙๐๗.๑/๒๓๐๒", "กรมอุทยานแห่งชาติ สัตว์ป่า และพันธุ์พืช", *EXTERNAL[2:]])
    )
    assert letter.number is not None and letter.number.value == "ทส 0907.1/2302"


def test_a_section_behind_a_slash_of_its_own_is_part_of_the_code() -> None:
    number = find_number("พม ๐๒๐๔/๑/ว ๑๒๕")
    assert number is not None and number.canonical == "พม 0204/1/ว 125"
    plain = find_number("พม ๐๒๐๔/๑๒๕/๖๘")
    assert plain is not None and (plain.owner, plain.running, plain.suffix) == ("0204", "125", "68")
