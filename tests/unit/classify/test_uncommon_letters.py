"""Letters of uncommon form are read as far as they go, and asked about where their form leaves doubt."""

from __future__ import annotations

from datetime import date

import pytest

from classify import Kind, Letter, Urgency, find_fields, lay_out_document, load_rules
from ocr.document import RecognizedDocument
from tests.paper import BODY, EXTERNAL, LEFT, PITCH, VALUE, page_of, placed

RULES = load_rules()
TOP, RIGHT, MIDDLE = 520, 1400, 1150


def find(document: RecognizedDocument) -> Letter:
    return find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=date(2026, 11, 21)
    )


def with_number(row: str) -> Letter:
    return find(page_of("external", [row, *EXTERNAL[1:]]))


def doubts(letter: Letter, field: str) -> set[str]:
    return {doubt.code for doubt in letter.doubts if doubt.field == field}


@pytest.mark.parametrize(
    ("row", "value", "is_asked"),
    [
        ("ที่ อว ๖๙.๓/๑๒๔๗", "อว 69.3/1247", True),  # another agency's than the sender's
        ("ที่ ศธ ๐๔๐๐๑/ผบ ๗๗๒", "ศธ 04001/ผบ 772", False),
        ("ที่ ศธ ๐๔๐๐๑ พร/๓๘๖", "ศธ 04001 พร/386", False),
        ("ท ศธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว 12", False),
        ("ทที่ ศธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว 12", False),
        ("ที่ ทส ๐๙๐๗.๑/๒๓๐๒", "ทส 0907.1/2302", True),  # another agency's than the sender's
        ("ที่ ล๓ (สภ)๐๐๐๑/๓๑๕", "ลต (สภ) 0001/315", True),
        ("ทศธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว 12", False),
        ("เลขที่ ๘๘/๒๕๖๗", "88/2567", False),
        ("ที่ ศธ ๐๔๐๐๑.กจ/๗๒", "ศธ 04001 กจ/72", False),
        ("ที่ ศธ ๐๔๐๐๑/พิเศษ ๑๒", "ศธ 04001/พิเศษ 12", False),
        ("ที่ ...ศธ ๐๔๐๐๑/ว ๙......", "ศธ 04001/ว 9", False),
        ("ที่ สพม. ๗๐๒/๒๕๖๘", "สพม 702/2568", True),
        ("ที่ ตพ. ๐๑๒/๒๕๖๘", "ตพ 012/2568", True),  # a firm's own; not mended into an agency's
        ("ที่ ABC ๐๑๒/๒๕๖๘", "ABC 012/2568", True),
        ("ที่ ๐๑๒/๒๕๖๘ ก", "012/2568", True),
        ("ที่ 83002-11/ว.47", "ศธ 83002-11/ว 47", True),  # the letters are the sender's
        ("ที่ ๔ ศธ ๐๔๐๐๑/๑๒", "ศธ 04001/12", True),
    ],
)
def test_a_number_of_uncommon_form(row: str, value: str, is_asked: bool) -> None:
    letter = with_number(row)
    assert letter.number is not None and letter.number.value == value
    assert bool(doubts(letter, "number")) is is_asked


@pytest.mark.parametrize("row", ["เลขที่ ๘๘/๒๕๖๗", "ที่ ๐๐๑/๒๕๖๘", "ที่ สพม.แพร่ ๑๒/๒๕๖๘"])
def test_a_letter_numbered_by_count_and_year_has_its_date_and_sender(row: str) -> None:
    letter = with_number(row)
    assert letter.date is not None and letter.date.value == date(2025, 7, 9)
    assert letter.sender is not None and letter.sender.value == EXTERNAL[1]


def test_a_number_without_letters_is_proposed_where_the_sender_has_none_either() -> None:
    lines = ["ที่ 83002-11/ว.47", "สำนักงานเทศบาลตำบลตัวอย่าง", *EXTERNAL[2:]]
    letter = find(page_of("external", lines))
    assert letter.number is not None and letter.number.value == "83002-11/ว 47"
    assert "number_unknown_agency" in doubts(letter, "number")


