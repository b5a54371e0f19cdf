"""Where fields stand on the picture: a photographed sheet is read as if it lay flat, and shown as it was taken."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from classify.letter import Found, Letter
from ocr.document import Page, RecognizedDocument


def on_pictures(letter: Letter, document: RecognizedDocument) -> Letter:
    """Return the letter with the boxes of its fields in pixels of the upright pictures."""
    flat = {page.number: page for page in document.pages if page.flattened is not None}
    if not flat:
        return letter
    values = {one.name: _placed(getattr(letter, one.name), flat) for one in fields(letter)}
    return replace(letter, **values)


def _placed(value: Any, flat: dict[int, Page]) -> Any:  # noqa: ANN401 - whatever a letter's fields hold
    if isinstance(value, tuple):
        return tuple(_placed(one, flat) for one in value)
    if not isinstance(value, Found) or value.box is None or value.page not in flat:
        return value
    flattened = flat[value.page].flattened
    return value if flattened is None else replace(value, box=flattened.place(value.box))
