"""A decision says where, how long and why, and asks a clerk exactly where something is doubtful."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from classify import (
    Decision,
    Letter,
    Thresholds,
    decide,
    explain,
    find_fields,
    lay_out_document,
    load_rules,
)
from classify.letter import Found, Secrecy
from classify.reasons import SENTENCES
from ocr.document import RecognizedDocument
from tests.paper import EXTERNAL, page_of

RULES = load_rules()

TODAY = date(2026, 11, 21)


def decided(
    lines: list[str], kind: str = "external", *, receiver: str = "", **thresholds: float
) -> tuple[Letter, Decision]:
    document = page_of(kind, lines)
    letter = find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=TODAY, receiver=receiver
    )
    return letter, decide(letter, document, RULES, thresholds=Thresholds(**thresholds))


def test_a_clean_letter_needs_no_look() -> None:
    letter, decision = decided(EXTERNAL)
    assert decision.review == ()
    assert decision.group == "admin"
    assert decision.retention_class == "R01"
    assert decision.margin > 0.2
    assert {score.group for score in decision.scores} == {
        group.code for group in RULES.groups.groups
    }
    assert not letter.is_secret


def test_a_field_below_the_offices_threshold_is_asked_for() -> None:
    _, decision = decided(EXTERNAL, subject=1.0, date=1.0)
    assert decision.needs_review == ("date", "subject")
    assert {reason.code for reason in decision.review} == {"low_confidence"}


def test_missing_fields_are_asked_for_as_far_as_the_kind_prints_them() -> None:
    _, decision = decided(["ที่ ศธ ๐๔๐๐๑/ว ๑", "๙ กรกฎาคม ๒๕๖๘", "เรื่อง ขอเชิญประชุม", EXTERNAL[8]])
    codes = {reason.code for reason in decision.review}
    assert {"sender_missing", "recipient_missing"} <= codes
    order = [
        "คำสั่งสำนักงานเขต",
        "ที่ ๑/๒๕๖๘",
        "เรื่อง แต่งตั้งคณะกรรมการเลื่อนเงินเดือน",
        EXTERNAL[8],
        "สั่ง ณ วันที่ ๑ มกราคม ๒๕๖๘",
    ]
    ordered_letter, ordered = decided(order, "order")
    assert "recipient_not_printed" in {reason.code for reason in ordered.review}
    assert ordered_letter.recipient is None
    head = "ผู้อำนวยการสำนักงานเขต"
    proposed, asked = decided(order, "order", receiver=head)
    assert proposed.recipient is not None and proposed.recipient.value == head
    about = [reason.code for reason in asked.review if reason.field == "recipient"]
    assert about == ["recipient_not_printed"]
    addressed, _ = decided(EXTERNAL, "external", receiver=head)
    assert addressed.recipient is not None and addressed.recipient.value != head
    assert "recipient_missing" not in {reason.code for reason in ordered.review}


def test_a_letter_without_a_telling_word_goes_to_the_default_group_and_is_asked_for() -> None:
    lines = ["เรื่อง ก ข ค ง" if line.startswith("เรื่อง") else line for line in EXTERNAL]
    lines[0], lines[1], lines[8] = "ที่ มท ๐๘๐๔/๑", "กรมส่งเสริมการปกครองท้องถิ่น", "ด้วย ก ข ค"
    _, decision = decided(lines)
    assert decision.group == RULES.groups.default_group
    assert "group_default" in {reason.code for reason in decision.review}


def test_close_groups_are_asked_for() -> None:
    _, decision = decided(EXTERNAL, margin=1.01)
    assert "group_unsure" in {reason.code for reason in decision.review}


def test_a_secret_letter_gets_no_copies_and_its_class_is_confirmed_by_a_person() -> None:
    document = page_of("external", ["ลับ", *EXTERNAL])
    letter = find_fields(
        lay_out_document(document), agencies=RULES.agencies, today=date(2026, 11, 21)
    )
    decision = decide(letter, document, RULES)
    assert letter.is_secret
    assert decision.copies == ()
    assert decision.retention_class == "RSEC"
    assert "retention_protected" in {reason.code for reason in decision.review}


def test_a_suspected_secret_is_a_reason_to_look() -> None:
    letter, decision = decided(EXTERNAL)
    suspected = replace(letter, secrecy=Found(Secrecy.SECRET, "ลบ", 0.2, 1, None, "คล้าย"))
    again = decide(suspected, RecognizedDocument("x", ()), RULES)
    assert suspected.is_secret
    assert "secrecy" in again.needs_review
    assert "secrecy" not in decision.needs_review


@pytest.mark.parametrize(("confidence", "asked"), [(0.79, True), (0.8, False)])
def test_a_secrecy_mark_read_with_less_than_four_fifths_is_looked_at(
    confidence: float, asked: bool
) -> None:
    letter, _ = decided(EXTERNAL)
    mark = Found(Secrecy.SECRET, "ลับ", confidence, 1, None, "ตรา")
    decision = decide(replace(letter, secrecy=mark), RecognizedDocument("x", ()), RULES)
    assert ("secrecy" in decision.needs_review) is asked


def test_every_reason_has_a_sentence_in_thai_and_in_english() -> None:
    for code, (thai, english) in SENTENCES.items():
        assert any("ก" <= char <= "๙" for char in thai), code
        assert english.replace("“", "").replace("”", "").isascii(), code
        assert thai.count("{}") == english.count("{}") <= 1, code


def test_the_explanation_fits_one_screen_and_names_the_words() -> None:
    letter, decision = decided(EXTERNAL)
    text = explain(decision, letter, RULES)
    assert len(text.splitlines()) <= 30
    assert "กลุ่มอำนวยการ" in text
    assert "ศธ 04001/ว 1234" in text
    assert "9 กรกฎาคม 2568" in text
    assert "ไม่มีข้อสงสัย" in text


def test_a_letter_without_a_subject_is_routed_by_what_its_text_says_it_is_about() -> None:
    lines = [
        "ที่ ศธ ๐๔๐๐๙/ว ๙๐",
        "ถึง สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑",
        "ตามที่ได้มอบหมายให้ดำเนินการเรื่อง การเลื่อนเงินเดือนข้าราชการครู ไปแล้วนั้น จะประชุม ณ ห้องประชุมชั้น ๓ เพื่อจัดสรรงบประมาณ",
        "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
        "๒๓ มกราคม ๒๕๖๘",
    ]
    _, decision = decided(lines, "sealed")
    assert decision.group == "hr"
