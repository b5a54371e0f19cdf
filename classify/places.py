"""Where fields stand on the picture: a photographed sheet is read as if it lay flat, two pages of one sheet each by
itself, and fields are shown where they stand in the file."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from classify.letter import Found, Letter
from ocr.document import Page, RecognizedDocument


def on_pictures(letter: Letter, document: RecognizedDocument) -> Letter:
    """Return the letter with its fields' pages as the file counts them, boxes in their upright pictures' pixels."""
    moved = {
        page.number: page
        for page in document.pages
        if page.flattened is not None or page.file_page != page.number
    }
    if not moved:
        return letter
    values = {one.name: _placed(getattr(letter, one.name), moved) for one in fields(letter)}
    return replace(letter, **values)


def _placed(value: Any, moved: dict[int, Page]) -> Any:  # noqa: ANN401 - whatever a letter's fields hold
    if isinstance(value, tuple):
        return tuple(_placed(one, moved) for one in value)
    if not isinstance(value, Found) or value.page not in moved:
        return value
    page = moved[value.page]
    box = value.box
    if box is not None and page.flattened is not None:
        box = page.flattened.place(box)
    return replace(value, page=page.file_page, box=box)
