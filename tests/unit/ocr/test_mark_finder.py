"""A secrecy mark is found in and over a crest, where its ink does not stand alone; the crest alone is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from classify.seen_marks import UNREAD
from ocr import mark_finder, marks
from ocr.document import Box, MarkKind, Origin, Page
from ocr.engine import PagePicture
from ocr.errors import EngineMissingError
from ocr.mark_finder import find_mark_ink, to_channels
from ocr.marks import look_for_marks
from tests.layers import SARABUN

DPI = 150
SIZE = (1240, 1754)
BLACK, RED = (25, 25, 28), (200, 30, 40)


def crested(dpi: int = DPI) -> Image.Image:
    """A sheet with a black sign where the crest stands: rings, rays and a body, alike on both sides."""
    page = Image.new("RGB", SIZE, (255, 255, 255))
    pen = ImageDraw.Draw(page)
    left, top, side = 540, 90, 160
    for i in range(4):
        pen.arc((left + 10 * i, top + 16 * i, left + side - 10 * i, top + side), 200, 340, BLACK, 5)
    pen.ellipse((left, top, left + side, top + side), outline=BLACK, width=5)
    pen.polygon(((620, 130), (590, 220), (620, 245), (650, 220)), BLACK)
    font = ImageFont.truetype(str(SARABUN), round(14 * dpi / 72))
    pen.text((150, 330), "ที่ ศธ ๐๔๐๐๑/ว ๑๒๓", BLACK, font)
    return page


def marked(
    word: str, at: tuple[int, int], ink: tuple[int, int, int] = BLACK, points: int = 30
) -> tuple[PagePicture, Box]:
    page = crested()
    font = ImageFont.truetype(str(SARABUN), round(points * DPI / 72))
    pen = ImageDraw.Draw(page)
    pen.text(at, word, ink, font, anchor="mm", stroke_width=1)
    box = Box(*(round(side) for side in pen.textbbox(at, word, font=font, anchor="mm")))
    return PagePicture(np.asarray(page), DPI), box


def secrecy(picture: PagePicture) -> list[Box]:
    return [
        mark.box
        for mark in look_for_marks(picture)
        if mark.kind is MarkKind.SECRECY and mark.share >= UNREAD
    ]


@pytest.mark.parametrize(
    ("word", "at", "ink"),
    [
        ("ลับ", (620, 80), BLACK),
        ("ลับ", (620, 260), BLACK),
        ("ลับที่สุด", (620, 255), BLACK),
        ("ลับมาก", (620, 75), RED),
    ],
)
def test_a_mark_that_touches_the_crest_is_found(
    word: str, at: tuple[int, int], ink: tuple[int, int, int]
) -> None:
    picture, box = marked(word, at, ink)
    found = secrecy(picture)
    assert found
    assert any(
        one.left < (box.left + box.right) / 2 < one.right
        and one.top < (box.top + box.bottom) / 2 < one.bottom
        for one in found
    )


def test_the_crest_alone_is_no_mark() -> None:
    assert not secrecy(PagePicture(np.asarray(crested()), DPI))


def test_bare_paper_has_no_place_to_tell_of() -> None:
    assert not list(find_mark_ink(PagePicture(np.full((400, 800), 240, np.uint8), DPI)))


def test_red_and_blue_ink_are_told_from_black() -> None:
    dot = np.full((60, 90, 3), 250, np.uint8)
    dot[20:40, 10:20], dot[20:40, 40:50], dot[20:40, 70:80] = BLACK, RED, (45, 60, 165)
    any_ink, red, blue = (to_channels(dot)[at][30, [15, 45, 75, 3]] for at in range(3))
    assert (any_ink[:3] > 0.3).all() and any_ink[3] < 0.1
    assert red[1] > 0.9 and (red[[0, 2, 3]] < 0.1).all()
    assert blue[2] > 0.5 and (blue[[0, 1, 3]] < 0.1).all()


def test_a_missing_model_is_the_offices_trouble(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mark_finder, "FINDER_MODEL", tmp_path / "marks.onnx")
    mark_finder._finder.cache_clear()
    try:
        with pytest.raises(EngineMissingError, match=r"marks\.onnx"):
            list(find_mark_ink(PagePicture(np.asarray(crested()), DPI)))
    finally:
        mark_finder._finder.cache_clear()


@pytest.mark.parametrize(("logits", "held"), [(-0.1, False), (0.1, True)])
def test_a_likeness_holds_from_its_threshold_on_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, logits: float, *, held: bool
) -> None:
    places = [Box(540, 90, 700, 250), Box(150, 300, 250, 340)]  # one in the crest
    found = [(place, marks._EVEN_LOGIT + logits) for place in places]
    monkeypatch.setattr(marks, "find_mark_ink", lambda part: found if part.height > 400 else [])
    read = Page(1, *SIZE, DPI, 0, (), Origin.RECOGNIZED, "test")
    seen = marks.note_marks(read, PagePicture(np.asarray(crested()), DPI)).marks
    assert [mark.share >= UNREAD for mark in seen if mark.box in places] == [held, held]
