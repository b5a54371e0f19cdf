"""A secrecy mark is found by its look, whatever its size, ink, frame and turn; print and paper are none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from classify.seen_marks import READ_OTHERWISE, UNREAD
from ocr import mark_words, recognizer
from ocr.document import Box, Ink, Line, MarkKind, SeenMark, Word
from ocr.engine import PagePicture
from ocr.errors import EngineMissingError
from ocr.marks import look_for_marks, note_marks
from tests.layers import SARABUN
from tests.paper import EXTERNAL, page_of

A4 = (8.27, 11.69)
BLACK, RED = (25, 25, 28), (200, 30, 40)
BARE = replace(page_of("external", EXTERNAL).pages[0], lines=())


def paper(dpi: int, *, tint: int = 255) -> Image.Image:
    """A sheet of A4 with a letter's rows below its head."""
    page = Image.new("RGB", (round(A4[0] * dpi), round(A4[1] * dpi)), (tint, tint, tint))
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(SARABUN), round(12 * dpi / 72))
    pen.text((1.1 * dpi, 1.9 * dpi), "ที่ ศธ ๐๔๐๐๑/ว ๑๒๓", BLACK, font)
    pen.text((4.9 * dpi, 1.9 * dpi), "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน", BLACK, font)
    for row in range(12):
        pen.text(
            (1.1 * dpi, (3 + 0.3 * row) * dpi),
            "ด้วยสำนักงานเขตพื้นที่การศึกษาขอเชิญประชุม " * 2,
            BLACK,
            font,
        )
    return page


