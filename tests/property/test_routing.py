"""Routing ignores what says nothing, and no text, page or number of pages breaks finding and deciding."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classify import decide, explain, find_fields, lay_out_document, load_rules
from classify.routing import Clues, score_groups
from ocr.document import Box, Ink, Line, Origin, Page, RecognizedDocument, Word
from tests.paper import EXTERNAL, page_of

RULES = load_rules()
SUBJECTS = st.sampled_from(
    [
        "การเลื่อนเงินเดือนข้าราชการครู",
        "การเบิกจ่ายค่าเช่าบ้าน",
        "การสอบสวนวินัยอย่างร้ายแรง",
        "การรับนักเรียน",
        "แผนการตรวจสอบประจำปี",
    ]
)
# Words that stand in every letter and must not move it.
EMPTY_WORDS = st.lists(
    st.sampled_from(
        [
            "ด้วย",
            "ตามที่",
            "ขอส่ง",
            "จึงเรียนมาเพื่อทราบ",
            "ทั้งนี้",
            "ดังกล่าว",
            "โปรดดำเนินการ",
            "๑๒๓",
            "โทร.",
            "2569",
        ]
    ),
    max_size=8,
)
ANY_LINE = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("กขคงจฉชซดตถทธนบปผพฟภมยรลวศษสหอ ่้๊๋์ัิีึืุูเแโใไำ๐๑๒๓๔๕๖๗๘๙/."),
    max_size=60,
)


@given(SUBJECTS, EMPTY_WORDS, EMPTY_WORDS)
def test_words_without_weight_move_nothing(
    subject: str, before: list[str], after: list[str]
) -> None:
    wrapped = " ".join([*before, subject, *after])
    plain = score_groups(Clues(subject), RULES.groups)
    padded = score_groups(Clues(wrapped), RULES.groups)
    assert [(s.group, s.score) for s in padded] == [(s.group, s.score) for s in plain]


@given(SUBJECTS, st.text("abcdefghijklmnopqrstuvwxyz ", max_size=300))
def test_foreign_text_in_the_body_moves_nothing(subject: str, body: str) -> None:
    plain = score_groups(Clues(subject), RULES.groups)
    assert score_groups(Clues(subject, body), RULES.groups) == plain


@st.composite
def documents(draw: st.DrawFn) -> RecognizedDocument:
    pages = []
    for number in range(1, draw(st.integers(0, 3)) + 1):
        lines = []
        for text in draw(st.lists(ANY_LINE, max_size=12)):
            left, top = draw(st.integers(0, 2400)), draw(st.integers(0, 3400))
            box = Box(left, top, left + draw(st.integers(0, 2000)), top + draw(st.integers(0, 200)))
            words = tuple(Word(part, box, draw(st.floats(0, 1))) for part in text.split())
            lines.append(
                Line(text, box, words, draw(st.floats(0, 1)), draw(st.sampled_from(list(Ink))))
            )
        pages.append(Page(number, 2480, 3508, 300.0, 0, tuple(lines), Origin.RECOGNIZED, "any"))
    return RecognizedDocument("any", tuple(pages))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(documents())
def test_no_text_breaks_finding_deciding_and_explaining(document: RecognizedDocument) -> None:
    letter = find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=date(2026, 11, 21)
    )
    decision = decide(letter, document, RULES)
    assert decision.group in {group.code for group in RULES.groups.groups}
    assert explain(decision, letter, RULES)
    for found in (
        letter.number,
        letter.date,
        letter.sender,
        letter.subject,
        letter.recipient,
        letter.secrecy,
    ):
        assert found is None or 0.0 <= found.confidence <= 1.0


def test_four_hundred_pages_are_one_letter() -> None:
    first = page_of("external", EXTERNAL).pages[0]
    pages = tuple(
        Page(number, first.width, first.height, 300.0, 0, first.lines, first.origin, first.engine)
        for number in range(1, 401)
    )
    document = RecognizedDocument("long", pages)
    letter = find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=date(2026, 11, 21)
    )
    assert letter.number is not None and letter.number.value == "ศธ 04001/ว 1234"
    assert decide(letter, document, RULES).group == "admin"


def test_empty_pages_are_no_letter_but_no_failure() -> None:
    blank = Page(1, 0, 0, 300.0, 0, (), Origin.RECOGNIZED, "any")
    letter = find_fields(
        lay_out_document(RecognizedDocument("blank", (blank, blank))),
        agencies=RULES.agencies,
        today=date(2026, 11, 21),
    )
    assert letter.number is None and letter.subject is None
