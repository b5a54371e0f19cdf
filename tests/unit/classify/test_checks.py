"""What one field says of another, and words that no name has, are questions to the clerk and never silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify import find_fields, lay_out_document, load_rules
from ocr.document import Box, Line, RecognizedDocument, Word
from tests.paper import EXTERNAL, page_of

RULES = load_rules()


def codes(document: RecognizedDocument, field: str) -> set[str]:
    letter = find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=date(2026, 11, 21)
    )
    return {doubt.code for doubt in letter.doubts if doubt.field == field}


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({0: "ที่ ศธ ๐๕๐๐๑/ว ๑๒๓๔"}, "number", "number_disagrees"),
        ({1: "กรมธนารักษ์"}, "number", "number_disagrees"),
        ({1: "สำนักงานคณะกรรมการ เลขรับ ๑๒"}, "sender", "sender_with_address"),
        ({1: "แพร่ เขต ๑"}, "sender", "sender_odd_begin"),
        ({1: "สำนักงา ก.ท."}, "sender", "name_unknown_word"),
        ({4: "เรื่อง บัญชีผู้สอบแช่งชันได้"}, "subject", "name_resembles"),
        ({1: "โรงเรียนบ้านหนองม่วงไข๋"}, "sender", "name_unknown_word"),
        ({5: "เรียน นายกเทศมนตรีรีตำบลตัวอย่าง"}, "recipient", "name_stutter"),
        ({5: "เรียน ก.อบต.จังหวัดยะดา"}, "recipient", "name_no_province"),
        ({5: "@ยน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"}, "recipient", "recipient_unlabelled"),
        ({4: "เรื่อง การรับบริจาศโลหิต"}, "subject", "name_unknown_word"),
        ({4: "เรื่อง แนวทางการจัดสอบ ภาคเรียนที่"}, "subject", "figure_missing"),
        ({5: "เรียน ผู้อำนวยการรงเรียนวัดศรีชุม"}, "recipient", "name_resembles"),
        ({5: "เรียน นายกองค์การบริหารส่วนตำบลลันทราย"}, "recipient", "name_no_place"),
    ],
)
def test_what_cannot_stand_together_is_asked_about(
    changed: dict[int, str], field: str, code: str
) -> None:
    lines = [changed.get(index, line) for index, line in enumerate(EXTERNAL)]
    assert code in codes(page_of("external", lines), field)
    assert code not in codes(page_of("external", EXTERNAL), field)


@pytest.mark.parametrize(("apart", "asked"), [(10, True), (60, True), (400, False), (-900, False)])
def test_ink_close_before_a_day_is_asked_about(apart: int, asked: bool) -> None:
    drawn = page_of("external", EXTERNAL)
    (page,) = drawn.pages
    (day,) = (line.box for line in page.lines if line.text == EXTERNAL[3])
    box = Box(day.left - apart - 30, day.top, day.left - apart, day.bottom)
    stroke = Line("1", box, (Word("1", box, 0.3),), 0.3)
    inked = replace(drawn, pages=(replace(page, lines=(*page.lines, stroke)),))
    assert ("date_ink_beside" in codes(inked, "date")) is asked


def with_gap(lines: list[str], ends: str, before: int, gap: float) -> RecognizedDocument:
    """A letter whose line that ends so has its words from `before` on moved: `gap` heights of paper lie there."""

    def move(line: Line) -> Line:
        if not line.text.endswith(ends) or len(line.words) < 2:
            return line
        by = line.words[before - 1].box.right + round(gap * line.box.height)
        by -= line.words[before].box.left
        words = list(line.words)
        for at in range(len(words))[before:]:
            box = words[at].box
            words[at] = replace(
                words[at], box=replace(box, left=box.left + by, right=box.right + by)
            )
        return replace(line, words=tuple(words), box=line.box.union(words[-1].box))

    (page,) = (drawn := page_of("external", lines, label_apart=False)).pages
    return replace(drawn, pages=(replace(page, lines=tuple(move(line) for line in page.lines)),))


@pytest.mark.parametrize(
    ("row", "field", "text"),
    [
        (1, "sender", "กรม การค้า"),
        (4, "subject", "เรื่อง ขอเชิญ ครูทุกคน"),
        (5, "recipient", "เรียน อธิบดี การค้า"),
    ],
)
@pytest.mark.parametrize(("gap", "asked"), [(1.0, False), (1.8, True)])
def test_a_gap_as_wide_as_a_word_under_a_seal_is_asked_about(
    row: int, field: str, text: str, gap: float, *, asked: bool
) -> None:
    lines = [text if at == row else line for at, line in enumerate(EXTERNAL)]
    document = with_gap(lines, text.rsplit(maxsplit=1)[-1], -1, gap)
    assert ("value_hole" in codes(document, field)) is asked


@pytest.mark.parametrize(("field", "ends"), [("subject", "ทุกคน"), ("recipient", "การค้า")])
def test_the_tab_behind_a_label_is_no_hole(field: str, ends: str) -> None:
    lines = [*EXTERNAL[:4], "เรื่อง ขอเชิญครูทุกคน", "เรียน อธิบดีกรมการค้า", *EXTERNAL[6:]]
    document = with_gap(lines, ends, 1, 2.0)
    assert "value_hole" not in codes(document, field)
