"""The sender is the name beside the number and nothing that stands around it: address, ministry, stamp, mark."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify import Kind, Letter, find_fields, lay_out_document, load_rules
from ocr.document import Ink, RecognizedDocument
from tests.paper import BODY, LEFT, PITCH, page_of, placed

RULES = load_rules()
TODAY = date(2026, 11, 21)
RIGHT, MIDDLE, TOP = 1400, 1150, 520
UNDER = [
    ("เรื่อง ขอเชิญประชุม", LEFT, TOP + 6 * PITCH),
    ("เรียน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", LEFT, TOP + 7 * PITCH),
]


def find(document: RecognizedDocument) -> Letter:
    return find_fields(lay_out_document(document), agencies=RULES.agencies, today=TODAY)


def with_column(
    *column: str, number: str = "ที่ มท ๐๘๐๙.๒/ว ๑๒", lifted: int = 0
) -> RecognizedDocument:
    """A letter whose right column is these lines, the first beside the number or `lifted` rows above it."""
    lines = [(number, LEFT, TOP)]
    lines += [(text, RIGHT, TOP + (row - lifted) * PITCH) for row, text in enumerate(column)]
    lines.append(("๙ กรกฎาคม ๒๕๖๘", MIDDLE, TOP + 5 * PITCH))
    return placed(*lines, *UNDER)


@pytest.mark.parametrize(
    ("column", "sender"),
    [
        (("กรมส่งเสริมการปกครองท้องถิ่น", "ถนนนครราชสีมา กทม. ๑๐๓๐๐"), "กรมส่งเสริมการปกครองท้องถิ่น"),
        (
            ("กรมส่งเสริมการปกครองท้องถิ่น", "กระทรวงมหาดไทย", "ถนนอัษฎางค์ ๑๐๒๐๐"),
            "กรมส่งเสริมการปกครองท้องถิ่น",
        ),
        (("สำนักงานปลัด", "กระทรวงศึกษาธิการ", "กทม. ๑๐๓๐๐"), "สำนักงานปลัดกระทรวงศึกษาธิการ"),
        (
            ("สถาบันทดสอบทางการศึกษาแห่งชาติ", "(องค์การมหาชน)", "- ๑๒๘ อาคารพญาไทพลาซ่า ถนนพญาไท"),
            "สถาบันทดสอบทางการศึกษาแห่งชาติ (องค์การมหาชน)",
        ),
        (("โรงเรียนบ้านตัวอย่าง ถนนยันตรกิจโกศล", "อำเภอเมืองแพร่ จังหวัดแพร่ ๕๔๐๐๐"), "โรงเรียนบ้านตัวอย่าง"),
        (("โรงเรียนบ้านตัวอย่าง", "เมืองแพร่ ๕๔๐๐๐"), "โรงเรียนบ้านตัวอย่าง"),
        (("โรงเรียนบ้านตัวอย่าง ๙๙ หมู่ ๒", "ตำบลในเวียง"), "โรงเรียนบ้านตัวอย่าง"),
        (("โรงเรียนบ้านตัวอย่าง", "โทร. ๐ ๕๔๕๑ ๑๒๓๔"), "โรงเรียนบ้านตัวอย่าง"),
        (("จังหวัดแพร่", "ศาลากลางจังหวัดแพร่ ถนนไชยบูรณ์", "พร ๕๔๐๐๐"), "จังหวัดแพร่"),
        (("ศาลากลางจังหวัดแพร่", "ถนนไชยบูรณ์ พร ๕๔๐๐๐"), "ศาลากลางจังหวัดแพร่"),
        (("โรงเรียนบ้านตัวอย่าง", "จังหวัดแพร่"), "โรงเรียนบ้านตัวอย่าง"),
        (("สำนักงานท้องถิ่น", "จังหวัดแพร่", "ศาลากลางจังหวัดแพร่"), "สำนักงานท้องถิ่นจังหวัดแพร่"),
        (("สำนักงานเขตพื้นที่การศึกษาประถม", "ศึกษาแพร่ เขต ๑"), "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑"),
        (("ที่ว่าการอำเภอเมืองแพร่", "ถนนยันตรกิจโกศล"), "ที่ว่าการอำเภอเมืองแพร่"),
        (
            ("สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", "แพร่ เขต ๑", "ถนนไชยบูรณ์"),
            "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา แพร่ เขต ๑",
        ),
    ],
)
def test_the_address_is_not_the_name(column: tuple[str, ...], sender: str) -> None:
    letter = find(with_column(*column))
    assert letter.sender is not None and letter.sender.value == sender
    assert letter.subject is not None and letter.subject.value == "ขอเชิญประชุม"
    assert letter.date is not None and letter.date.value == date(2025, 7, 9)


def test_an_address_that_begins_with_mueang_is_no_subject() -> None:
    letter = find(with_column("โรงเรียนบ้านตัวอย่าง", "เมือง แพร่ ๕๔๐๐๐"))
    assert letter.subject is not None and letter.subject.value == "ขอเชิญประชุม"


def test_both_lines_of_a_name_that_begins_above_the_number_are_found() -> None:
    letter = find(with_column("สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", "แพร่ เขต ๑", "ถนนไชยบูรณ์", lifted=1))
    assert letter.sender is not None
    assert letter.sender.value == "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา แพร่ เขต ๑"


def test_print_beside_a_blue_stamp_stays_the_sender() -> None:
    drawn = placed(
        ("ที่ นม ๐๐๓๗.๖/๔๐๗", LEFT, TOP),
        ("ที่ทำการองค์การบริหารส่วนตำบล", RIGHT - 200, TOP - 3 * PITCH),
        ("รับที่ 7009", RIGHT - 200, TOP - 2 * PITCH),
        ("วันที่ 15 พ.ย. 53", RIGHT - 200, TOP - PITCH),
        ("ที่ว่าการอำเภอเมืองนครราชสีมา", RIGHT, TOP),
        ("ถนนสรรพสิทธิ์ นม ๓๐๐๐๐", RIGHT, TOP + PITCH),
        ("๑๑ พฤศจิกายน ๒๕๖๓", MIDDLE, TOP + 3 * PITCH),
        *UNDER,
    )
    (page,) = drawn.pages
    stamped = ("ที่ทำการ", "รับที่", "วันที่ 15")
    lines = tuple(
        replace(line, ink=Ink.BLUE) if line.text.startswith(stamped) else line
        for line in page.lines
    )
    letter = find(replace(drawn, pages=(replace(page, lines=lines),)))
    assert letter.sender is not None and letter.sender.value == "ที่ว่าการอำเภอเมืองนครราชสีมา"
    assert letter.date is not None and letter.date.value == date(2020, 11, 11)


def test_a_firms_letterhead_is_its_sender_and_is_asked_about() -> None:
    letter = find(
        placed(
            ("บริษัท ตัวอย่าง จำกัด", 900, 200),
            ("ที่ ๑๒/๒๕๖๘", LEFT, TOP),
            ("๙ กรกฎาคม ๒๕๖๘", MIDDLE, TOP + PITCH),
            *UNDER,
        )
    )
    assert letter.sender is not None and letter.sender.value == "บริษัท ตัวอย่าง จำกัด"
    assert letter.sender.confidence < 0.85


@pytest.mark.parametrize(
    ("title", "sender"),
    [
        (
            "คำสั่งสำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑ ที่ ๑๒๓/๒๕๖๘",
            "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑",
        ),
        ("ระเบียบกระทรวงศึกษาธิการ ว่าด้วยการลาของนักเรียน พ.ศ. ๒๕๖๘", "กระทรวงศึกษาธิการ"),
        ("ประกาศโรงเรียนบ้านตัวอย่าง (ฉบับที่ ๒)", "โรงเรียนบ้านตัวอย่าง"),
    ],
)
def test_a_titles_number_and_matter_are_no_part_of_the_issuer(title: str, sender: str) -> None:
    letter = find(
        page_of("order", [title, "เรื่อง แต่งตั้งคณะกรรมการ", BODY, "สั่ง ณ วันที่ ๒๓ สิงหาคม ๒๕๖๔"])
    )
    assert letter.sender is not None and letter.sender.value == sender


def test_a_closing_phrase_over_the_date_of_a_stamped_letter_is_no_sender() -> None:
    letter = find(
        placed(
            ("ที่ มท ๐๘๐๙.๒/ว ๑๒", LEFT, TOP),
            ("ถึง สำนักงานท้องถิ่นจังหวัด ทุกจังหวัด", LEFT, TOP + PITCH),
            (
                "พร้อมนี้ขอส่งสำเนาหนังสือตอบข้อหารือมาเพื่อถือเป็นแนวทางปฏิบัติของหน่วยงานในสังกัด",
                650,
                TOP + 2 * PITCH,
            ),
            ("จึงเรียนมาเพื่อทราบและถือปฏิบัติต่อไป", 650, TOP + 3 * PITCH),
            ("๑๖ ตุลาคม ๒๕๖๐", 1350, TOP + 6 * PITCH),
            body="สำนักพัฒนาระบบบริหารงานบุคคลส่วนท้องถิ่น",
        )
    )
    assert letter.kind.value is Kind.STAMPED
    assert letter.sender is None
    assert letter.date is not None and letter.date.value == date(2017, 10, 16)


@pytest.mark.parametrize(
    ("ink", "sender"), [(Ink.BLUE, "สำนักงานส่งเสริมการปกครอง"), (Ink.BLACK, "ลาที่รับ")]
)
def test_a_blue_stamp_between_sender_and_date_of_a_stamped_letter_is_no_sender(
    ink: Ink, sender: str
) -> None:
    drawn = placed(
        ("ที่ มท ๐๘๐๙.๒/ว ๑๒", LEFT, TOP),
        ("ถึง สำนักงานท้องถิ่นจังหวัด ทุกจังหวัด", LEFT, TOP + PITCH),
        ("พร้อมนี้ขอส่งสำเนาหนังสือตอบข้อหารือมาเพื่อถือเป็นแนวทางปฏิบัติของหน่วยงานในสังกัด", 650, 760),
        ("จึงเรียนมาเพื่อทราบและถือปฏิบัติต่อไป", 650, 850),
        ("สำนักงานส่งเสริมการปกครอง", 1350, 1000),
        ("ลาที่รับ", 1560, 1070),
        ("๑๖ ตุลาคม ๒๕๖๐", 1350, 1140),
    )
    (page,) = drawn.pages
    lines = tuple(replace(line, ink=ink) if line.text == "ลาที่รับ" else line for line in page.lines)
    letter = find(replace(drawn, pages=(replace(page, lines=lines),)))
    assert letter.sender is not None and letter.sender.value == sender


@pytest.mark.parametrize(("under", "is_sure"), [("๐๑๓vศm๓", False), ("๙๙/๑", True)])
def test_a_line_under_the_name_that_could_not_be_read_makes_a_question(
    under: str, is_sure: bool
) -> None:
    letter = find(with_column("กรมส่งเสริมการปกครองท้องถิ่น", under, "ถนนอัษฎางค์ ๑๐๒๐๐"))
    assert letter.sender is not None and letter.sender.value == "กรมส่งเสริมการปกครองท้องถิ่น"
    assert (letter.sender.confidence > 0.9) is is_sure


def test_the_lines_of_a_name_stand_as_far_apart_as_all_lines_of_the_page() -> None:
    pitch = 2 * PITCH
    lines = [
        "สำนักงานคณะกรรมการการเลือกตั้ง",
        "ประจำจังหวัดแพร่",
        "ถนนไชยบูรณ์ ๕๔๐๐๐",
    ]
    body = [
        ("เรื่อง ขอเชิญประชุม", LEFT),
        ("เรียน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง", LEFT),
        *((BODY[:50], LEFT) for _ in range(4)),
    ]
    letter = find(
        placed(
            ("ที่ ลต ๐๐๑๒/ว ๑๒", LEFT, TOP),
            *((text, RIGHT, TOP + row * pitch) for row, text in enumerate(lines)),
            ("๙ กรกฎาคม ๒๕๖๘", MIDDLE, TOP + 3 * pitch),
            *((text, left, TOP + row * pitch) for row, (text, left) in enumerate(body, 4)),
        )
    )
    assert letter.sender is not None
    assert letter.sender.value == "สำนักงานคณะกรรมการการเลือกตั้ง ประจำจังหวัดแพร่"
