"""The line engine puts what the network reads back where it is printed, whichever way up."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ocr.choose import choose_engine, describe_engines
from ocr.document import Box, Ink, Origin
from ocr.engine import PagePicture
from ocr.errors import EngineMissingError
from ocr.line_engine import LineEngine
from ocr.recognizer import CROP_HEIGHT, MODEL, RecognizedCharacter, RecognizedLine
from ocr.written_digits import DIGIT_MODEL

LINES = [
    "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่",
    "ด้วยสำนักงานได้รับแจ้งเรื่องนี้แล้ว",
    "จึงเรียนมาเพื่อโปรดทราบ",
    "ด่วนที่สุด",
]


class ByRuler:
    """Stands in for the network: knows the text, and measures where its words stand in a crop."""

    def __init__(self, confidence: float = 0.9, lines: Sequence[str] = LINES) -> None:
        self.confidence = confidence
        self.lines = lines
        self.crops: list[NDArray[np.uint8]] = []

    def recognize(self, crops: Sequence[NDArray[np.uint8]]) -> list[RecognizedLine]:
        self.crops = list(crops)
        return [self._read(crop, self.lines[index % 4]) for index, crop in enumerate(crops)]

    def _read(self, crop: NDArray[np.uint8], text: str) -> RecognizedLine:
        assert crop.shape[0] == CROP_HEIGHT
        inked = np.flatnonzero((crop < 128).any(axis=0))
        edges = [0, *(np.flatnonzero(np.diff(inked) > CROP_HEIGHT / 5) + 1), len(inked)]
        stretches = [inked[a:b] for a, b in pairwise(edges)]
        characters: list[RecognizedCharacter] = []
        for word, stretch in zip(text.split(" "), stretches, strict=False):
            places = np.linspace(stretch[0], stretch[-1] + 1, len(word) + 1)
            if characters:
                characters.append(RecognizedCharacter(" ", 1.0, places[0], places[0]))
            characters += [
                RecognizedCharacter(letter, self.confidence, left, right)
                for letter, left, right in zip(word, places[:-1], places[1:], strict=True)
            ]
        return RecognizedLine(text, self.confidence, tuple(characters))


def picture_of(image: Image.Image) -> PagePicture:
    return PagePicture(np.asarray(image), 300)


def ink_box(image: Image.Image, box: Box) -> tuple[int, int]:
    """The left and right end of the ink around a box."""
    band = np.asarray(image.convert("L"))[box.top : box.bottom]
    columns = np.flatnonzero((band < 128).any(axis=0))
    near = columns[(columns > box.left - 12) & (columns < box.right + 12)]
    return int(near.min()), int(near.max())


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_words_stand_where_they_are_printed(
    draw_page: Callable[..., Image.Image], turned: int
) -> None:
    image = draw_page(LINES, colours=["black", "black", "black", "red"])
    page = LineEngine(ByRuler(), name="test").read_page(
        picture_of(image.rotate(turned, expand=True)), 3
    )
    assert (page.number, page.rotation, page.engine) == (3, turned, "test")
    assert (page.width, page.height) == image.size
    assert page.origin is Origin.RECOGNIZED
    assert [line.text for line in page.lines] == LINES
    assert [line.ink for line in page.lines] == [Ink.BLACK] * 3 + [Ink.RED]
    first, second = page.lines[0].words
    assert (first.text, second.text) == tuple(LINES[0].split())
    for word in (first, second):
        left, right = ink_box(image, word.box)
        assert word.box.left == pytest.approx(left, abs=6)
        assert word.box.right == pytest.approx(right, abs=6)
    assert page.lines[0].confidence == pytest.approx(0.9)


def test_unsure_scribble_is_no_line(draw_page: Callable[..., Image.Image]) -> None:
    page = LineEngine(ByRuler(0.2), name="test").read_page(picture_of(draw_page(LINES)), 1)
    assert page.lines == ()


@pytest.mark.parametrize("at_foot", [False, True])
def test_a_faint_mark_at_the_middle_of_an_edge_is_kept_for_a_person_to_see(
    draw_page: Callable[..., Image.Image], at_foot: bool
) -> None:
    image = draw_page(["ลับ", "ลับ"])
    ink = image.crop(ImageOps.invert(image.convert("L")).getbbox())
    mark = ink.crop((0, 0, ink.width, ink.height // 3))
    paper = Image.new("RGB", image.size, "white")
    top = 30 if not at_foot else paper.height - 30 - mark.height
    paper.paste(mark, ((paper.width - mark.width) // 2, top))
    paper.paste(mark, (80, paper.height // 2))  # elsewhere it is scribble
    page = LineEngine(ByRuler(0.2), name="test").read_page(picture_of(paper), 1)
    assert len(page.lines) == 1
    assert abs(page.lines[0].box.top - top) < 30


def test_a_figure_is_as_sure_as_its_worst_digit(draw_page: Callable[..., Image.Image]) -> None:
    class OneUnsureDigit(ByRuler):
        def _read(self, crop: NDArray[np.uint8], text: str) -> RecognizedLine:
            line = super()._read(crop, text)
            unsure = (replace(c, confidence=0.6) if c.text in "๗า" else c for c in line.characters)
            return replace(line, characters=tuple(unsure))

    text = ["เรื่องราวแล้ว ๑๒๗", *LINES[1:]]
    image = draw_page(text)
    engine = LineEngine(OneUnsureDigit(lines=text), name="test")
    prose, figure = engine.read_page(picture_of(image), 1).lines[0].words
    assert figure.text == "๑๒๗"
    assert figure.confidence == pytest.approx(0.6)
    assert 0.8 < prose.confidence < 0.9


def test_blank_page_has_no_lines() -> None:
    blank = PagePicture(np.full((1200, 800), 255, np.uint8), 300)
    assert LineEngine(ByRuler(), name="test").read_page(blank, 1).lines == ()


@pytest.mark.parametrize("changed", ["lines.onnx", "lines.json", "digits.onnx"])
def test_another_model_makes_another_engine(
    changed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = LineEngine(ByRuler()).name
    for file in (MODEL, MODEL.with_suffix(".json"), DIGIT_MODEL):
        shutil.copy(file, tmp_path)
    monkeypatch.setattr("ocr.line_engine.MODEL", tmp_path / MODEL.name)
    monkeypatch.setattr("ocr.line_engine.DIGIT_MODEL", tmp_path / DIGIT_MODEL.name)
    assert LineEngine(ByRuler()).name == shipped
    with (tmp_path / changed).open("ab") as model:
        model.write(b" ")
    assert LineEngine(ByRuler()).name != shipped


def test_engines_fall_back_and_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [status.name for status in describe_engines()]
    assert names == ["lines", "tesseract"]
    assert all(status.detail for status in describe_engines())

    def missing(*_: object, **__: object) -> None:
        raise EngineMissingError("lines.onnx", "gone")

    monkeypatch.setattr("ocr.line_engine.LineRecognizer", missing)
    assert not describe_engines()[0].usable
    if describe_engines()[1].usable:
        assert choose_engine().name.startswith("tesseract")
    else:
        with pytest.raises(EngineMissingError):
            choose_engine()