def stamp(
    page: Image.Image,
    word: str,
    dpi: int,
    *,
    points: float = 30,
    ink: tuple[int, int, int] = RED,
    turn: float = 0,
    framed: bool = False,
    at: tuple[float, float] = (4.13, 0.6),
) -> Box:
    """Print a word with its middle at a place in inches; return its box in pixels."""
    font = ImageFont.truetype(str(SARABUN), round(points * dpi / 72))
    left, top, right, foot = font.getbbox(word)
    edge = round(font.size * 0.4)
    mask = Image.new("L", (int(right - left) + 2 * edge, int(foot - top) + 2 * edge), 0)
    pen = ImageDraw.Draw(mask)
    pen.text((edge - left, edge - top), word, 255, font)
    if framed:
        pen.rectangle((4, 4, mask.width - 5, mask.height - 5), outline=255, width=max(2, dpi // 75))
    mask = mask.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    corner = (round(at[0] * dpi - mask.width / 2), round(at[1] * dpi - mask.height / 2))
    page.paste(ink, corner, mask)
    return Box(corner[0], corner[1], corner[0] + mask.width, corner[1] + mask.height)


def secrecy(picture: PagePicture) -> list[SeenMark]:
    return [
        mark
        for mark in look_for_marks(picture)
        if mark.kind is MarkKind.SECRECY and mark.share >= UNREAD
    ]


def as_scanned(page: Image.Image, dpi: int, way: str) -> PagePicture:
    if way == "colour":
        return PagePicture(np.asarray(page), dpi)
    gray = np.asarray(page.convert("L"))
    return PagePicture(
        np.where(gray > 150, 255, 0).astype(np.uint8) if way == "mono" else gray, dpi
    )


@pytest.mark.parametrize(
    ("word", "points", "way"),
    [
        ("ลับ", 16, "gray"),
        ("ลับ", 24, "mono"),
        ("ลับ", 36, "colour"),
        ("ลับ", 48, "gray"),
        ("ลับมาก", 18, "mono"),
        ("ลับมาก", 36, "gray"),
        ("ลับที่สุด", 24, "colour"),
        ("ลับที่สุด", 48, "mono"),
        ("ปกปิด", 16, "colour"),
        ("ปกปิด", 36, "mono"),
    ],
)
def test_a_mark_is_found_at_any_size_and_where_it_stands(word: str, points: int, way: str) -> None:
    page = paper(200)
    box = stamp(page, word, 200, points=points)
    found = secrecy(as_scanned(page, 200, way))
    assert len(found) == 1
    middle = (
        (found[0].box.left + found[0].box.right) / 2,
        (found[0].box.top + found[0].box.bottom) / 2,
    )
    assert box.left < middle[0] < box.right
    assert box.top < middle[1] < box.bottom


@pytest.mark.parametrize("dpi", [100, 150, 300, 600])
def test_a_mark_is_found_at_every_resolution(dpi: int) -> None:
    page = paper(dpi)
    stamp(page, "ลับ", dpi, ink=BLACK)
    assert secrecy(as_scanned(page, dpi, "gray"))


@pytest.mark.parametrize(
    "drawn",
    [
        {"turn": 12.0},
        {"turn": -14.0},
        {"framed": True},
        {"framed": True, "turn": 7.0},
        {"ink": (190, 190, 192)},
        {"at": (4.13, 11.2)},
        {"at": (7.0, 0.5)},
        {"ink": (45, 60, 165)},
    ],
)
def test_a_mark_is_found_turned_framed_faded_and_elsewhere(drawn: dict[str, object]) -> None:
    page = paper(200)
    stamp(page, "ลับ", 200, **drawn)  # type: ignore[arg-type]
    assert secrecy(as_scanned(page, 200, "colour"))


def test_a_mark_spaced_out_is_found() -> None:
    page = paper(200)
    stamp(page, "ลั  บ", 200)
    assert secrecy(as_scanned(page, 200, "colour"))


@pytest.mark.parametrize("tint", [255, 225, 190])
def test_a_letter_without_a_mark_has_none_on_white_and_on_gray_paper(tint: int) -> None:
    assert not secrecy(as_scanned(paper(200, tint=tint), 200, "gray"))


@pytest.mark.parametrize("word", ["บันทึกข้อความ", "- ๒ -", "สำเนาคู่ฉบับ", "กระทรวงศึกษาธิการ", "ด่วนที่สุด"])
def test_other_words_where_marks_stand_are_not_surely_a_secrecy_mark(word: str) -> None:
    page = paper(200)
    stamp(page, word, 200, ink=BLACK)
    assert not [
        mark for mark in secrecy(as_scanned(page, 200, "gray")) if mark.share >= READ_OTHERWISE
    ]


def test_an_urgency_mark_is_told_from_a_secrecy_mark() -> None:
    page = paper(200)
    stamp(page, "ด่วนที่สุด", 200)
    kinds = {
        mark.kind for mark in look_for_marks(as_scanned(page, 200, "colour")) if mark.share > 0.5
    }
    assert kinds == {MarkKind.URGENCY}


def test_a_page_that_lies_on_its_side_is_looked_at_upright() -> None:
    page = paper(200)
    box = stamp(page, "ลับ", 200)
    lying = as_scanned(page.rotate(90, expand=True), 200, "gray")
    upright = replace(BARE, width=page.width, height=page.height, rotation=90)
    (mark,) = [one for one in note_marks(upright, lying).marks if one.kind is MarkKind.SECRECY]
    assert box.left < (mark.box.left + mark.box.right) / 2 < box.right


def test_boxes_are_in_the_pixels_of_the_page_that_was_read() -> None:
    page = paper(200)
    box = stamp(page, "ลับ", 200)
    half = replace(BARE, width=page.width // 2, height=page.height // 2, rotation=0)
    (mark,) = [
        one for one in note_marks(half, as_scanned(page, 200, "gray")).marks if one.share > UNREAD
    ]
    assert box.left / 2 < (mark.box.left + mark.box.right) / 2 < box.right / 2


def test_an_empty_page_and_a_sliver_have_no_marks() -> None:
    white = PagePicture(np.full((2339, 1654), 255, np.uint8), 200)
    assert note_marks(BARE, white).marks == ()
    assert not list(look_for_marks(PagePicture(np.full((40, 30), 255, np.uint8), 200)))


def test_a_negative_is_looked_at_as_print() -> None:
    page = paper(200)
    stamp(page, "ลับ", 200, ink=BLACK)
    gray = np.asarray(page.convert("L"))
    assert secrecy(PagePicture(255 - gray, 200))


def test_a_red_mark_over_a_black_crest_is_found_among_the_red_ink() -> None:
    page = paper(200)
    pen = ImageDraw.Draw(page)
    for inset in range(0, 60, 12):
        pen.ellipse((760 + inset, 60 + inset, 900 - inset, 200 - inset), outline=BLACK, width=4)
    crested = page.copy()
    stamp(page, "ลับ", 200, at=(4.15, 0.65))
    assert secrecy(as_scanned(page, 200, "colour"))
    assert not secrecy(as_scanned(crested, 200, "colour"))


def test_print_of_the_page_s_own_is_not_read_once_more() -> None:
    page = paper(200)
    box = stamp(page, "ลับ", 200)
    words = (Word("ลับเฉพาะราชการ", box, 0.95),)
    line = Line("ลับเฉพาะราชการ", box, words, 0.95, Ink.BLACK)
    known = replace(BARE, width=page.width, height=page.height, rotation=0, lines=(line,))
    assert note_marks(known, as_scanned(page, 200, "gray")).marks == ()


def test_a_missing_model_is_the_offices_trouble(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = paper(200)
    stamp(page, "ลับ", 200)
    monkeypatch.setattr(recognizer, "MODEL", tmp_path / "lines.onnx")
    mark_words._recognizer.cache_clear()
    mark_words._columns.cache_clear()
    try:
        with pytest.raises(EngineMissingError, match=r"lines\.onnx"):
            note_marks(BARE, as_scanned(page, 200, "gray"))
    finally:
        mark_words._recognizer.cache_clear()
        mark_words._columns.cache_clear()
