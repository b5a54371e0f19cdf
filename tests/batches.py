"""Scans of several letters with sheets between them, and an engine that reads them without reading."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import segno
from PIL import Image

from ocr import Page, PagePicture
from pipeline.forms.papers import SEPARATOR_CONTENT
from tests import scans
from tests.unit.pipeline.conftest import LETTER, ToldEngine

SIZE = (620, 877)  # A4 at 75 dpi
SHEET, BLANK = "sheet", "blank"


@dataclass
class BatchEngine(ToldEngine):
    """Reads what it was told on every letter's page, and nothing on a sheet or a blank one."""

    lines: tuple[str, ...] = (*LETTER, *["ด้วยสำนักงานขอแจ้งรายละเอียด"] * 6)

    def read_page(self, picture: PagePicture, number: int) -> Page:
        page = ToldEngine.read_page(self, picture, number)
        is_letter = picture.gray[:100].min() < 200
        return page if is_letter else replace(page, lines=())


def write_batch(path: Path, pages: Sequence[str]) -> Path:
    """Write a PDF: SHEET and BLANK pages, and a letter's page with each other text."""
    pictures = [_draw(page) for page in pages]
    pictures[0].save(
        path, "PDF", save_all=True, append_images=pictures[1:], title="scan", resolution=75
    )
    return path


def _draw(page: str) -> Image.Image:
    if page == BLANK:
        return Image.new("L", SIZE, 255)
    if page != SHEET:
        return scans.page(page, SIZE)
    stream = io.BytesIO()
    segno.make(SEPARATOR_CONTENT, error="h", micro=False).save(stream, kind="png", scale=10)
    sheet = Image.new("L", SIZE, 255)
    sheet.paste(Image.open(stream).convert("L"), (120, 200))
    return sheet
