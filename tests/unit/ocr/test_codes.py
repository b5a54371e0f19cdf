"""A separator sheet is known by its code however it was scanned; a letter's own code is not looked for."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
import pypdfium2
import pytest
import segno
from PIL import Image

from classify.batches import SEPARATOR_PAYLOAD
from ocr.codes import LITTLE_PRINT_LETTERS, may_have_codes, note_codes
from ocr.document import Page
from ocr.engine import PagePicture, Pixels
from pipeline.forms.papers import SEPARATOR_CONTENT, typeset_separator
from tests.paper import EXTERNAL, page_of

DPI = 200
BARE = Page(1, 1654, 2339, DPI, 0, (), page_of("external", EXTERNAL).pages[0].origin, "none")


@pytest.fixture(scope="module")
def sheet() -> Image.Image:
    """Our own sheet at 200 dpi, as it comes from the printer."""
    pdf = typeset_separator("สำนักงานเขตพื้นที่การศึกษาตัวอย่าง", datetime(2026, 1, 5, tzinfo=UTC))
    with pypdfium2.PdfDocument(pdf) as opened:
        picture: Image.Image = opened[0].render(scale=DPI / 72).to_pil()
    return picture.convert("L")


def bilevel(image: Image.Image, *, grain: float, seed: int = 7) -> Pixels:
    """Scan in black and white, with grain and one pixel in fifty flipped."""
    dice = np.random.default_rng(seed)
    gray = np.asarray(image, dtype=np.float64)
    black = gray + dice.normal(0, grain, gray.shape) < 150
    return np.where(black ^ (dice.random(gray.shape) < 0.02), 0, 255).astype(np.uint8)


def codes_of(pixels: Pixels, dpi: float = DPI) -> tuple[str, ...]:
    return note_codes(BARE, PagePicture(pixels, dpi)).codes


@pytest.mark.parametrize("degrees", [0, 1.5, -2.5, 90, 180, 182, 270])
def test_a_sheet_is_found_in_a_bilevel_scan_turned_or_skewed(
    sheet: Image.Image, degrees: float
) -> None:
    turned = sheet.rotate(
        degrees, Image.Resampling.BICUBIC, expand=degrees % 90 == 0, fillcolor=255
    )
    assert codes_of(bilevel(turned, grain=30)) == (SEPARATOR_CONTENT,)


def test_a_sheet_is_found_in_colour_and_at_other_resolutions(sheet: Image.Image) -> None:
    for dpi in (100, 300):
        size = (sheet.width * dpi // DPI, sheet.height * dpi // DPI)
        assert codes_of(np.asarray(sheet.convert("RGB").resize(size)), dpi) == (SEPARATOR_CONTENT,)


def test_the_payload_that_is_printed_is_the_one_that_parts() -> None:
    assert SEPARATOR_CONTENT.startswith(SEPARATOR_PAYLOAD)


def test_another_code_is_noted_as_what_it_says() -> None:
    stream = io.BytesIO()
    segno.make("https://example.org/form", micro=False).save(stream, kind="png", scale=20)
    paper = Image.new("L", (1654, 2339), 255)
    paper.paste(Image.open(stream).convert("L"), (400, 600))
    assert codes_of(np.asarray(paper)) == ("https://example.org/form",)


def test_a_page_of_print_is_a_letter_whatever_code_stands_on_it() -> None:
    letter = page_of("external", EXTERNAL).pages[0]
    assert len(letter.text) > LITTLE_PRINT_LETTERS
    assert not may_have_codes(letter)
    assert may_have_codes(BARE)


def test_a_page_without_a_code_or_too_small_for_one_has_none() -> None:
    dice = np.random.default_rng(3)
    assert codes_of(np.full((2339, 1654), 255, np.uint8)) == ()
    assert codes_of(dice.integers(0, 255, (800, 600), dtype=np.uint8)) == ()
    assert codes_of(np.zeros((3, 9000), np.uint8)) == ()
