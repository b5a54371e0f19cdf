"""A page picture is laid out in upright, straight lines in reading order, whatever the scanner did to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import fontpkg_sarabun
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.document import Ink
from ocr.layout import Layout, LineRegion, cut_line, find_layout
from ocr.layout.blobs import find_blobs, in_pictures

Picture = NDArray[np.uint8]

SARABUN = Path(fontpkg_sarabun.ROOT) / "files" / "Sarabun-Regular.ttf"
DPI = 150.0
A4 = (1240, 1754)
POINT = DPI / 72

BODY_LINES = (
    "ด้วยสำนักงานได้รับแจ้งเรื่องการซ้อมความเข้าใจเกี่ยวกับงานสารบรรณ",
    "ที่ปฏิบัติอยู่ในหน่วยงานนี้ ให้ถือปฏิบัติตามระเบียบอย่างเคร่งครัด",
    "ทั้งนี้ ผู้ที่เกี่ยวข้องจะต้องส่งรายงานผู้บริหารก่อนสิ้นเดือนนี้ด้วย",
    "หากมีข้อขัดข้องให้แจ้งเหตุผลเป็นลายลักษณ์อักษรต่อผู้บังคับบัญชา",
    "จึงเรียนมาเพื่อโปรดพิจารณาและดำเนินการในส่วนที่เกี่ยวข้องต่อไป",
)
BASELINES = tuple(500 + 60 * i for i in range(len(BODY_LINES)))


class Sheet:
    """A page being drawn; positions are baselines in pixels."""

    def __init__(self, size: tuple[int, int] = A4) -> None:
        self.image = Image.new("RGB", size, "white")
        self.pen = ImageDraw.Draw(self.image)

    def write(
        self,
        text: str,
        at: tuple[float, float],
        *,
        points: float = 14,
        ink: tuple[int, int, int] = (0, 0, 0),
    ) -> Sheet:
        font = ImageFont.truetype(str(SARABUN), points * POINT)
        self.pen.text(at, text, font=font, fill=ink, anchor="ls", language="th")
        return self

    def body(self) -> Sheet:
        for text, y in zip(BODY_LINES, BASELINES, strict=True):
            self.write(text, (150, y))
        return self

    def colour(self) -> Picture:
        return np.asarray(self.image, dtype=np.uint8).copy()

    def gray(self) -> Picture:
        return np.asarray(self.image.convert("L"), dtype=np.uint8).copy()


def skewed(picture: Picture, degrees: float) -> Picture:
    """Turn a picture counter-clockwise by a few degrees on white paper of the same size."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)
    )
    return np.asarray(turned, np.uint8)


def consonant_height(points: float = 14) -> float:
    font = ImageFont.truetype(str(SARABUN), points * POINT * 8)
    _, top, _, bottom = font.getbbox("ต", anchor="ls")
    return (bottom - top) / 8


def crops(picture: Picture, layout: Layout, height: int = 48) -> list[Picture]:
    return [cut_line(picture, layout, line, height) for line in layout.lines]


def likeness(one: Picture, other: Picture) -> float:
    """Return the correlation of two crops' ink, brought to one width, the best over small shifts."""
    inked = [crop[:, np.flatnonzero((crop < 128).any(axis=0))] for crop in (one, other)]
    size = (inked[0].shape[1], one.shape[0])
    same = [255 - cv2.resize(crop, size, interpolation=cv2.INTER_AREA) for crop in inked]
    soft = [cv2.GaussianBlur(crop.astype(np.float32), (0, 0), 1.0) for crop in same]
    ground = cv2.copyMakeBorder(soft[0], 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(0,))
    return float(cv2.matchTemplate(ground, soft[1], cv2.TM_CCOEFF_NORMED).max())


def baselines(lines: Sequence[LineRegion]) -> list[float]:
    return [(line.start[1] + line.end[1]) / 2 for line in lines]


def test_finds_each_line_with_its_baseline_and_letter_height() -> None:
    layout = find_layout(Sheet().body().gray(), DPI)
    assert (layout.rotation, layout.width, layout.height) == (0, *A4)
    assert abs(layout.skew_degrees) <= 0.1
    assert baselines(layout.lines) == pytest.approx(BASELINES, abs=2)
    for line in layout.lines:
        assert line.body_height == pytest.approx(consonant_height(), rel=0.12)
        assert line.ink is Ink.BLACK
        assert line.upright > 0


