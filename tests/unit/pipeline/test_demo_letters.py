"""The demonstration letters are whole A4 pages at 300 dpi, in every format a scanner delivers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from pipeline.demo.letters import LETTERS, DemoLetter, draw_pages, save_letter
from pipeline.demo.paper import RED, Sheet, font, pixels, wrap

BY_NAME = {letter.file_name: letter for letter in LETTERS}


def test_they_are_the_seven_a_newcomer_should_meet() -> None:
    kinds = [letter.kind for letter in LETTERS]
    assert sorted(kinds) == sorted(
        ["external", "internal", "sealed", "order", "announce", "external", "external"]
    )
    assert sum("\f" in letter.body for letter in LETTERS) == 1
    assert [letter.urgency for letter in LETTERS if letter.urgency] == ["ด่วนที่สุด"]
    assert {Path(name).suffix for name in BY_NAME} == {".pdf", ".tif", ".jpg"}


@pytest.mark.parametrize("name", BY_NAME)
def test_a_saved_letter_opens_as_a_300_dpi_a4_scan(name: str, tmp_path: Path) -> None:
    letter = BY_NAME[name]
    path = save_letter(letter, tmp_path)
    pages = 2 if "\f" in letter.body else 1
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            assert len(pdf) == pages
            assert pdf[0].get_size() == pytest.approx((595, 842), abs=1)
            assert not pdf[0].get_textpage().get_text_range(), "a scan has no text layer"
        return
    with Image.open(path) as image:
        assert getattr(image, "n_frames", 1) == pages
        assert image.size == (2480, 3508)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=1)
        assert image.mode == ("1" if path.suffix == ".tif" else "RGB")


def test_only_the_marked_letter_has_red_ink() -> None:
    def red_pixels(letter: DemoLetter) -> int:
        page = np.asarray(draw_pages(letter)[0], dtype=int)
        return int(((page[..., 0] - page[..., 1] > 100) & (page[..., 0] > 120)).sum())

    external = [letter for letter in LETTERS if letter.kind == "external"]
    assert [red_pixels(letter) > 5_000 for letter in external] == [
        bool(letter.urgency) for letter in external
    ]


def test_drawing_twice_gives_the_same_scan() -> None:
    first, second = (draw_pages(LETTERS[0])[0] for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_thai_marks_are_shaped_not_stacked_on_each_other() -> None:
    """A tone over an upper vowel is lifted by the shaper, so the pair is taller than either."""

    def height(text: str) -> int:
        sheet = Sheet()
        sheet.y = 50
        sheet.text(50, text, ink=RED)
        rows = np.asarray(sheet.image)[..., 1].min(axis=1)
        return int((rows < 200).sum())

    assert height("ที่") > max(height("ที"), height("ท่"))


def test_wrapped_lines_fit_and_lose_no_letter() -> None:
    text = LETTERS[0].body[0]
    lines = wrap(text, 100, first_mm=25)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(font(12.0).getlength(line) <= pixels(100) for line in lines)
    assert font(12.0).getlength(lines[0]) <= pixels(75)
