"""The door to the typesetter: a filled-in form becomes a PDF/A of A4 sheets (typst; docs/adr/0006)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import typst

from ocr.thai_text import to_thai_digits
from pipeline.forms.alphabet import Alphabet
from pipeline.forms.form import PLACES, Column
from pipeline.forms.sheet import Row, Sheet, Signature, small_print
from pipeline.thai_form import thai_moment

TEMPLATES = Path(__file__).parent / "data"
STANDARD: Final = "a-2u"
"""PDF/A for keeping, every glyph with the text it stands for."""

TAGGED_LINES = 1_000
"""Longer lists have no tags: they were half of the file and a sixth of the time; XLSX can be read aloud."""
DOCUMENTS_REMEMBERED = 10
"""How many later documents typst keeps parts of an earlier one for."""
FORM_WORDS = {"signed": "(ลงชื่อ)", "day": "วันที่", "month": "เดือน", "year": "พ.ศ.", "page": "หน้า"}
"""What the templates say themselves."""

Json = dict[str, object]


def typeset_sheet(sheet: Sheet, now: datetime) -> bytes:
    """Return the form as a PDF. `now` is the office's time; it stands in the small print."""
    form = sheet.form
    data = frame(
        form.name, sheet.office, now, is_landscape=form.is_landscape, signatures=sheet.signatures
    )
    data |= {
        "form": f"แบบที่ {to_thai_digits(form.number)}" if form.law else "",
        "small_print": to_thai_digits(small_print(form)),
        "heads": {
            place: [
                {
                    "is_sheet_number": head.key == "sheet",
                    "words": head.words,
                    "value": to_thai_digits(sheet.heads.get(head.key, "")),
                }
                for head in form.heads
                if head.place == place
            ]
            for place in PLACES
        },
        "names_office": any(head.key == "office" for head in form.heads),
        "widths": [column.width for column in form.columns],
        "columns": [{"title": one.title, "digits": one.has_digits} for one in form.columns],
        "sections": [
            {
                "heading": to_thai_digits(section.heading),
                "rows": printed_rows(form.columns, section.rows),
            }
            for section in sheet.sections
        ],
        "remarks": [to_thai_digits(remark) for remark in sheet.remarks],
    }
    lines = sum(len(section.rows) for section in sheet.sections)
    return compile_pdf("sheet.typ", data, now, is_tagged=lines <= TAGGED_LINES)


def printed_rows(columns: Sequence[Column], rows: Iterable[Row]) -> list[list[str]]:
    """Return the cells in the order of the columns, figures in Thai digits."""
    return [
        [
            to_thai_digits(row.get(one.key, "")) if one.has_digits else row.get(one.key, "")
            for one in columns
        ]
        for row in rows
    ]


def frame(
    title: str,
    office: str,
    now: datetime,
    *,
    is_landscape: bool = False,
    signatures: tuple[Signature, ...] = (),
) -> Json:
    """Return what every template asks for."""
    return {
        "title": to_thai_digits(title),
        "office": office,
        "landscape": is_landscape,
        "printed": f"พิมพ์เมื่อ {thai_moment(now)}",
        "small_print": "",
        "signatures": [{"role": one.role, "name": one.name} for one in signatures],
        "said": FORM_WORDS,
    }


def compile_pdf(
    template: str,
    data: Mapping[str, object],
    now: datetime,
    *,
    code: str = "",
    is_tagged: bool = True,
) -> bytes:
    """Typeset a template with its data; nothing in the data is read as markup.

    `code` is a picture (SVG) of our own; `is_tagged` names the parts for reading aloud. The same
    data and time give the same bytes.
    """
    alphabet = Alphabet()
    coded = json.dumps(_each(data, alphabet))
    plain = {"title": data["title"], "office": data["office"], "code": code}
    with tempfile.TemporaryDirectory(prefix="saraban-forms-") as folder:
        alphabet.write_fonts(Path(folder))
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
        try:
            made = typst.compile(
                TEMPLATES / template,
                root=TEMPLATES,
                font_paths=fonts,
                sys_inputs={"data": coded, "plain": json.dumps(plain)},
                pdf_standards=[STANDARD],
                pdf_tags=is_tagged,
                timestamp=now.astimezone(UTC).replace(microsecond=0),
                format="pdf",
            )
        finally:
            _forget(fonts)
    return alphabet.reveal(made)


def _forget(fonts: typst.Fonts) -> None:
    """Let the typesetter forget the document: it keeps parts until so many others came after it.

    Measured without: 200 MB more for each of the next ten lists of 1,500 lines.
    """
    for _ in range(DOCUMENTS_REMEMBERED + 1):
        typst.compile(b"", font_paths=fonts, format="pdf")


def _each(value: object, alphabet: Alphabet) -> object:
    """Encode every text in a structure."""
    match value:
        case str():
            return alphabet.encode(value)
        case Mapping():
            return {key: _each(one, alphabet) for key, one in value.items()}
        case list() | tuple():
            return [_each(one, alphabet) for one in value]
        case _:
            return value
