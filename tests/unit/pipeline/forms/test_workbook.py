"""The same table stands in a workbook, where no subject of a letter is ever reckoned as a formula."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.form import load_forms
from pipeline.forms.sheet import Section, Sheet, Signature, numbered
from pipeline.forms.workbook import write_workbook
from tests.unit.pipeline.forms.test_typeset import NOW, OFFICE

FORMULAS = ('=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "=1+1\x00\ud800")


@pytest.fixture(scope="module")
def workbook() -> bytes:
    rows = [{"subject": subject, "number": "ศธ 04001/ว 12"} for subject in FORMULAS]
    sections = (Section("วันที่ 21", numbered(rows)), Section("วันที่ 22", ({"subject": "ก" * 40_000},)))
    heads = {"year": "2569", "office": OFFICE, "day": "21 พฤศจิกายน 2569"}
    sheet = Sheet(load_forms()["25"], OFFICE, sections, heads, (Signature("กรรมการ", "สมหญิง"),))
    return write_workbook(sheet, NOW)


@pytest.fixture(scope="module")
def page(workbook: bytes) -> Worksheet:
    page = load_workbook(io.BytesIO(workbook)).active
    assert isinstance(page, Worksheet)
    return page


def test_no_cell_is_a_formula_and_each_says_what_the_letter_says(
    workbook: bytes, page: Worksheet
) -> None:
    shown = [page.cell(line, 6).value for line in range(6, 11)]
    assert shown == [*FORMULAS[:4], "=1+1"]
    for line in range(6, 11):
        assert page.cell(line, 6).data_type == "s"
        assert page.cell(line, 6).quotePrefix, "stays text when somebody edits the cell"
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_counts_are_numbers_and_everything_else_is_text() -> None:
    rows = ({"name": "รวม", "received": "12", "sent": "0"}, {"name": "=1", "received": "๑๒"})
    sheet = Sheet(load_forms()["counts"], OFFICE, (Section("", rows),))
    page = load_workbook(io.BytesIO(write_workbook(sheet, NOW))).active
    assert isinstance(page, Worksheet)
    assert [page.cell(5, at).value for at in (1, 2, 3)] == ["รวม", 12, 0]
    assert page.cell(5, 2).data_type == "n"
    assert [page.cell(6, at).data_type for at in (1, 2)] == ["s", "s"]


def test_titles_are_frozen_above_columns_of_their_own_width(page: Worksheet) -> None:
    form = load_forms()["25"]
    assert [page.cell(4, at).value for at in range(1, 9)] == [one.title for one in form.columns]
    assert page.freeze_panes == "A5"
    assert page.print_title_rows == "$4:$4"
    wide, narrow = (page.column_dimensions[letter].width for letter in "FA")
    assert wide > 4 * narrow > 20
    assert page.page_setup.orientation == "landscape"
    assert page["A1"].value == "บัญชีหนังสือขอทำลาย (แบบที่ 25)"


def test_days_signers_and_the_doubt_about_the_form_stand_there_too(page: Worksheet) -> None:
    first = [cell.value for cell in page["A"]]
    assert "วันที่ 21" in first
    assert any("กรรมการ (สมหญิง)" in str(value) for value in first)
    assert any("ยังไม่มีผู้ตรวจสอบ" in str(value) for value in first)
    assert "ประจำปี พ.ศ. 2569" in str(page["A3"].value)
