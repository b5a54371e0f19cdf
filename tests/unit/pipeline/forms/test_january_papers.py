"""The papers around a destruction are filled in from the batch, dotted where it knows nothing, as PDF and DOCX."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from index.retention.batch import Batch
from index.retention.steps import take_all
from pipeline.forms.docx import write_docx
from pipeline.forms.errors import FormsFileError
from pipeline.forms.january_papers import (
    BLANK,
    Known,
    fill_nothing_due,
    fill_paper,
    load_papers,
)
from pipeline.forms.papers import Paper, typeset_paper
from tests.retaining import LAW, paper_steps
from tests.unit.pipeline.forms.test_papers import CERTIFICATE, words
from tests.unit.pipeline.forms.test_typeset import NOW, OFFICE

RULE, TEXTS = LAW.committees["destruction"], load_papers()
PROPOSED = Batch("2581-1", 2038, "pimjai", date(2038, 1, 12), (1, 2))
ANSWERED = take_all(PROPOSED, paper_steps([1, 2]))
NAMES = {"pimjai": "นางพิมพ์ใจ งานเก็บ", "อนันต์": "นายอนันต์ รอบคอบ"}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def made(key: str, batch: Batch = ANSWERED) -> Paper:
    certificate = CERTIFICATE if key == "joint-note" else None
    return fill_paper(TEXTS[key], Known(OFFICE, batch, RULE, NAMES, certificate))


def text_of(paper: Paper) -> str:
    return " ".join(words(typeset_paper(paper, NOW)).split())


def test_the_memo_asks_for_a_committee_and_leaves_its_lines_to_the_pen() -> None:
    paper = made("committee-memo", PROPOSED)
    assert [row["role"] for row in paper.rows] == ["ประธานกรรมการ", "กรรมการ", "กรรมการ"]
    assert {row["person"] for row in paper.rows} == {BLANK}
    shown = text_of(paper)
    for said in ("บันทึกข้อความ", "๒๕๘๑-๑", "จำนวน ๒ รายการ", "ข้อ ๖๗", "(นางพิมพ์ใจ งานเก็บ)"):
        assert said in shown, said
    assert "pimjai" not in shown


def test_the_order_names_the_committee_and_its_duties() -> None:
    shown = text_of(made("committee-order"))
    for said in ("ที่ ๑๒/๒๕๘๑", "นายอนันต์ รอบคอบ", "ชำนาญการ", "ข้อ ๖๘", "๑๓ มกราคม ๒๕๘๑"):
        assert said in shown, said
    assert BLANK in text_of(made("committee-order", PROPOSED)), "not appointed yet"


def test_the_letter_to_the_archives_and_the_joint_note_say_what_was_done() -> None:
    letter = text_of(made("archives-letter"))
    for said in (
        "ผู้อำนวยการสำนักหอจดหมายเหตุแห่งชาติ",
        "ศธ ๐๔๐๔๙/๙๙",
        "จำนวน ๒ รายการ",
        "ขอแสดงความนับถือ",
    ):
        assert said in letter, said
    note = made("joint-note")
    assert [one.role for one in note.signatures] == [
        "ประธานกรรมการ",
        "กรรมการ",
        "กรรมการ",
        "ผู้ทำลาย",
        "พยาน",
        "พยาน",
    ]
    shown = text_of(note)
    for said in ("บดย่อย", "ห้องเก็บเอกสาร", "๑๔ มีนาคม ๒๕๖๙", "วธ ๐๔๐๔/๑"):
        assert said in shown, said


def test_nothing_due_is_reported_with_what_was_never_closed() -> None:
    text = TEXTS["nothing-due"]
    one = fill_nothing_due(text, OFFICE, 2038, date(2038, 1, 12), 3)
    assert "ยังไม่ปิดเรื่อง 3 ฉบับ" in one.paragraphs[1]
    none = fill_nothing_due(text, OFFICE, 2038, date(2038, 1, 12), 0)
    assert "ยังไม่ปิดเรื่อง" not in none.paragraphs[1]
    assert none.paragraphs[1].endswith("ที่จะขอทำลาย")


@pytest.mark.parametrize(
    "key", ["committee-memo", "committee-order", "archives-letter", "joint-note"]
)
def test_the_document_for_a_word_processor_says_the_same_and_holds_nothing_else(key: str) -> None:
    paper = replace(made(key), closing="<w:fldSimple/> & \x00")
    content = write_docx(paper)
    assert content == write_docx(paper)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert sorted(packed.namelist()) == [
            "[Content_Types].xml",
            "_rels/.rels",
            "word/document.xml",
        ]
        tree = ElementTree.fromstring(packed.read("word/document.xml"))  # noqa: S314 - our own
    assert not list(tree.iter(f"{W}fldSimple"))
    shown = "".join(one.text or "" for one in tree.iter(f"{W}t"))
    for sentence in (*paper.paragraphs, *paper.after):
        assert sentence[:20].translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")) in shown
    assert "<w:fldSimple/> & " in shown
    rows = list(tree.iter(f"{W}tr"))
    assert len(rows) == (1 + len(paper.rows) if paper.rows else 0)


@pytest.mark.parametrize(
    "broken",
    [
        "[[paper]]\nkey = 1",
        "x",
        "[[paper]]\nkey='a'\nname='a'\ntitle='%(nowhere)s'\nparagraphs=[]\nclause='x'\nsource='x'",
    ],
)
def test_a_broken_file_of_words_is_refused_by_name(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "papers.toml"
    file.write_text(broken, "utf-8")
    with pytest.raises(FormsFileError, match=r"papers\.toml"):
        load_papers(file)


def test_an_office_changes_one_paper_and_keeps_the_others(tmp_path: Path) -> None:
    file = tmp_path / "papers.toml"
    file.write_text(
        '[[paper]]\nkey = "nothing-due"\nname = "x"\ntitle = "ของเรา"\nparagraphs = ["%(year)s"]\n'
        'clause = "ข้อ 66"\nsource = "x"\nchecked_by = "สมศรี"\nchecked_on = 2026-11-01\n',
        "utf-8",
    )
    texts = load_papers(file)
    assert texts.keys() == TEXTS.keys()
    paper = fill_nothing_due(texts["nothing-due"], OFFICE, 2038, date(2038, 1, 12), 0)
    assert (paper.title, paper.paragraphs, paper.small_print) == ("ของเรา", ("2581",), "ข้อ 66")