@pytest.mark.parametrize("degrees", [-3.0, -0.7, 1.2, 3.0])
def test_skew_is_measured_and_undone_in_the_crops(degrees: float) -> None:
    straight = Sheet().body().gray()
    leaning = skewed(straight, degrees)
    layout = find_layout(leaning, DPI)
    assert layout.skew_degrees == pytest.approx(degrees, abs=0.15)
    assert len(layout.lines) == len(BODY_LINES)
    wanted = crops(straight, find_layout(straight, DPI))
    for one, other in zip(crops(leaning, layout), wanted, strict=True):
        assert likeness(one, other) > 0.75


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("degrees", [0.0, 2.0])
def test_turned_page_is_read_upright(quarters: int, degrees: float) -> None:
    upright = skewed(Sheet().body().gray(), degrees)
    wanted = crops(upright, find_layout(upright, DPI))
    turned = np.ascontiguousarray(np.rot90(upright, quarters))
    layout = find_layout(turned, DPI)
    assert layout.rotation == 90 * quarters
    assert layout.rotation_confidence > 0.5
    assert (layout.width, layout.height) == A4
    assert layout.skew_degrees == pytest.approx(degrees, abs=0.15)
    found = crops(turned, layout)
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        assert likeness(one, other) > 0.75


def test_rotation_can_be_imposed() -> None:
    page = Sheet().body().gray()
    layout = find_layout(page, DPI, rotation=180)
    assert layout.rotation == 180
    assert np.mean([line.upright for line in layout.lines]) < 0


def test_number_and_sender_are_two_lines_in_reading_order() -> None:
    sheet = Sheet().body()
    sheet.write("ที่ ศธ ๐๔๐๐๑/ว ๑๒๓", (150, 300)).write("สำนักงานส่งเสริมการเรียนรู้", (760, 300))
    sheet.write("ถนนราชดำเนินนอก", (760, 345)).write("๖ สิงหาคม ๒๕๖๔", (560, 410))
    head = find_layout(sheet.gray(), DPI).lines[:4]
    assert [round(line.box.left, -1) for line in head] == [150, 760, 760, 560]
    assert baselines(head) == pytest.approx([300, 300, 345, 410], abs=2)


def test_crop_shows_all_storeys_of_marks_and_no_neighbour() -> None:
    page = Sheet()
    page.write("ชื่นชู้ที่กุ้งยุ้งญาติฐานผู้ใหญ่สี่ชุด", (150, 300))
    alone = page.gray()
    page.write("กุฎีญาฏูผู้ใดก็รู้คุณครูผู้สอนอยู่สู้", (150, 252))
    page.write("ป้ำที่นี่ป้าชี้ช้ำปิ่นฟ้าสี่ปีที่ปลื้มใจ", (150, 348))
    crowded = page.gray()
    single = cut_line(alone, (one := find_layout(alone, DPI, rotation=0)), one.lines[0])
    layout = find_layout(crowded, DPI, rotation=0)
    assert len(layout.lines) == 3
    between = cut_line(crowded, layout, layout.lines[1])
    assert likeness(single, between) > 0.85
    # hardly a mark of the line that stands alone is cut by the crop's rims
    assert np.count_nonzero(single[[0, -1]] < 128) <= 6
    # a body height is a third of the crop and stands on its place
    consonants = Sheet().write("ดอกกตอดตกงอกดตกอดดงอกตกดออก", (150, 300)).gray()
    plain = cut_line(consonants, (two := find_layout(consonants, DPI)), two.lines[0], 60)
    rows = np.flatnonzero((plain < 128).sum(axis=1) > 8)
    assert rows[-1] == pytest.approx(60 * 2.15 / 3, abs=4)
    assert rows[-1] - rows[0] == pytest.approx(20, rel=0.2)


def test_crop_is_white_paper_and_dark_ink_under_a_shadow() -> None:
    page = Sheet().body().gray().astype(np.float64)
    shadow = np.linspace(0.5, 1.0, page.shape[1])[None, :]
    layout = find_layout((shaded := (page * shadow).astype(np.uint8)), DPI)
    assert len(layout.lines) == len(BODY_LINES)
    for crop in crops(shaded, layout):
        assert np.percentile(crop, 70) >= 250
        assert crop.min() < 90


def test_black_edge_and_punch_holes_are_no_lines() -> None:
    page = Sheet().body().gray()
    page[:, :30] = 0
    page[-40:, :] = 0
    for y in (600, 1200):
        cv2.circle(page, (70, y), 20, (0,), -1)
    layout = find_layout(page, DPI)
    assert baselines(layout.lines) == pytest.approx(BASELINES, abs=2)