@pytest.mark.parametrize(
    "row", ["ที่ ศธ ๐๔๐๐๑/ว ๑๒๓๔ ด่วนที่สุด", "ด่วนที่สุด ที่ ศธ ๐๔๐๐๑/ว ๑๒๓๔", "| ด่วนที่สุด |"]
)
def test_an_urgency_stamp_in_the_line_of_the_number(row: str) -> None:
    lines = [row, *EXTERNAL[1:]] if "ศธ" in row else [f"{EXTERNAL[0]} {row}", *EXTERNAL[1:]]
    letter = find(page_of("external", lines))
    if "|" not in row:
        assert letter.urgency is not None and letter.urgency.value is Urgency.MOST_URGENT
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"


def test_a_private_letter_has_its_date_and_no_number() -> None:
    letter = find(
        placed(
            ("เขียนที่ ๑๒ หมู่ ๓ ตำบลในเวียง", RIGHT, TOP),
            ("วันที่ ๕ เดือน มีนาคม พ.ศ. ๒๕๖๙", MIDDLE, TOP + PITCH),
            ("เรื่อง ขอลากิจส่วนตัว", LEFT, TOP + 3 * PITCH),
            ("เรียน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", LEFT, TOP + 4 * PITCH),
        )
    )
    assert letter.date is not None and letter.date.value == date(2026, 3, 5)
    assert letter.number is None and "number_missing" in doubts(letter, "number")
    assert letter.subject is not None and letter.subject.value == "ขอลากิจส่วนตัว"
    assert letter.sender is None or doubts(letter, "sender")


@pytest.mark.parametrize(
    "printed", ["๑๕/๐๑/๒๕๖๙", "วันที่ ๑๕ เดือน มกราคม พ.ศ. ๒๕๖๙", "15 ม.ค. 69", "January 15, 2026"]
)
def test_a_date_of_uncommon_form(printed: str) -> None:
    lines = [
        ("ที่ ศธ ๐๔๐๐๖/ว ๑๒๗๔", LEFT, TOP),
        ("สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", RIGHT, TOP),
        ("ถนนราชดำเนินนอก กทม. ๑๐๓๐๐", RIGHT, TOP + PITCH),
        (printed, MIDDLE, TOP + 2 * PITCH),
        ("เรื่อง ขอเชิญประชุม", LEFT, TOP + 4 * PITCH),
        ("เรียน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", LEFT, TOP + 5 * PITCH),
    ]
    letter = find(placed(*lines))
    assert letter.date is not None and letter.date.value == date(2026, 1, 15)
    assert letter.sender is not None and letter.sender.value == "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
    assert not letter.doubts


@pytest.mark.parametrize("left", [VALUE + 20, LEFT + 60, VALUE + 130])
def test_a_subjects_second_line_wherever_it_begins(left: int) -> None:
    letter = find(
        placed(
            (EXTERNAL[0], LEFT, TOP),
            (EXTERNAL[1], RIGHT, TOP),
            (EXTERNAL[3], MIDDLE, TOP + PITCH),
            ("เรื่อง ขอเชิญประชุมผู้อำนวยการโรงเรียน", LEFT, TOP + 3 * PITCH),
            ("ประจำปีการศึกษา ๒๕๖๙", left, TOP + 4 * PITCH),
            ("เรียน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", LEFT, TOP + 5 * PITCH),
        )
    )
    assert letter.subject is not None
    assert letter.subject.value == "ขอเชิญประชุมผู้อำนวยการโรงเรียน ประจำปีการศึกษา ๒๕๖๙"


def test_a_paragraph_is_no_part_of_the_recipient_above_it() -> None:
    paragraph = "ขอเรียนให้ทราบว่าหน่วยงานได้กำหนดจัดกิจกรรมเพื่อส่งเสริมการเรียนรู้ของนักเรียนทุกคน"
    letter = find(
        placed(
            (EXTERNAL[0], LEFT, TOP),
            (EXTERNAL[1], RIGHT, TOP),
            (EXTERNAL[3], MIDDLE, TOP + PITCH),
            ("เรื่อง ขอเชิญประชุม", LEFT, TOP + 3 * PITCH),
            ("เรียน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", LEFT, TOP + 4 * PITCH),
            (paragraph, VALUE, TOP + 5 * PITCH),
            ("ในพื้นที่รับผิดชอบและขอให้รายงานผลให้ทราบตามแบบที่กำหนด", LEFT, TOP + 6 * PITCH),
        )
    )
    assert letter.recipient is not None
    assert letter.recipient.value == "ผู้อำนวยการโรงเรียนบ้านตัวอย่าง"


