"""A form is printed so that people see its columns and every reader finds the exact words in it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text
from pikepdf import Pdf

from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from index.visibility import SECRET_PLACEHOLDER
from ocr.thai_text import to_thai_digits
from pipeline.forms.alphabet import BOX, BREAK, Alphabet, printable
from pipeline.forms.books import BookLine, fill_book
from pipeline.forms.days import one_day
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
HOSTILE = '//c #panic("x") *ดี* $x$ <script> \\u{41} _ก_ `a` @b =1+1'
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


def test_a_circulars_number_is_never_broken_after_its_letter() -> None:
    row = {"number": "ศธ 04134/ว 103", "subject": "ตามหนังสือ ที่ ศธ 04001/ว / 77"}
    form = FORMS["19"]
    narrow = replace(
        form,
        columns=tuple(
            replace(one, width=12 if one.key == "number" else 30) for one in form.columns
        ),
    )
    with pdfplumber.open(io.BytesIO(typeset_sheet(sheet(narrow, [row]), NOW))) as opened:
        lines = str(opened.pages[0].extract_tables()[0][1][1]).split("\n")
    assert lines[-1].replace("\xa0", " ") == "ว ๑๐๓"


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


@pytest.mark.parametrize("number", FORMS)
def test_no_text_crosses_the_lines_between_the_columns(number: str) -> None:
    form = FORMS[number]
    texts = {
        "register_number": "99999/2569",
        "number": "ศธ 04134.05/ว 99999",
        "date": "30 มิ.ย. 2569",
        "position": "99999",
        "period": "เก็บถึง พ.ศ. 2579",
    }
    rows = [
        {column.key: texts.get(column.key, "ด่วนที่สุด ที่ 4513/2569") for column in form.columns},
        *(
            {column.key: long for column in form.columns if column.key != "position"}
            for long in ("ก" * 99, "9" * 40, "https://example.go.th/" + "a" * 80)
        ),
    ]
    with pdfplumber.open(io.BytesIO(typeset_sheet(sheet(form, rows), NOW))) as opened:
        page = opened.pages[0]
        table = page.find_tables()[0]
        edges = {
            round(cell[at], 1) for row in table.rows for cell in row.cells if cell for at in (0, 2)
        }
        top, bottom = table.bbox[1], table.bbox[3]
        letters = [one for one in page.chars if top < one["top"] < bottom]
    assert len(letters) > 300
    assert [
        one["text"]
        for one in letters
        if any(one["x0"] < edge - 0.5 and one["x1"] > edge + 0.5 for edge in edges)
    ] == []


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


def test_a_day_and_a_destruction_list_look_as_in_the_guide(tmp_path: Path) -> None:
    """The pictures of the documents are these sheets; SARABAN_PICTURES takes them anew."""
    folder = Path(os.environ.get("SARABAN_PICTURES", tmp_path))
    for number, made in (("13", a_days_book()), ("25", a_destruction_list())):
        with pypdfium2.PdfDocument(typeset_sheet(made, NOW)) as pdf:
            assert len(pdf) == 1
            picture = pdf[0].render(scale=1.6).to_pil().convert("L")
        picture.quantize(16).save(folder / f"form-{number}.png", optimize=True)
        # Ink on paper: neither an empty sheet nor a blackened one.
        dark = sum(picture.histogram()[:128]) / (picture.width * picture.height)
        assert 0.01 < dark < 0.1


def a_days_book() -> Sheet:
    letters = (
        (
            "ศธ 04001/ว 1274",
            "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน",
            "การจัดสรรงบประมาณ งบลงทุน ค่าครุภัณฑ์ ปีงบประมาณ พ.ศ. ๒๕๖๙",
            "กลุ่มนโยบายและแผน",
            "ด่วนที่สุด",
        ),
        (
            "กค 0402.3/ว 88",
            "กรมบัญชีกลาง",
            "ซ้อมความเข้าใจการเบิกจ่ายค่าเช่าบ้านข้าราชการผ่านระบบอิเล็กทรอนิกส์",
            "กลุ่มบริหารงานการเงินและสินทรัพย์",
            "",
        ),
        (
            "มท 0211/ว 3051",
            "สำนักงานจังหวัดตัวอย่าง",
            "ขอเชิญประชุมคณะกรรมการป้องกันและบรรเทาสาธารณภัย ครั้งที่ ๓/๒๕๖๙",
            "กลุ่มอำนวยการ",
            "ด่วน",
        ),
        ("", "", SECRET_PLACEHOLDER, "", ""),
        (
            "ศธ 04134.05/112",
            "โรงเรียนบ้านน้ำใสวิทยา",
            "ขอส่งรายงานผลการดำเนินงานโครงการอาหารกลางวัน",
            "กลุ่มส่งเสริมการจัดการศึกษา",
            "",
        ),
        (
            "ที่ 15/2569",
            "ที่ทำการผู้ใหญ่บ้านหมู่ที่ ๗",
            "ขอความอนุเคราะห์ใช้สนามฟุตบอลของโรงเรียนเพื่อจัดกีฬาต้านยาเสพติด",
            "กลุ่มอำนวยการ",
            "",
        ),
    )
    lines = [
        BookLine(
            NOW.date(),
            RegisterNumber(at, 2569),
            number,
            date(2026, 11, 19) if number else None,
            sender,
            "ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา" if number else "",
            subject,
            group,
            urgency,
        )
        for at, (number, sender, subject, group, urgency) in enumerate(letters, start=4511)
    ]
    lines.append(
        BookLine(NOW.date(), RegisterNumber(4517, 2569), note="ยกเลิก: ลงซ้ำกับเลข 4513/2569")
    )
    return fill_book(FORMS["13"], OFFICE, one_day(NOW.date()), lines)


def a_destruction_list() -> Sheet:
    subjects = (
        "ขอเชิญประชุมผู้บริหารสถานศึกษาในสังกัด ครั้งที่ ๑/๒๕๕๗",
        "แจ้งกำหนดการนิเทศ ติดตาม และประเมินผลการจัดการศึกษา ภาคเรียนที่ ๑",
        "การประชาสัมพันธ์การรับสมัครนักเรียน ปีการศึกษา ๒๕๕๗",
        "ขอความร่วมมือตอบแบบสอบถามงานวิจัย เรื่อง การบริหารงบประมาณของโรงเรียนขนาดเล็ก",
        "ส่งปฏิทินการปฏิบัติงานเลื่อนขั้นเงินเดือนข้าราชการครูและบุคลากรทางการศึกษา",
    )
    rows = (
        {
            "file_code": f"อก {at // 3 + 1}/2557",
            "number": f"ศธ 04134/ว {320 + 17 * at}",
            "date": f"{3 * at + 2} มี.ค. 2557",
            "register_number": f"{812 + 9 * at}/2557",
            "subject": subject,
        }
        for at, subject in enumerate(subjects)
    )
    return replace(
        sheet(FORMS["25"], numbered(rows)),
        signatures=(Signature("ประธานกรรมการ"), Signature("กรรมการ"), Signature("กรรมการ")),
    )