def test_red_mark_is_read_and_called_red() -> None:
    sheet = Sheet().body().write("ด่วนที่สุด", (200, 250), points=28, ink=(215, 25, 35))
    page = sheet.colour()
    layout = find_layout(page, DPI)
    assert [line.ink for line in layout.lines] == [Ink.RED] + [Ink.BLACK] * len(BODY_LINES)
    mark = cut_line(page, layout, layout.lines[0])
    black = Sheet().body().write("ด่วนที่สุด", (200, 250), points=28).gray()
    wanted = cut_line(black, (other := find_layout(black, DPI)), other.lines[0])
    assert likeness(mark, wanted) > 0.8


def test_blue_stamp_across_black_text_does_not_harm_it() -> None:
    clean = Sheet().body()
    wanted = crops(clean.colour(), find_layout(clean.colour(), DPI))
    stamped = clean.colour()
    blue = (60, 80, 220)
    cv2.rectangle(stamped, (300, 470), (700, 640), blue, 6)
    cv2.ellipse(stamped, (600, 570), (160, 90), 20, 0, 360, blue, 8)
    dark = clean.gray() < 128
    stamped[dark] = 0
    layout = find_layout(stamped, DPI)
    black = [line for line in layout.lines if line.ink is Ink.BLACK]
    assert len(black) == len(wanted)
    for line, crop in zip(black, wanted, strict=True):
        assert likeness(cut_line(stamped, layout, line), crop) > 0.75


def test_blue_print_alone_is_kept_and_called_blue() -> None:
    sheet = Sheet().body().write("รับที่ ๑๒๓๔ วันที่ ๕ มกราคม", (700, 200), ink=(40, 60, 200))
    layout = find_layout(sheet.colour(), DPI)
    assert [line.ink for line in layout.lines] == [Ink.BLUE] + [Ink.BLACK] * len(BODY_LINES)


def test_stamp_frame_across_gray_text_leaves_the_lines_whole() -> None:
    page = Sheet().body().gray()
    wanted = find_layout(page, DPI)
    cv2.rectangle(page, (400, 440), (620, 660), (90,), 4)
    layout = find_layout(page, DPI)
    assert baselines(layout.lines) == pytest.approx(BASELINES, abs=2)
    for line, other in zip(layout.lines, wanted.lines, strict=True):
        assert line.box.left == pytest.approx(other.box.left, abs=4)
        assert line.box.right == pytest.approx(other.box.right, abs=4)


def test_emblem_is_no_line() -> None:
    page = Sheet().body().gray()
    wanted = len(find_layout(page, DPI).lines)
    rng = np.random.default_rng(7)
    for _ in range(90):
        x, y = rng.integers((560, 130), (680, 250))
        cv2.circle(page, (int(x), int(y)), int(rng.integers(4, 14)), (0,), -1)
        cv2.line(page, (620, 190), (int(x), int(y)), (255,), 2)
    assert len(find_layout(page, DPI).lines) == wanted


def test_fat_letters_side_by_side_are_text_and_one_dense_mass_is_a_picture() -> None:
    letters = np.zeros((200, 400), np.uint8)
    for i in range(6):  # at a slant, as a rubber stamp stands
        left, top = 40 + 37 * i, 50 + 2 * i
        letters[top : top + 60, left : left + 34] = 1
        letters[top + 11 : top + 47, left + 12 : left + 22] = 0
    emblem = np.zeros((200, 400), np.uint8)
    cv2.ellipse(emblem, (200, 90), (110, 40), 0, 0, 360, (1,), -1)
    text, picture = (in_pictures(find_blobs(mask), mask, 14.0) for mask in (letters, emblem))
    assert not text.any()
    assert picture.any()


def test_table_cells_come_row_by_row() -> None:
    sheet = Sheet()
    words = (("ลำดับ", "รายการ", "จำนวน"), ("๑", "กระดาษพิมพ์", "๑๒"), ("๒", "หมึกพิมพ์", "๕๐"))
    for y in (300, 360, 420, 480):
        sheet.pen.line((150, y, 1000, y), fill="black", width=2)
    for x in (150, 300, 700, 1000):
        sheet.pen.line((x, 300, x, 480), fill="black", width=2)
    for row, y in zip(words, (340, 400, 460), strict=True):
        for text, x in zip(row, (180, 330, 730), strict=True):
            sheet.write(text, (x, y))
    layout = find_layout(sheet.gray(), DPI)
    found = [(round(line.box.left, -1), round(line.start[1], -1)) for line in layout.lines]
    assert found == [(x, y) for y in (340, 400, 460) for x in (180, 330, 730)]


