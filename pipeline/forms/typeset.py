"""The door to the typesetter: a filled-in form becomes a PDF/A of A4 sheets (typst; docs/adr/0006)."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, cast

import typst

from ocr.thai_text import to_thai_digits
from pipeline.forms.cluster_font import printable, write_fonts
from pipeline.forms.sheet import Sheet, Signature, small_print
from pipeline.web.thai_form import thai_moment

TEMPLATES = Path(__file__).parent / "data"
STANDARD: Final = "a-2u"
"""PDF/A for keeping, every glyph with the text it stands for."""

Json = dict[str, object]


def typeset_sheet(sheet: Sheet, now: datetime) -> bytes:
    """Return the form as a PDF. `now` is the office's time; it stands in the small print."""
    form = sheet.form
    has_digits = [column.has_digits for column in form.columns]
    data = frame(
        form.name, sheet.office, now, is_landscape=form.is_landscape, signatures=sheet.signatures
    )
    data |= {
        "form": f"แบบที่ {to_thai_digits(form.number)}" if form.law else "",
        "small_print": to_thai_digits(small_print(form)),
        "heads": [
            {
                "key": head.key,
                "words": head.words,
                "value": to_thai_digits(sheet.heads.get(head.key, "")),
                "at": head.place,
            }
            for head in form.heads
        ],
        "widths": [column.width for column in form.columns],
        "columns": [{"title": one.title, "digits": one.has_digits} for one in form.columns],
        "sections": [
            {
                "heading": to_thai_digits(section.heading),
                "rows": [
                    [
                        to_thai_digits(text) if figures else text
                        for text, figures in zip(sheet.cells(row), has_digits, strict=True)
                    ]
                    for row in section.rows
                ],
            }
            for section in sheet.sections
        ],
        "remarks": [to_thai_digits(remark) for remark in sheet.remarks],
    }
    return compile_pdf("sheet.typ", data, now)


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
    }


def compile_pdf(template: str, data: Mapping[str, object], now: datetime) -> bytes:
    """Typeset a template with its data; nothing in the data is read as markup.

    The same data and time give the same bytes.
    """
    shown = cast("Json", _each(data))
    with tempfile.TemporaryDirectory(prefix="saraban-forms-") as folder:
        write_fonts(_texts(shown), Path(folder))
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
        )
        return typst.compile(
            TEMPLATES / template,
            root=TEMPLATES,
            font_paths=fonts,
            sys_inputs={"data": json.dumps(shown, ensure_ascii=False)},
            pdf_standards=[STANDARD],
            timestamp=now,
            format="pdf",
        )


def _each(value: object) -> object:
    """Make every text in a structure printable."""
    match value:
        case str() if value.startswith("<?xml"):
            return value  # a picture of our own
        case str():
            return printable(value)
        case Mapping():
            return {key: _each(one) for key, one in value.items()}
        case list() | tuple():
            return [_each(one) for one in value]
        case _:
            return value


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from _texts(one)
        case list():
            for one in value:
                yield from _texts(one)
