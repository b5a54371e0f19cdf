"""Resolution is judged by paper: what a file says is believed where it makes the page one that offices have."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocr.paper_size import Dots, judge_dpi, paper_points
from tests.layers import A4, archive_wordless

A4_300, A4_200, A3_300 = (2480, 3508), (1654, 2339), (3508, 4961)
A3 = (841.89, 1190.55)


@pytest.mark.parametrize("stated", [None, 1.0, 72.0, 96.0, 1200.0, 2400.0])
@pytest.mark.parametrize(("size", "dpi"), [(A4_300, 300), (A4_200, 200), ((1240, 1754), 150)])
def test_a_scan_of_a4_is_a4_whatever_it_says(
    stated: float | None, size: tuple[int, int], dpi: float
) -> None:
    said = None if stated is None else Dots(stated, stated)
    for width, height in (size, size[::-1]):
        judged = judge_dpi(width, height, said)
        assert judged.across == judged.down == pytest.approx(dpi, abs=0.5)


@pytest.mark.parametrize(
    ("size", "stated"),
    [
        (A4_300, (300, 300)),
        (A3_300, (300, 300)),
        ((2550, 3300), (300, 300)),  # Letter
        ((1700, 2600), (200, 200)),  # Foolscap
        ((1748, 2480), (300, 300)),  # A5
        ((1240, 1748), (300, 300)),  # A6
        ((900, 2400), (300, 300)),  # a receipt
        ((1728, 1145), (204, 98)),  # a fax
        ((1654, 1170), (200, 100)),
        ((2400, 3400), (300, 300)),  # a feeder that cuts
    ],
)
def test_what_can_be_true_is_believed(size: tuple[int, int], stated: tuple[int, int]) -> None:
    assert judge_dpi(*size, Dots(*stated)) == Dots(*stated)


@pytest.mark.parametrize("size", [(3024, 4032), (4032, 3024), (2160, 3840), (3000, 3000)])
@pytest.mark.parametrize("stated", [None, 72.0, 300.0, 180.0])
def test_a_telephone_s_photograph_counts_as_a4(size: tuple[int, int], stated: float | None) -> None:
    said = None if stated is None else Dots(stated, stated)
    dpi = judge_dpi(*size, said).across
    short, long = sorted(side / dpi * 72 for side in size)
    assert short <= A4[0] + 1
    assert long <= A4[1] + 1
    assert short == pytest.approx(A4[0], abs=1) or long == pytest.approx(A4[1], abs=1)


def test_an_a3_scan_that_says_nothing_is_a3() -> None:
    assert judge_dpi(*A3_300, None) == Dots(300, 300)


def test_a_page_near_a_paper_gets_its_very_size() -> None:
    assert paper_points(1653, 2339, 200) == pytest.approx(A4, abs=0.01)
    assert paper_points(2339, 1653, 200) == pytest.approx(A4[::-1], abs=0.01)
    assert paper_points(1000, 1000, 200) == pytest.approx((360, 360))


def archived_size(tmp_path: Path, data: bytes) -> tuple[float, float]:
    _, check = archive_wordless(tmp_path, data)
    assert check.other_pictures == ()
    assert check.archival, check.findings
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        box = pikepdf.Rectangle(pdf.pages[0].mediabox)
    return float(box.width), float(box.height)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("said", [72, 96, 1200])
def test_the_archived_page_has_the_paper_s_size(tmp_path: Path, kind: str, said: int) -> None:
    image = Image.new("L", A4_200, 255)
    image.paste(0, (200, 200, 900, 240))
    buffer = io.BytesIO()
    image.save(buffer, kind, dpi=(said, said))
    assert archived_size(tmp_path, buffer.getvalue()) == pytest.approx(A4, abs=0.5)


@pytest.mark.parametrize("said", [72, 96, 200, 1200])
def test_a_scanned_pdf_that_says_another_size_is_archived_on_its_paper(
    tmp_path: Path, said: int
) -> None:
    image = Image.new("L", A4_200, 255)
    image.paste(0, (200, 200, 900, 240))
    buffer = io.BytesIO()
    image.save(buffer, "PDF", resolution=said)
    assert archived_size(tmp_path, buffer.getvalue()) == pytest.approx(A4, abs=1)


def test_a_camera_says_nothing_of_the_paper(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x829A] = 0.01
    buffer = io.BytesIO()
    # Half as large as A4 by what it says.
    Image.new("L", (1240, 1654), 255).save(buffer, "JPEG", dpi=(300, 300), exif=exif)
    assert archived_size(tmp_path, buffer.getvalue())[0] == pytest.approx(A4[0], abs=1)
