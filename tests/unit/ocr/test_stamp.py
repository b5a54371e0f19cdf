"""The receiving stamp lands upper right where nothing is printed, readers find its Thai, the source stays."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from ocr.errors import OcrError
from ocr.paper_size import POINTS_PER_MM
from ocr.stamp import HEIGHT_MM, WIDTH_MM, ReceivingStamp, find_place, stamp_pdf

A4 = (595.3, 841.9)
OFFICE = "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาตัวอย่าง เขต ๑"
STAMP = ReceivingStamp(OFFICE, "๑๒๓/๒๕๖๙", "๑๕ ม.ค. ๒๕๖๙", "๐๙.๓๐ น.")
Box = tuple[float, float, float, float]


def paper(*inked: Box) -> Image.Image:
    """An A4 page at 100 dpi; boxes are shares of the page (left, top, right, bottom)."""
    image = Image.new("L", (827, 1169), 250)
    for left, top, right, bottom in inked:
        corners = (left * 827, top * 1169, right * 827, bottom * 1169)
        ImageDraw.Draw(image).rectangle(corners, fill=30)
    return image


def place(*inked: Box) -> tuple[float, float, float]:
    return find_place(np.asarray(paper(*inked), dtype=np.uint8), *A4)


def covered(where: tuple[float, float, float], *inked: Box) -> float:
    """The share of the stamp that lies on ink."""
    left, top, scale = where
    right, bottom = left + WIDTH_MM * POINTS_PER_MM * scale, top + HEIGHT_MM * POINTS_PER_MM * scale
    box = (left / A4[0], top / A4[1], right / A4[0], bottom / A4[1])
    scale_x, scale_y = 827, 1169
    crop = paper(*inked).crop(
        (int(box[0] * scale_x), int(box[1] * scale_y), int(box[2] * scale_x), int(box[3] * scale_y))
    )
    return float((np.asarray(crop) < 128).mean())


def test_a_free_corner_is_taken() -> None:
    left, top, scale = place()
    assert scale == 1.0
    assert left + WIDTH_MM * POINTS_PER_MM == pytest.approx(A4[0] - 7 * POINTS_PER_MM, abs=4)
    assert top == pytest.approx(7 * POINTS_PER_MM, abs=4)


@pytest.mark.parametrize(
    "inked",
    [
        ((0.6, 0.02, 0.98, 0.12),),  # another office's stamp in the corner
        ((0.8, 0.0, 1.0, 0.5),),  # a column on the right
        ((0.5, 0.05, 1.0, 0.07), (0.5, 0.12, 1.0, 0.14), (0.5, 0.30, 1.0, 0.32)),
    ],
)
def test_what_is_printed_is_not_covered(inked: tuple[Box, ...]) -> None:
    where = place(*inked)
    assert covered(where, *inked) == 0.0
    assert where[0] + WIDTH_MM * POINTS_PER_MM * where[2] / 2 > A4[0] / 2, "still on the right"


def test_a_smaller_stamp_fits_where_a_whole_one_does_not() -> None:
    lines = tuple((0.3, top / 100, 1.0, top / 100 + 0.005) for top in range(3, 60, 8))
    where = place(*lines)
    assert where[2] < 1.0
    assert covered(where, *lines) == 0.0


def test_a_full_page_is_stamped_where_least_is_covered() -> None:
    full: Box = (0.0, 0.0, 1.0, 0.2)
    rest: tuple[Box, ...] = tuple(
        (0.0, top / 200, 1.0, top / 200 + 0.001) for top in range(41, 120)
    )
    assert place(full, *rest)[1] > 0.19 * A4[1]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    paper((0.2, 0.2, 0.8, 0.22)).save(path, resolution=100)
    return path


def test_the_words_are_found_and_copied_and_the_source_stays(source: Path) -> None:
    before = source.read_bytes()
    copy = stamp_pdf(source, STAMP)
    assert source.read_bytes() == before
    document = PdfDocument(copy)
    text = document[0].get_textpage().get_text_range()
    document.close()
    words = " ".join(text.split())
    for expected in (
        "เลขรับ ๑๒๓/๒๕๖๙",
        "วันที่ ๑๕ ม.ค. ๒๕๖๙",
        "เวลา ๐๙.๓๐ น.",
        "ประถมศึกษาตัวอย่าง เขต ๑",
    ):
        assert expected in words
    assert stamp_pdf(source, STAMP) == copy, "the same every time"


def test_the_stamp_is_drawn_in_blue_in_the_corner(source: Path) -> None:
    document = PdfDocument(stamp_pdf(source, STAMP))
    picture = np.asarray(document[0].render(scale=2).to_pil().convert("RGB")).astype(int)
    document.close()
    blue = (picture[..., 2] - picture[..., 0]) > 60
    rows, columns = np.nonzero(blue)
    height, width = blue.shape
    assert rows.max() < height * 0.15
    assert columns.min() > width * 0.6
    assert blue.sum() > 3000


def test_a_page_whose_corner_is_elsewhere_is_stamped_in_what_is_shown(source: Path) -> None:
    moved = io.BytesIO()
    with pikepdf.open(source) as pdf:
        box = [float(value) for value in pdf.pages[0].mediabox]
        pdf.pages[0].cropbox = [box[0], box[1], box[2] * 0.8, box[3] * 0.8]  # type: ignore[assignment]
        pdf.save(moved)
    source.write_bytes(moved.getvalue())
    document = PdfDocument(stamp_pdf(source, STAMP))
    text_page = document[0].get_textpage()
    found = text_page.search("เลขรับ").get_next()
    assert found is not None
    left, bottom, right, top = text_page.get_charbox(found[0])
    assert right < box[2] * 0.8
    assert top < box[3] * 0.8
    assert left > box[2] * 0.4
    assert bottom > box[3] * 0.5
    document.close()


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.4 nothing %%EOF")
    with pytest.raises(OcrError):
        stamp_pdf(path, STAMP)
