"""A letter's fields are found where its kind prints them, each with its page, place and how it was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify import Kind, Letter, Secrecy, Urgency, find_fields, lay_out_document, load_rules
from ocr.document import Box, Line, RecognizedDocument, Word
from tests.paper import BODY, EXTERNAL, FOOT, SUBJECT, page_of

RULES = load_rules()
TODAY = date(2026, 11, 21)


def find(document: RecognizedDocument, today: date = TODAY) -> Letter:
    return find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=today, kinds=RULES.kinds
    )


def codes(letter: Letter) -> set[str]:
    return {doubt.code for doubt in letter.doubts}


@pytest.mark.parametrize("label_apart", [True, False])
def test_an_external_letter(label_apart: bool) -> None:
    letter = find(page_of("external", EXTERNAL, label_apart=label_apart))
    assert letter.kind.value is Kind.EXTERNAL
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"
    assert letter.number.as_printed == "ศธ ๐๔๐๐๑/ว ๑๒๓๔"
    assert letter.date is not None and letter.date.value == date(2025, 7, 9)
    assert letter.sender is not None and letter.sender.value == "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
    assert letter.sender_address is not None and "ถนนราชดำเนินนอก" in letter.sender_address.value
    assert letter.recipient is not None and letter.recipient.value.endswith("ตัวอย่าง เขต ๑")
    assert letter.subject is not None
    assert letter.subject.value.replace(" ", "") == SUBJECT.replace(" ", "")
    assert letter.signer is not None and letter.signer.value == "นายสมมติ ตัวอย่าง"
    assert letter.signer_position is not None and letter.signer_position.value == "ผู้อำนวยการสำนัก"
    assert letter.owner is not None and letter.owner.value == "กลุ่มงานบริหารทั่วไป"
    assert letter.contact is not None and letter.contact.value.startswith("โทร.")
    assert not letter.doubts


def test_a_reference_gives_neither_number_nor_date_nor_urgency() -> None:
    letter = find(page_of("external", EXTERNAL))
    assert letter.urgency is None
    (reference,) = letter.references
    assert "๐๔๐๒.๒/ว ๑๙๕" in reference.value
    assert [enclosure.value for enclosure in letter.enclosures] == ["เอกสารแนบ จำนวน ๑ ชุด"]


def test_every_field_has_its_place_on_the_page() -> None:
    letter = find(page_of("external", EXTERNAL))
    for found in (letter.number, letter.date, letter.sender, letter.recipient, letter.subject):
        assert found is not None
        assert found.page == 1
        assert found.box is not None and found.box.width > 0 and found.box.height > 0
        assert found.how
        assert 0.0 <= found.confidence <= 1.0


def test_a_memo() -> None:
    sender = "กลุ่มส่งเสริมการศึกษาทางไกล เทคโนโลยีสารสนเทศและการสื่อสาร สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑"
    lines = [
        "บันทึกข้อความ",
        "ด่วนมาก",
        f"ส่วนราชการ {sender} โทร. ๐ ๕๔๐๐ ๐๐๐๐",
        "ที่ ศธ ๐๔๐๔๙/๒๖๐๙ วันที่ ๑๘ กรกฎาคม ๒๕๖๖",
        "เรื่อง ขออนุญาตใช้รถยนต์ราชการ",
        "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        BODY,
        "จึงเรียนมาเพื่อพิจารณา",
        "(นางสาวสมมติ ตัวอย่าง)",
        "ผู้อำนวยการกลุ่ม",
    ]
    letter = find(page_of("internal", lines))
    assert letter.kind.value is Kind.INTERNAL
    assert letter.number is not None and letter.number.value == "ศธ 04049/2609"
    assert letter.date is not None and letter.date.value == date(2023, 7, 18)
    assert letter.sender is not None and letter.sender.value.replace(" ", "") == sender.replace(
        " ", ""
    )
    assert letter.urgency is not None and letter.urgency.value is Urgency.VERY_URGENT
    assert not letter.doubts


def test_a_stamped_letter_has_no_subject_and_its_sender_stands_at_its_end() -> None:
    lines = [
        "ที่ ศธ ๐๔๐๐๘/ว ๙๐",
        "ถึง สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        "ตามที่สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน ได้แจ้งตามหนังสือ ที่ ศธ ๐๔๐๐๑/ว ๑ ลงวันที่ ๒ มกราคม ๒๕๖๗ ความแจ้งแล้ว นั้น",
        "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
        "๒๓ มกราคม ๒๕๖๘",
        *FOOT,
    ]
    letter = find(page_of("sealed", lines))
    assert letter.kind.value is Kind.STAMPED
    assert letter.subject is None
    assert letter.signer is None
    assert letter.number is not None and letter.number.value == "ศธ 04008/ว 90"
    assert letter.date is not None and letter.date.value == date(2025, 1, 23)
    assert letter.sender is not None and letter.sender.value == "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
    assert letter.recipient is not None and letter.recipient.value.startswith("สำนักงานเขต")


def test_an_order_has_its_number_by_the_year_and_prints_no_recipient() -> None:
    lines = [
        "คำสั่งสำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        "ที่ ๑๓๐/๒๕๖๔",
        "เรื่อง แต่งตั้งคณะกรรมการ",
        "ตามที่สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑ ได้รับมอบหมายเมื่อวันที่ ๑ มกราคม ๒๕๖๐ ไปแล้วนั้น จึงแต่งตั้งคณะกรรมการ",
        "สั่ง ณ วันที่ ๒๓ สิงหาคม ๒๕๖๔",
        "(นายสมมติ ตัวอย่าง)",
        "รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา ปฏิบัติราชการแทน",
        "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
    ]
    letter = find(page_of("order", lines))
    assert letter.kind.value is Kind.ORDER
    assert letter.number is not None and letter.number.value == "130/2564"
    assert letter.date is not None and letter.date.value == date(2021, 8, 23)
    assert letter.sender is not None and letter.sender.value.startswith("สำนักงานเขต")
    assert letter.recipient is None
    assert letter.signer_position is not None and "ปฏิบัติราชการแทน" in letter.signer_position.value
    assert letter.signer_position.value.endswith("ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา")


def test_an_announcement_has_no_number() -> None:
    lines = [
        "ประกาศสำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        "เรื่อง การจัดงานวันครู",
        "ตามที่จะมีการจัดงาน ตามหนังสือ ที่ ศธ ๐๔๐๐๑/ว ๑ ลงวันที่ ๒ มกราคม ๒๕๖๗ ไปแล้วนั้น จึงประกาศให้ทราบโดยทั่วกัน",
        "ประกาศ ณ วันที่ ๕ กุมภาพันธ์ พ.ศ. ๒๕๖๔",
        "(นางสมมติ ตัวอย่าง)",
        "ผู้อำนวยการ",
    ]
    letter = find(page_of("announce", lines))
    assert letter.kind.value is Kind.ANNOUNCEMENT
    assert letter.number is None
    assert "number_missing" not in codes(letter)
    assert letter.date is not None and letter.date.value == date(2021, 2, 5)


def test_a_certificate_is_evidence() -> None:
    lines = [
        "หนังสือรับรอง",
        "เลขที่ ๑๒/๒๕๖๘",
        "หนังสือฉบับนี้ให้ไว้เพื่อรับรองว่า นายสมมติ ตัวอย่าง เป็นข้าราชการครู ตำแหน่งครู จริง",
        "ให้ไว้ ณ วันที่ ๕ กุมภาพันธ์ พ.ศ. ๒๕๖๘",
    ]
    letter = find(page_of("evidence", lines))
    assert letter.kind.value is Kind.EVIDENCE
    assert letter.date is not None and letter.date.value == date(2025, 2, 5)


def test_a_second_page_adds_nothing_to_the_head() -> None:
    first = page_of("external", EXTERNAL).pages[0]
    more = page_of("external", ["- ๒ -", "ที่ ศธ ๐๙๙๙๙/ว ๑", "เรื่อง ไม่ใช่เรื่องนี้", "/ในการนี้..."]).pages[0]
    letter = find(RecognizedDocument("two", (first, more)))
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"
    assert letter.subject is not None and "ไม่ใช่" not in letter.subject.value


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({3: "๙ กรกฎาคม ๒๕๗๙"}, "date_after_today"),
        ({3: "๙ กรกฎาคม ๒๕๓๐"}, "date_too_old"),
        ({3: "๙ กรกฎาคม 2025"}, "date_common_era"),
        ({3: "@ กรกฎาคม ๒๕๖๘"}, "date_day_unread"),
        ({0: "ที่ ศธ ๐๔๐๐๑/ว"}, "number_part_handwritten"),
        ({0: "ที่ ฬฬ ๐๔๐๐๑/ว ๑"}, "number_unknown_agency"),
        ({0: "ที่ ศธ ๐๔๐๑/ว ๑"}, "number_odd_code"),
        ({0: "ที่ ศร ๐๔๐๐๑/ว ๑"}, "number_repaired"),
        ({0: "ที่ ศธ ๐๔๐๐๑/9 ๑๒๓"}, "number_part_handwritten"),
        ({0: "ที่ ธ ๐๔๐๐๑/ว ๑"}, "number_repaired"),
        ({0: "ที่ ศธ ๐๔๐๐๑/ว 1๒"}, "number_part_handwritten"),
        ({0: "ที่ ศธ ๐๔๐๐๑/ว ๑๑ ๐"}, "number_part_handwritten"),
        ({1: "กรมธนารักษ์"}, "sender_disagrees"),
    ],
)
def test_what_cannot_be_right_is_doubted(changed: dict[int, str], code: str) -> None:
    lines = [changed.get(index, line) for index, line in enumerate(EXTERNAL)]
    assert code in codes(find(page_of("external", lines)))


def test_a_letter_without_number_and_date_is_doubted() -> None:
    found = codes(find(page_of("external", [EXTERNAL[1], *EXTERNAL[4:]])))
    assert {"number_missing", "date_missing"} <= found


def test_an_empty_document_is_a_letter_full_of_doubt() -> None:
    letter = find(RecognizedDocument("empty", ()))
    assert letter.number is None
    assert {"number_missing", "date_missing"} <= codes(letter)
    assert letter.secrecy is None or letter.secrecy.value is Secrecy.NONE


@pytest.mark.parametrize("dirt", ["ฝ65/", "A89 04001/", "๗r6/"])
def test_an_emblem_read_as_text_is_never_the_number_where_the_labelled_number_stands(
    dirt: str,
) -> None:
    drawn = page_of("external", EXTERNAL)
    (page,) = drawn.pages
    top = min(line.box.top for line in page.lines)
    box = Box(page.width // 2 - 150, top - 180, page.width // 2 + 150, top - 60)
    emblem = Line(dirt, box, (Word(dirt, box, 0.5),), 0.5)
    letter = find(replace(drawn, pages=(replace(page, lines=(emblem, *page.lines)),)))
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"
    assert letter.sender is not None and letter.sender.value == "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ("ที่ ธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว 12"),  # a lost letter: the owner code is ศธ's
        ("ที่ ศ่ธ ๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว 12"),  # letters of an agency carry no marks
        ("ที่ ศธ,๐๔๐๐๑/ว ๑๒", "ศธ 04001/ว 12"),
        ("ที่ มท ๐๘๐๙๒/ว ๑๒", "มท 0809.2/ว 12"),  # this department's codes have four digits
    ],
)
def test_agency_letters_are_repaired_from_the_table(changed: str, number: str) -> None:
    letter = find(page_of("external", [changed, *EXTERNAL[1:]]))
    assert letter.number is not None and letter.number.value == number


def test_a_number_or_date_is_trusted_no_more_than_its_worst_figure() -> None:
    drawn = page_of("external", EXTERNAL)
    unsure = read_with(drawn, {"๑๒๓๔": 0.9, "๙": 0.9}, engine="lines")
    sure = read_with(drawn, {}, engine="lines")
    for field in ("number", "date"):
        assert getattr(find(unsure), field).confidence < 0.85
        assert getattr(find(sure), field).confidence > 0.9


def read_with(
    document: RecognizedDocument, confidences: dict[str, float], *, engine: str
) -> RecognizedDocument:
    """The same page as another engine reads it, some words less surely."""
    (page,) = document.pages
    lines = tuple(
        replace(
            line,
            words=tuple(
                replace(word, confidence=confidences.get(word.text, word.confidence))
                for word in line.words
            ),
        )
        for line in page.lines
    )
    return replace(document, pages=(replace(page, engine=engine, lines=lines),))


def test_a_day_without_its_gap_is_taken_for_handwriting() -> None:
    fitted = find(page_of("external", [*EXTERNAL[:3], "๙กรกฎาคม ๒๕๖๘", *EXTERNAL[4:]]))
    assert fitted.date is not None and fitted.date.confidence < 0.7


def test_the_code_gives_the_senders_name_its_spelling() -> None:
    lines = ["ที่ ศธ ๐๔๐๔๙.๐๔๔/๖๖", "โรงเยน", *EXTERNAL[2:]]
    letter = find(page_of("external", lines))
    assert letter.sender is not None and letter.sender.value == "โรงเรียน"
    assert letter.sender.as_printed == "โรงเยน"


def test_a_sender_of_three_letters_over_the_date_of_a_stamped_letter() -> None:
    lines = [
        "ที่ กสศ. ๐๒/ว ๔๕๖",
        "ถึง สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        "ตามที่ได้แจ้งให้สำนักงานเขตพื้นที่การศึกษาดำเนินการคัดกรองนักเรียนยากจนพิเศษแบบมีเงื่อนไข ไปแล้วนั้น",
        "กสศ",
        "๓ กรกฎาคม ๒๕๖๘",
        *FOOT,
    ]
    letter = find(page_of("sealed", lines))
    assert letter.sender is not None and letter.sender.value == "กสศ"


def test_the_last_line_of_a_stamped_letters_text_is_not_its_sender() -> None:
    lines = [
        "ที่ ศธ ๐๔๐๐๘/ว ๙๐",
        "ถึง สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        f"{BODY} หากมีข้อสงสัยประการใด ให้หารือสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน อีกครั้งหนึ่งได้เสมอ",
        "๒๓ มกราคม ๒๕๖๘",
        *FOOT,
    ]
    letter = find(page_of("sealed", lines))
    assert letter.date is not None and letter.date.value == date(2025, 1, 23)
    assert letter.sender is None


def test_a_memos_date_is_found_a_row_above_its_number() -> None:
    lines = [
        "บันทึกข้อความ",
        "ส่วนราชการ กลุ่มบริหารงานบุคคล",
        "ที่ ศธ ๐๔๐๔๙/๓๑๘ วันที่ ๒๘ มกราคม ๒๕๖๙",
        "เรื่อง ขออนุญาตใช้รถยนต์ราชการ",
        "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        BODY,
    ]
    drawn = page_of("internal", lines)
    (page,) = drawn.pages
    askew = tuple(lifted(line, 70) if line.text.startswith("วันที่") else line for line in page.lines)
    letter = find(replace(drawn, pages=(replace(page, lines=askew),)))
    assert letter.kind.value is Kind.INTERNAL
    assert letter.date is not None and letter.date.value == date(2026, 1, 28)
    assert letter.sender is not None and letter.sender.value == "กลุ่มบริหารงานบุคคล"


def lifted(line: Line, pixels: int) -> Line:
    """A line that stands higher on the page."""

    def up(box: Box) -> Box:
        return replace(box, top=box.top - pixels, bottom=box.bottom - pixels)

    words = tuple(replace(word, box=up(word.box)) for word in line.words)
    return replace(line, box=up(line.box), words=words)


@pytest.mark.parametrize(
    ("printed", "read", "share"),
    [
        ("สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", 1.0),
        ("สำนักงานเขตพื้นที่การศึกษาประถมสึกษา", "สำนักงานเขตพื้นที่การศึกษาประถมศึกษา", 0.97),
        ("ประธาน ก.อบด. จังหวัด", "ประธาน ก.อบต. จังหวัด", 0.97),
        (
            "ประธาน ก.อบด. และสำนักงานเขตพื้นที่การศึกษาประถมสึกษา",
            "ประธาน ก.อบต. และสำนักงานเขตพื้นที่การศึกษาประถมศึกษา",
            0.97**2,
        ),
        ("เลขาธิการ ก.จ. ก.ท. และ ก.อบต.", "เลขาธิการ ก.จ. ก.ท. และ ก.อบต.", 1.0),
        ("เลขาธิการ ก.จ.ก.ท. และ ก.อบต.", "เลขาธิการ ก.จ.ก.ท. และ ก.อบต.", 0.7),
    ],
)
def test_a_name_is_trusted_less_for_each_word_spelt_right_and_where_it_may_be_several(
    printed: str, read: str, share: float
) -> None:
    recipient = find(
        page_of("external", [*EXTERNAL[:5], f"เรียน {printed}", *EXTERNAL[6:]])
    ).recipient
    assert recipient is not None
    assert (recipient.value, recipient.as_printed) == (read, printed)
    assert recipient.confidence == pytest.approx(0.99 * share, abs=2e-4)


@pytest.mark.parametrize(
    "lines",
    [
        ["เรียน ศึกษาธิการจังหวัดตัวอย่าง ผ่าน นายกองค์การบริหารส่วนตำบลหนองตัวอย่าง"],
        ["เรียน ศึกษาธิการจังหวัดตัวอย่าง", "ผ่าน นายกองค์การบริหารส่วนตำบลหนองตัวอย่าง"],
        ["เรียน ศึกษาธิการจังหวัดตัวอย่าง", "(ผ่าน ผู้อำนวยการโรงเรียนบ้านตัวอย่าง)"],
        ["เรียน ศึกษาธิการจังหวัดตัวอย่าง  ผ่าน  ท้องถิ่นจังหวัดตัวอย่าง"],
    ],
)
def test_who_hands_the_letter_on_is_no_part_of_the_recipient(lines: list[str]) -> None:
    found = find(page_of("external", [*EXTERNAL[:5], *lines, *EXTERNAL[6:]])).recipient
    assert found is not None and found.value == "ศึกษาธิการจังหวัดตัวอย่าง"


@pytest.mark.parametrize("at_margin", [True, False])
def test_a_date_where_the_text_of_a_stamped_letter_begins_is_asked_about(at_margin: bool) -> None:
    """The letter's own date lies under a stamp and was not read; the text says till when to answer."""
    lines = [
        "ที่ ศธ ๐๔๐๐๘/ว ๙๐",
        "ถึง สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        f"{BODY} ขอให้จัดส่งรายชื่อผู้ประสานงาน พร้อมหมายเลขโทรศัพท์ ภายในวันที่",
        "๒๓ มกราคม ๒๕๖๘",
        *FOOT,
    ]
    document = page_of("sealed", lines)
    page = document.pages[0]
    left = min(line.box.left for line in page.lines)
    shifted = tuple(
        _shifted(line, left - line.box.left) if at_margin and line.text == lines[3] else line
        for line in page.lines
    )
    found = find(replace(document, pages=(replace(page, lines=shifted),))).date
    assert found is not None and found.value == date(2025, 1, 23)
    assert (found.confidence < 0.6) is at_margin


def _shifted(line: Line, by: int) -> Line:
    def moved(box: Box) -> Box:
        return replace(box, left=box.left + by, right=box.right + by)

    words = tuple(replace(word, box=moved(word.box)) for word in line.words)
    return replace(line, box=moved(line.box), words=words)