def test_ruled_memo_line_is_cut_without_its_rule() -> None:
    text = "กลุ่มอำนวยการ ผู้อำนวยการญาฎุ โทร ๐ ๕๔๕๑"
    plain = Sheet().write(text, (150, 300)).body().gray()
    wanted = cut_line(plain, (one := find_layout(plain, DPI)), one.lines[0])
    ruled = plain.copy()
    ruled[309:311, 140:1100] = 0
    crop = cut_line(ruled, (two := find_layout(ruled, DPI)), two.lines[0])
    assert len(two.lines) == len(one.lines)
    assert likeness(crop, wanted) > 0.85


def test_bent_page_is_cut_straight() -> None:
    straight = Sheet().body().gray()
    wanted = crops(straight, find_layout(straight, DPI))
    y, x = np.mgrid[0 : straight.shape[0], 0 : straight.shape[1]].astype(np.float32)
    lift = 14 * np.square((x - 620) / 620)
    bent = np.asarray(
        cv2.remap(straight, x, y + lift, cv2.INTER_CUBIC, borderValue=(255,)), np.uint8
    )
    layout = find_layout(bent, DPI)
    assert len(layout.lines) == len(BODY_LINES)
    for one, other in zip(crops(bent, layout), wanted, strict=True):
        assert likeness(one, other) > 0.75


@pytest.mark.parametrize(
    "shape", [(1754, 1240), (1754, 1240, 3), (1, 1), (3, 900), (9, 9, 3), (40, 200)]
)
def test_blank_picture_has_no_lines(shape: tuple[int, ...]) -> None:
    layout = find_layout(np.full(shape, 255, np.uint8), DPI)
    assert layout.lines == ()
    assert sorted((layout.width, layout.height)) == sorted(shape[:2])


def test_black_picture_has_no_lines() -> None:
    assert find_layout(np.zeros((1754, 1240), np.uint8), DPI).lines == ()


def test_page_of_noise_alone_has_next_to_no_lines() -> None:
    page = np.full((1754, 1240), 255, np.uint8)
    rng = np.random.default_rng(3)
    for x, y in rng.integers((0, 0), (1239, 1753), size=(900, 2)):
        size = rng.integers(1, 4)
        page[y : y + size, x : x + size] = 0
    assert len(find_layout(page, DPI).lines) <= 3


def test_speckled_page_keeps_its_lines() -> None:
    page = Sheet().body().gray()
    rng = np.random.default_rng(5)
    for x, y in rng.integers((0, 0), (1238, 1752), size=(700, 2)):
        page[y : y + 2, x : x + 2] = 0
    assert baselines(find_layout(page, DPI).lines) == pytest.approx(BASELINES, abs=2)


def test_single_line_cutting_is_one_line() -> None:
    page = Sheet((900, 70)).write("ขอแสดงความนับถือ", (30, 45)).gray()
    layout = find_layout(page, DPI)
    assert len(layout.lines) == 1
    assert layout.lines[0].box.left == pytest.approx(30, abs=4)


@pytest.mark.parametrize("factor", [0.6, 2.0, 4.0])
def test_resolution_changes_nothing_but_the_scale(factor: float) -> None:
    page = Sheet().body().gray()
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(page, None, fx=factor, fy=factor, interpolation=way), np.uint8)
    layout = find_layout(scaled, DPI * factor)
    assert baselines(layout.lines) == pytest.approx(
        [y * factor for y in BASELINES], abs=2.5 * max(factor, 1)
    )
    assert {crop.shape[0] for crop in crops(scaled, layout, 40)} == {40}


def test_wrong_resolution_is_not_believed() -> None:
    layout = find_layout(Sheet().body().gray(), dpi=1.0)
    assert baselines(layout.lines) == pytest.approx(BASELINES, abs=2)


def test_crop_columns_map_back_to_the_page() -> None:
    page = Sheet().body().gray()
    layout = find_layout(page, DPI)
    line = layout.lines[1]
    crop = cut_line(page, layout, line)
    inked = np.flatnonzero((crop < 128).any(axis=0))
    box = line.columns_box(float(inked[0]), float(inked[-1] + 1), crop.shape[0])
    first, last = (line.columns_box(at, at + 30, crop.shape[0]) for at in (60, crop.shape[1] - 90))
    assert line.box.left < first.left < first.right < last.left < last.right < line.box.right
    assert box.left == pytest.approx(line.box.left, abs=2)
    assert box.right == pytest.approx(line.box.right, abs=2)
    assert line.box.top <= box.top < BASELINES[1] < box.bottom <= line.box.bottom
