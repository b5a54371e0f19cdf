"""A receiving stamp is never taken for the letter's own number or date, wherever it was put."""

from __future__ import annotations

from datetime import date

import pytest

from classify import find_fields, lay_out_document, load_rules
from ocr.document import Box, Ink, Line, Page, RecognizedDocument, Word
from tests.paper import EXTERNAL, page_of

RULES = load_rules()
STAMP = ("สพป.ตัวอย่าง เขต ๑", "เลขรับ ๖๐๐๗", "วันที่ ๑๕ ม.ค. ๖๙", "เวลา ๑๐.๕๗ น.")


def stamped(left: int, top: int, ink: Ink) -> RecognizedDocument:
    page = page_of("external", EXTERNAL).pages[0]
    lines = []
    for index, text in enumerate(STAMP):
        box = Box(left, top + 64 * index, left + 420, top + 64 * index + 46)
        lines.append(Line(text, box, (Word(text, box, 0.9),), 0.9, ink))
    whole = Page(
        1, page.width, page.height, page.dpi, 0, (*lines, *page.lines), page.origin, page.engine
    )
    return RecognizedDocument("stamped", (whole,))


@pytest.mark.parametrize("ink", [Ink.BLUE, Ink.BLACK])
@pytest.mark.parametrize(("left", "top"), [(1900, 80), (1900, 220), (160, 60)])
def test_number_date_and_sender_are_the_letters_own(left: int, top: int, ink: Ink) -> None:
    letter = find_fields(
        lay_out_document(stamped(left, top, ink)), agencies=RULES.agencies, today=date(2026, 11, 21)
    )
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"
    assert letter.date is not None and letter.date.value == date(2025, 7, 9)
    assert letter.sender is not None and letter.sender.value == "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"
    assert any("๖๐๐๗" in stamp.value for stamp in letter.receiving_stamps)
