"""A letter is hidden by a secrecy mark in a face that the page has nowhere else, however the mark got there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

from classify import load_rules
from pipeline.carry import is_hidden, understand
from tests.layers import A4, SARABUN, TextPage, draw_lines

pytestmark = pytest.mark.engine
DPI = 200
LETTER = [
    (80, 740, "ที่ ศธ ๐๔๐๐๑/ว ๑๒๓"),
    (320, 740, "สำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน"),
    (280, 700, "๑๒ มกราคม ๒๕๖๙"),
    (80, 670, "เรื่อง ขอเชิญประชุมคณะกรรมการสถานศึกษา"),
    (80, 640, "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา"),
    (130, 605, "ด้วยสำนักงานขอเชิญผู้แทนเข้าร่วมประชุมในวันและเวลาดังกล่าว"),
    (80, 580, "จึงเรียนมาเพื่อโปรดทราบและแจ้งผู้เกี่ยวข้องต่อไป"),
]


def mark(word: str, points: float) -> Image.Image:
    """A mark pressed wide and thick: no shape of the page's own face."""
    face = ImageFont.truetype(str(SARABUN), round(points * DPI / 72))
    picture = Image.new("L", (round(points * len(word) * 2.2) + 60, round(points * 6)), 255)
    at = (picture.width / 2, picture.height / 2)
    ImageDraw.Draw(picture).text(at, word, 0, face, anchor="mm", stroke_width=round(points / 7))
    picture = picture.crop(ImageOps.invert(picture).getbbox())
    return ImageOps.expand(picture.resize((round(picture.width * 1.3), picture.height)), 8, 255)


def hidden(path: Path) -> bool:
    understood = understand(path, load_rules(), date(2026, 11, 29))
    assert understood.letter.number is not None  # the rest of the letter was read as ever
    return is_hidden(understood)


def scan(tmp_path: Path, word: str, points: float, *, foot: bool = False) -> Path:
    page = draw_lines(LETTER, dpi=DPI)
    if word:
        sheet = Image.new("L", page.size, 255)
        stamp = mark(word, points)
        y = page.height - stamp.height - 60 if foot else 60
        sheet.paste(stamp, ((page.width - stamp.width) // 2, y))
        page = ImageChops.darker(page, sheet)
    path = tmp_path / "scan.jpg"
    page.save(path, dpi=(DPI, DPI), quality=85)
    return path


@pytest.mark.parametrize(
    ("word", "points", "foot"),
    [
        ("ลับ", 16, False),
        ("ลับ", 24, False),
        ("ลับ", 40, False),
        ("ลับ", 24, True),
        ("ลับมาก", 26, True),
        ("ปกปิด", 26, False),
    ],
)
def test_a_scan_with_a_mark_is_hidden(
    tmp_path: Path, word: str, points: float, *, foot: bool
) -> None:
    assert hidden(scan(tmp_path, word, points, foot=foot))


def test_the_same_scan_without_a_mark_is_not(tmp_path: Path) -> None:
    assert not hidden(scan(tmp_path, "", 0))


def test_an_urgency_mark_in_such_a_face_hides_nothing(tmp_path: Path) -> None:
    assert not hidden(scan(tmp_path, "ด่วนที่สุด", 26))


def test_a_picture_of_a_mark_on_a_text_page_hides_it(tmp_path: Path) -> None:
    stamp = mark("ลับ", 26)
    wide, high = stamp.width * 72 / DPI, stamp.height * 72 / DPI
    middle = A4[0] / 2
    page = TextPage.blank().write(LETTER)
    page.image(stamp, (middle - wide / 2, 790, middle + wide / 2, 790 + high))
    path = tmp_path / "picture.pdf"
    path.write_bytes(page.finish())
    assert hidden(path)


def test_a_mark_drawn_in_strokes_on_a_text_page_hides_it(tmp_path: Path) -> None:
    stamp = mark("ลับ", 26)
    scale = 72 / DPI
    left = A4[0] / 2 - stamp.width * scale / 2
    runs = [
        f"{left + x * scale:.2f} {830 - y * scale:.2f} {scale:.3f} {scale:.3f} re f"
        for y in range(stamp.height)
        for x in range(stamp.width)
        if stamp.getpixel((x, y)) < 128  # type: ignore[operator]
    ]
    page = TextPage.blank().write(LETTER)
    page.parts.append(b"q 0.8 0.1 0.15 rg\n" + "\n".join(runs).encode() + b" Q")
    path = tmp_path / "strokes.pdf"
    path.write_bytes(page.finish())
    assert hidden(path)


def test_a_stamp_laid_over_a_text_page_hides_it(tmp_path: Path) -> None:
    page = TextPage.blank().write(LETTER)
    page.annotate("Stamp", A4[0] / 2 - 10, 800, "ลับ", width=60)
    path = tmp_path / "stamp.pdf"
    path.write_bytes(page.finish())
    assert hidden(path)
