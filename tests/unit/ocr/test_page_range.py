"""Pages cut out of a scan are a file of their own, the same each time; the scan stays as it is."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocr.errors import UnreadableFileError, UnsupportedTypeError
from ocr.page_range import cut_pages, read_texts
from tests import scans


def test_pages_of_a_pdf(tmp_path: Path) -> None:
    scan = scans.write_pdf(tmp_path / "a.pdf", pages=5)
    before = scan.read_bytes()
    first, again = tmp_path / "1.pdf", tmp_path / "2.pdf"
    cut_pages(scan, range(2, 4), first)
    cut_pages(scan, range(2, 4), again)
    with pikepdf.open(first) as pdf:
        assert len(pdf.pages) == 2
    assert first.read_bytes() == again.read_bytes()
    assert scan.read_bytes() == before
    assert len(read_texts(first)) == 2


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw"])
def test_pages_of_a_tiff_lose_nothing(tmp_path: Path, compression: str) -> None:
    scan = scans.write_tiff(tmp_path / "a.tif", pages=3, compression=compression)
    cut_pages(scan, range(3, 4), tmp_path / "b.tif")
    with Image.open(scan) as whole, Image.open(tmp_path / "b.tif") as cut:
        whole.seek(2)
        assert cut.tobytes() == whole.tobytes()
        assert (cut.mode, cut.info["dpi"]) == (whole.mode, whole.info["dpi"])
        assert getattr(cut, "n_frames", 1) == 1


@pytest.mark.parametrize("name", ["a.pdf", "a.tif"])
@pytest.mark.parametrize("pages", [range(2, 9), range(0)])
def test_pages_that_are_not_there_are_refused(tmp_path: Path, name: str, pages: range) -> None:
    write = scans.write_pdf if name.endswith("pdf") else scans.write_tiff
    scan = write(tmp_path / name, pages=2)
    with pytest.raises(UnreadableFileError):
        cut_pages(scan, pages, tmp_path / "b")


def test_a_damaged_file_and_a_picture_are_refused(tmp_path: Path) -> None:
    broken = tmp_path / "a.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(UnreadableFileError):
        cut_pages(broken, range(1, 2), tmp_path / "b")
    with pytest.raises(UnsupportedTypeError):
        cut_pages(scans.write_png(tmp_path / "a.png"), range(1, 2), tmp_path / "b")
