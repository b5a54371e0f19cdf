"""A form is printed so that people see its columns and every reader finds the exact words in it."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text
from pikepdf import Pdf

from index.register.tables import BANGKOK
from ocr.thai_text import to_thai_digits
from pipeline.forms.alphabet import BOX, BREAK, Alphabet, printable
from pipeline.forms.form import Form, load_forms
from pipeline.forms.sheet import Row, Section, Sheet, Signature, numbered
from pipeline.forms.typeset import typeset_sheet

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=BANGKOK)
OFFICE = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑"
WORDS = (
    "ปั้น ญี่ปุ่น ฐู กำ น้ำ ผู้ ที่สุด ฎีกา ป่า ฟ้า ปี่ สำนักงาน กำหนด ทำลาย ซื้อ ก่ำ ฏุ ฤๅ ญู ปี้ "
    "ไมโครซอฟท์ องค์ ครั้ง เพื่อ เปี๊ยะ เก๋ ผึ้ง ฝ้าย น้ำใจ ช้ำ ๆ ฯลฯ"
)
HARD = WORDS.split()
HOSTILE = '#panic("x") *ดี* $x$ <script> \\u{41} _ก_ `a` @b =1+1 //c'
FORMS = {number: form for number, form in load_forms().items() if number != "12"}


def sheet(form: Form, rows: Iterable[Row]) -> Sheet:
    heads = {"days": "วันที่ 21 เดือน พฤศจิกายน พ.ศ. 2569", "year": "2569", "office": OFFICE}
    heads["day"] = "21 พฤศจิกายน 2569"
    signers = tuple(Signature(role) for role in form.signers)
    return Sheet(form, OFFICE, (Section("", tuple(rows)),), heads, signers)


@pytest.fixture(scope="module")
def hard_pdf() -> bytes:
    rows = [{"subject": word} for word in (*HARD, HOSTILE, "𠮷😀\ue000\u200b")]
    return typeset_sheet(sheet(FORMS["25"], numbered(rows)), NOW)


def _with_pdftotext(pdf: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not on this machine")
    done = subprocess.run(
        [program, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def _with_pdfium(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as opened:
        return "\n".join(page.get_textpage().get_text_range() for page in opened)


def _with_pdfminer(pdf: bytes) -> str:
    return extract_text(io.BytesIO(pdf))


@pytest.mark.parametrize("read", [_with_pdftotext, _with_pdfium, _with_pdfminer])
def test_three_readers_find_the_exact_words(hard_pdf: bytes, read: object) -> None:
    assert callable(read)
    words = set(read(hard_pdf).split())
    assert set(HARD) - words == set()


def test_what_a_letter_says_is_never_taken_for_markup(hard_pdf: bytes) -> None:
    assert set(HOSTILE.split()) - set(_with_pdfium(hard_pdf).split()) == set()


def test_what_the_face_lacks_is_a_box_and_what_is_invisible_is_gone(hard_pdf: bytes) -> None:
    assert printable("𠮷😀\ue000\u200b\x00ก") == f"{BOX * 3}ก"
    assert BOX * 3 in _with_pdfium(hard_pdf)


@pytest.mark.parametrize("number", FORMS)
def test_a_form_is_printed_with_its_name_and_its_columns_in_order(number: str) -> None:
    form = FORMS[number]
    row = {column.key: f"ช{at}" for at, column in enumerate(form.columns)}
    pdf = typeset_sheet(sheet(form, [row]), NOW)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        (table,) = page.extract_tables()
        words = page.extract_text()
        assert (page.width > page.height) is form.is_landscape
        assert sorted((round(page.width), round(page.height))) == [595, 842]
    titles = ["".join(str(cell).split()) for cell in table[0]]
    assert titles == ["".join(column.title.split()) for column in form.columns]
    assert list(table[1]) == [
        to_thai_digits(f"ช{at}") if column.has_digits else f"ช{at}"
        for at, column in enumerate(form.columns)
    ]
    assert to_thai_digits(form.name) in words
    for head in form.heads:
        assert head.words in words
    for signer in form.signers:
        assert signer in words


def test_the_head_and_the_titles_stand_on_every_sheet_and_the_sheets_are_counted() -> None:
    form = FORMS["21"]
    rows = [{"subject": f"เรื่องที่ {at}"} for at in range(1, 61)]
    pdf = typeset_sheet(sheet(form, numbered(rows)), NOW)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        assert len(opened.pages) > 2
        shown: list[str | None] = []
        for at, page in enumerate(opened.pages, start=1):
            words = page.extract_text()
            assert "บัญชีส่งมอบหนังสือครบ ๒๐ ปี ประจำปี พ.ศ. ๒๕๖๙" in words
            assert f"แผ่นที่ {to_thai_digits(str(at))}" in words
            assert OFFICE in words
            table = page.extract_tables()[0]
            assert "".join(str(table[0][0]).split()) == "ลำดับที่"
            shown += [row[0] for row in table[1:]]
    assert shown == [to_thai_digits(str(at)) for at in range(1, 61)], "each line once, in order"


def test_long_words_stay_inside_their_column() -> None:
    form = FORMS["13"]
    long = ["ก" * 300, "ศธ๐๔๐๐๑/ว" + "๑" * 80, "https://example.go.th/" + "a" * 200]
    pdf = typeset_sheet(sheet(form, [{"number": word, "note": word} for word in long]), NOW)
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0]
        cells = [cell for row in page.find_tables()[0].rows[1:] for cell in row.cells if cell]
        crossing = [
            one["text"]
            for one in page.chars
            for _, top, right, bottom in cells
            if top < one["top"] < bottom and one["x0"] < right - 0.5 < one["x1"] - 1
        ]
        assert len(page.chars) > 600
        assert crossing == []


def test_the_same_form_at_the_same_time_is_the_same_file(hard_pdf: bytes) -> None:
    one = sheet(FORMS["24"], [{"item": "หนังสือยืม"}])
    assert typeset_sheet(one, NOW) == typeset_sheet(one, NOW)


def test_it_is_an_archive_pdf_with_its_letters_embedded(hard_pdf: bytes) -> None:
    with Pdf.open(io.BytesIO(hard_pdf)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2U"
        assert str(pdf.docinfo["/Title"]) == "บัญชีหนังสือขอทำลาย"
        fonts = pdf.pages[0].Resources.Font
        faces = {str(one.BaseFont) for one in fonts.values()}
    assert all("SarabanForms" in face for face in faces)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_is_changed_by_its_codes(text: str) -> None:
    alphabet = Alphabet()
    coded = alphabet.encode(text).replace(BREAK, "")
    plain = {code: cluster for cluster, code in alphabet._codes.items()}
    assert "".join(plain.get(one, one) for one in coded) == printable(text)


def test_a_cluster_is_one_glyph_of_all_its_parts(tmp_path: Path) -> None:
    alphabet = Alphabet()
    alphabet.encode("น้ำ ปั้ ญี่ ฐู")
    alphabet.write_fonts(tmp_path)
    with TTFont(tmp_path / "Regular.ttf") as font:
        parts = {
            cluster: len(font["glyf"][f"uni{ord(code):04X}"].components)
            for cluster, code in alphabet._codes.items()
        }
    assert parts == {"น้ำ": 3, "ปั้": 3, "ญี่": 3, "ฐู": 2}
