"""A filled-in form as XLSX: the same table, for sorting and reckoning; figures stay Arabic."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.forms.sheet import Sheet, small_print

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FACE = "TH SarabunPSK"
_UNFIT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
)  # XML 1.0 cannot hold them
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000  # characters that a cell may hold
_MM_A_CHARACTER = 1.6  # a column's width is counted in figures of the standard face
_THIN = Side(style="thin")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def write_workbook(sheet: Sheet, now: datetime) -> bytes:
    """Return the form as a workbook of one worksheet; `now` is written as the time of making.

    Every cell but a count is text: what begins as a formula does stands there as it was written.
    """
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)  # noqa: S101 - a new workbook has one
    page.title = re.sub(r"[\[\]:*?/\\]", " ", sheet.form.name)[:31]
    book.properties.creator = sheet.office
    # The file says when it was made, in UTC without a zone as the format wants it.
    book.properties.created = book.properties.modified = now.astimezone(UTC).replace(tzinfo=None)
    line = _write_top(page, sheet)
    page.freeze_panes = f"A{line + 1}"
    page.print_title_rows = f"{line}:{line}"
    for section in sheet.sections:
        if section.heading:
            line += 1
            _put(page, line, 1, section.heading, bold=True)
        for row in section.rows:
            line += 1
            for at, (column, text) in enumerate(
                zip(sheet.form.columns, sheet.cells(row), strict=True), start=1
            ):
                _put(page, line, at, text, border=_BORDER, wrap=True)
                if column.is_count and text.isascii() and text.isdigit():
                    page.cell(line, at).value = int(text)
    line += 1
    for remark in (*sheet.remarks, small_print(sheet.form)):
        line += 1
        _put(page, line, 1, remark)
    for signature in sheet.signatures:
        line += 2
        name = f" ({signature.name})" if signature.name else ""
        _put(page, line, 1, f"(ลงชื่อ) ...................................... {signature.role}{name}")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_top(page: Worksheet, sheet: Sheet) -> int:
    """Write name, office, heads and the row of titles; return that row's number."""
    form = sheet.form
    page.page_setup.orientation = "landscape" if form.is_landscape else "portrait"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    form_name = f"{form.name} (แบบที่ {form.number})" if form.law else form.name
    _put(page, 1, 1, form_name, bold=True)
    _put(page, 2, 1, sheet.office)
    heads = [
        f"{head.words} {sheet.heads[head.key]}".strip()
        for head in form.heads
        if sheet.heads.get(head.key)
    ]
    _put(page, 3, 1, "   ".join(heads))
    for at, column in enumerate(form.columns, start=1):
        _put(page, 4, at, column.title, bold=True, border=_BORDER, wrap=True)
        page.column_dimensions[get_column_letter(at)].width = column.width / _MM_A_CHARACTER
    return 4


def _put(
    page: Worksheet,
    line: int,
    column: int,
    text: str,
    *,
    bold: bool = False,
    border: Border | None = None,
    wrap: bool = False,
) -> None:
    cell = page.cell(line, column)
    assert isinstance(cell, Cell)  # noqa: S101 - no cells are merged
    cell.value = _UNFIT.sub("", text)[:_LONGEST]
    cell.data_type = "s"  # openpyxl takes what begins with "=" for a formula
    cell.quotePrefix = text.startswith(_FORMULA)
    cell.font = _BOLD if bold else _PLAIN
    cell.alignment = _WRAPPED if wrap else _TOP
    if border is not None:
        cell.border = border


_PLAIN, _BOLD = Font(name=FACE, size=14), Font(name=FACE, size=14, bold=True)
_TOP, _WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
