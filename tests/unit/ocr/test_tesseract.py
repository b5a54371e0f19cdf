"""Tesseract's characters are regrouped into printed lines and words, and turned pages are noticed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytesseract
import pytest
from PIL import Image

from ocr.document import Ink, Origin
from ocr.engine import PagePicture
from ocr.errors import EngineFailedError, EngineMissingError
from ocr.tesseract import TesseractEngine, tesseract_status

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(not tesseract_status().usable, reason="no Tesseract with Thai here"),
]

LINES = [
    "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่",
    "ด้วยสำนักงานได้รับแจ้งเรื่องนี้แล้ว",
    "จึงเรียนมาเพื่อโปรดทราบ ภายในวันนี้",
    "ขอแสดงความนับถือ",
]


def picture_of(image: Image.Image) -> PagePicture:
    return PagePicture(np.asarray(image), 300)


def close_to(read: str, printed: str) -> bool:
    """Tell whether few letters differ: the stock model drops a tone mark now and then."""
    a, b = read.replace(" ", ""), printed.replace(" ", "")
    return sum(letter not in a for letter in b) <= 0.1 * len(b) and abs(len(a) - len(b)) < 5


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_lines_words_and_turn(draw_page: Callable[..., Image.Image], turned: int) -> None:
    image = draw_page(LINES, colours=["black", "black", "black", "red"])
    page = TesseractEngine().read_page(picture_of(image.rotate(turned, expand=True)), 2)
    assert (page.number, page.rotation, page.origin) == (2, turned, Origin.RECOGNIZED)
    assert (page.width, page.height) == image.size
    assert len(page.lines) == len(LINES)
    for line, printed in zip(page.lines, LINES, strict=True):
        assert close_to(line.text, printed), (line.text, printed)
        # As many words as are printed: Tesseract itself gives some thirty a line.
        assert len(line.words) == len(printed.split())
        assert line.text == " ".join(word.text for word in line.words)
        assert 0.5 < line.confidence <= 1
    assert [line.ink for line in page.lines] == [Ink.BLACK] * 3 + [Ink.RED]
    assert abs(page.lines[0].box.left - 120) < 10


def test_number_and_sender_on_one_row_are_two_lines(
    draw_page: Callable[..., Image.Image],
) -> None:
    page = draw_page(["ส่วนราชการ", "เรียน ผู้อำนวยการ"], size=(2200, 500))
    right = draw_page(["สำนักงานเขตพื้นที่"], size=(900, 200)).crop((0, 80, 900, 190))
    page.paste(right, (1200, 80))
    lines = TesseractEngine().read_lines(picture_of(page))
    assert [len(line.words) for line in lines] == [1, 1, 2]
    assert lines[1].box.left > 1200


def test_blank_page_has_no_lines() -> None:
    page = TesseractEngine().read_page(PagePicture(np.full((1400, 1000), 255, np.uint8), 150), 1)
    assert page.lines == ()
    assert page.rotation == 0


def test_engine_that_takes_too_long_is_our_error(draw_page: Callable[..., Image.Image]) -> None:
    with pytest.raises(EngineFailedError):
        TesseractEngine(timeout_seconds=0.001).read_page(picture_of(draw_page(LINES)), 1)


def test_missing_program_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "/nowhere/tesseract")
    status = tesseract_status()
    assert not status.usable
    monkeypatch.setattr("ocr.tesseract._installed", lambda: status)
    with pytest.raises(EngineMissingError):
        TesseractEngine()
