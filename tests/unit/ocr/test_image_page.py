"""Images go into the PDF with their own bytes, look the same there, and stand upright."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from ocr.document import Origin, Page, RecognizedDocument
from ocr.pages import open_scan
from ocr.searchable_pdf import write_searchable_pdf


def scene(mode: str = "RGB") -> Image.Image:
    """A picture without any symmetry: dark upper left, a bar at the bottom."""
    image = Image.new("RGB", (160, 100), "white")
    image.paste((20, 40, 60), (10, 10, 60, 40))
    image.paste((90, 20, 20), (0, 90, 160, 100))
    return image.convert(mode, dither=Image.Dither.NONE)


def archive(tmp_path: Path, data: bytes, rotation: int = 0) -> pikepdf.Pdf:
    source = tmp_path / "scan"
    source.write_bytes(data)
    pages = []
    with open_scan(source) as scan:
        for number in range(1, scan.page_count + 1):
            upright = scan.picture(number).upright(rotation)
            size = (upright.width, upright.height)
            pages.append(Page(number, *size, upright.dpi, rotation, (), Origin.RECOGNIZED, "test"))
            upright_pixels = upright.gray
    document = RecognizedDocument("scan", tuple(pages))
    check = write_searchable_pdf(source, document, tmp_path / "out.pdf")
    assert check.passed
    assert check.archival, check.findings
    shown = pdfium.PdfDocument(tmp_path / "out.pdf")[len(pages) - 1].render(scale=300 / 72)
    gray = np.asarray(shown.to_pil().convert("L").resize(upright_pixels.shape[::-1]))
    assert np.abs(gray.astype(int) - upright_pixels).mean() < 6
    return pikepdf.open(tmp_path / "out.pdf")


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, dpi=(300, 300), **options)
    return buffer.getvalue()


def stream_of(pdf: pikepdf.Pdf, page: int = 0) -> pikepdf.Object:
    return pdf.pages[page].Resources.XObject.Scan


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_jpeg_bytes_are_kept(tmp_path: Path, mode: str) -> None:
    data = encode(scene(mode), "JPEG", quality=92)
    pdf = archive(tmp_path, data)
    stream = stream_of(pdf)
    assert stream.Filter == pikepdf.Name.DCTDecode
    assert stream.read_raw_bytes() == data


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_png_rows_are_kept(tmp_path: Path, mode: str) -> None:
    data = encode(scene(mode), "PNG")
    pdf = archive(tmp_path, data)
    stream = stream_of(pdf)
    raw = stream.read_raw_bytes()
    assert stream.Filter == pikepdf.Name.FlateDecode
    assert data.count(raw) == 1


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_png_lies_on_white_paper(tmp_path: Path, mode: str) -> None:
    image = scene().convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    archive(tmp_path, encode(image.convert(mode), "PNG"))


def test_group_4_strip_is_kept(tmp_path: Path) -> None:
    data = encode(scene("1"), "TIFF", compression="group4", strip_size=1 << 20)
    pdf = archive(tmp_path, data)
    stream = stream_of(pdf)
    assert stream.Filter == pikepdf.Name.CCITTFaxDecode
    assert data.count(stream.read_raw_bytes()) == 1


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_deflate", "jpeg", "packbits"])
@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_other_tiffs_lose_nothing(tmp_path: Path, compression: str, mode: str) -> None:
    if (mode, compression) == ("1", "jpeg"):
        pytest.skip("JPEG has no two-tone form")
    data = encode(scene(mode), "TIFF", compression=compression)
    pdf = archive(tmp_path, data)
    stream = stream_of(pdf)
    assert isinstance(stream, pikepdf.Stream)
    image = pikepdf.PdfImage(stream).as_pil_image()
    original = Image.open(io.BytesIO(data))
    assert np.array_equal(np.asarray(image.convert("RGB")), np.asarray(original.convert("RGB")))


@pytest.mark.parametrize("photometric", [0, 1])
def test_group_4_of_many_strips_and_both_polarities(tmp_path: Path, photometric: int) -> None:
    image = scene("1").resize((800, 1200))
    data = encode(image, "TIFF", compression="group4", strip_size=4000, tiffinfo={262: photometric})
    pdf = archive(tmp_path, data)
    stream = stream_of(pdf)
    assert stream.Filter == pikepdf.Name.CCITTFaxDecode


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_exif_orientation_is_shown(tmp_path: Path, kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    archive(tmp_path, encode(scene("L"), kind, exif=exif))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_turned_scans_are_shown_upright(tmp_path: Path, rotation: int, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    archive(tmp_path, encode(scene("L"), "JPEG", quality=95, exif=exif), rotation)


def test_every_page_of_a_tiff_is_there(tmp_path: Path) -> None:
    data = encode(scene("1"), "TIFF", save_all=True, append_images=[scene("L"), scene()])
    with archive(tmp_path, data) as pdf:
        assert len(pdf.pages) == 3
        assert [float(side) for side in pdf.pages[0].MediaBox] == [0, 0, 38.4, 24]