@pytest.mark.parametrize("kind", ["order", "announce"])
def test_nobody_is_invented_as_the_recipient_of_an_order(kind: str) -> None:
    word = "คำสั่ง" if kind == "order" else "ประกาศ"
    lines = [
        f"{word}โรงเรียนบ้านตัวอย่าง",
        "เรื่อง มอบหมายงาน",
        "ผู้อำนวยการโรงเรียนบ้านตัวอย่าง สั่งให้ปฏิบัติดังนี้",
        BODY,
    ]
    letter = find(page_of(kind, lines))
    assert letter.kind.value in (Kind.ORDER, Kind.ANNOUNCEMENT)
    assert letter.recipient is None


def test_a_certificates_day_stands_after_its_own_words() -> None:
    lines = [
        "หนังสือรับรอง",
        "เลขที่ ๑๒/๒๕๖๘",
        "หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า นายสมมติ ตัวอย่าง เป็นครูจริง",
        "ให้ไว้ ณ วันที่ ๕ เดือน กุมภาพันธ์ พ.ศ. ๒๕๖๘",
    ]
    letter = find(page_of("evidence", lines))
    assert letter.date is not None and letter.date.value == date(2025, 2, 5)
    assert letter.number is not None and letter.number.value == "12/2568"


@pytest.mark.parametrize(
    "printed",
    [
        "ให้ไว้ ณ วันที่...๕...เดือน...กุมภาพันธ์...พ.ศ...๒๕๖๘...",
        "ออกให้ ณ วันที่ ๕ กุมภาพันธ์ พ.ศ. ๒๕๖๘",
        "ให้ไว้ ณ วันที่ ๕ เดือน กุมภาพันธ์ พุทธศักราช ๒๕๖๘",
    ],
)
def test_a_certificates_day_of_other_forms_and_its_title_is_no_sender(printed: str) -> None:
    lines = ["หนังสือรับรอง", "เลขที่ ๑๒/๒๕๖๘", "ขอรับรองว่า นายสมมติ ตัวอย่าง เป็นครูจริง", printed]
    letter = find(page_of("evidence", lines))
    assert letter.date is not None and letter.date.value == date(2025, 2, 5)
    assert letter.sender is None


def test_leader_dots_lead_to_no_field() -> None:
    lines = [
        "บันทึกข้อความ",
        "ส่วนราชการ....กลุ่มบริหารงานบุคคล สพป.ตัวอย่าง เขต ๑.....โทร. ๑๒๓....",
        "ที่....ศธ ๐๔๐๙๙/๑๒๓........วันที่.....๑๕ มกราคม ๒๕๖๙......",
        "เรื่อง.....ขออนุญาตไปราชการ..........",
        "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา…………",
        BODY,
    ]
    letter = find(page_of("internal", lines))
    values = [
        getattr(letter, name) for name in ("number", "date", "sender", "subject", "recipient")
    ]
    assert [found and found.value for found in values] == [
        "ศธ 04099/123",
        date(2026, 1, 15),
        "กลุ่มบริหารงานบุคคล สพป.ตัวอย่าง เขต ๑",
        "ขออนุญาตไปราชการ",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
    ]
    assert not doubts(letter, "number")


def test_an_orders_number_at_the_end_of_its_title_is_its_number_and_no_part_of_the_issuer() -> None:
    lines = ["คำสั่งโรงเรียนบ้านตัวอย่าง ที่ ๑๒๓/๒๕๖๘", "เรื่อง แต่งตั้งคณะกรรมการ", BODY]
    letter = find(page_of("order", [*lines, "สั่ง ณ วันที่ ๑๕ มกราคม พ.ศ. ๒๕๖๙"]))
    assert letter.number is not None and letter.number.value == "123/2568"
    assert letter.sender is not None and letter.sender.value == "โรงเรียนบ้านตัวอย่าง"
