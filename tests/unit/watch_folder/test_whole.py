"""A file counts as whole when it parses to its end, and as finished at no byte before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scans import WRITERS, page, write_jpeg, write_pdf, write_png, write_tiff
from watch_folder.errors import RefusedScanError, UnfinishedScanError
from watch_folder.whole import check_whole


@pytest.mark.parametrize("extension", WRITERS)
def test_every_beginning_of_a_scan_is_unfinished(tmp_path: Path, extension: str) -> None:
    data = WRITERS[extension](tmp_path / f"whole{extension}").read_bytes()
    path = tmp_path / f"cut{extension}"
    for size in [*range(0, len(data) - 12, max(1, len(data) // 60)), len(data) - 12]:
        path.write_bytes(data[:size])
        with pytest.raises(RefusedScanError) as refused:
            check_whole(path)
        assert refused.value.may_still_change, size


@pytest.mark.parametrize("extension", WRITERS)
def test_a_file_whose_size_was_reserved_first_is_unfinished(tmp_path: Path, extension: str) -> None:
    data = WRITERS[extension](tmp_path / f"whole{extension}").read_bytes()
    path = tmp_path / f"reserved{extension}"
    for written in (0, len(data) // 2, len(data) - 12):
        path.write_bytes(data[:written] + bytes(len(data) - written))
        with pytest.raises(UnfinishedScanError):
            check_whole(path)


def test_padding_after_the_end_is_what_some_scanners_do(tmp_path: Path) -> None:
    for path in (write_pdf(tmp_path / "a.pdf"), write_jpeg(tmp_path / "a.jpg")):
        path.write_bytes(path.read_bytes() + b"\0" * 512)
        check_whole(path)


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "raw", "tiff_deflate"])
def test_all_frames_of_a_tiff_are_looked_at(tmp_path: Path, compression: str) -> None:
    path = write_tiff(tmp_path / "a.tif", pages=3, compression=compression)
    assert check_whole(path) == "image/tiff"
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * 0.9)])
    with pytest.raises(UnfinishedScanError):
        check_whole(path)


def test_a_pdf_that_names_more_pages_than_it_has_is_unfinished(tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", pages=3)
    path.write_bytes(path.read_bytes().replace(b"/Kids", b"/Kidz"))
    with pytest.raises(UnfinishedScanError):
        check_whole(path)


def test_a_picture_damaged_in_its_middle_is_not_whole(tmp_path: Path) -> None:
    path = write_png(tmp_path / "a.png")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(UnfinishedScanError):
        check_whole(path)


def test_size_limits_hold_for_every_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    page().save(path, save_all=True, append_images=[page(size=(900, 900))])
    with pytest.raises(RefusedScanError, match="900 x 900"):
        check_whole(path, max_pixels=500_000)


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_whole(tmp_path / "gone.pdf")
