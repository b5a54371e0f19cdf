"""The inbox, the upload and `saraban read` take the same files: whole ones, whatever was laid after their end."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from ocr import OcrError
from ocr.page_range import cut_pages
from pipeline.errors import FileUnfitError
from pipeline.handed_in import hand_in
from pipeline.processes import ProcessDiedError
from pipeline.read_files import describe_failure, prepare, read_file
from tests.scans import page, write_jpeg, write_pdf, write_png, write_tiff
from watch_folder.errors import RefusedScanError
from watch_folder.whole import check_whole

VIDEO = b"\0\0\0\x18ftypmp42" + b"\xff\xd8\xff\xe0video\0\xff" * 400


@pytest.fixture(scope="module", autouse=True)
def _prepared() -> None:
    prepare(None)


def make(kind: str, folder: Path) -> bytes:
    write = {"pdf": write_pdf, "jpg": write_jpeg, "png": write_png, "tif": write_tiff}[kind]
    return write(folder / "made").read_bytes()


def two_versions(data: bytes) -> bytes:
    """A PDF that was saved again by adding to it, as signing programs do."""
    cross = data.rindex(b"startxref")
    place, root = data[cross:].split()[1], re.findall(rb"/Root (\d+ \d+ R)", data)[-1]
    later = b"\n9 0 obj\n<< /Type /Nothing >>\nendobj\n"
    start = len(data) + len(later)
    said = b"<< /Size 10 /Root %s /Prev %s >>" % (root, place)
    table = b"xref\n0 0\ntrailer\n%s\nstartxref\n%d\n" % (said, start)
    return data + later + table + b"%%EOF\n"


def with_thumbnail(data: bytes) -> bytes:
    """A TIFF with a smaller copy of its page after it."""
    buffer, small = io.BytesIO(), page().resize((60, 85))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    first = Image.open(io.BytesIO(data))
    first.save(buffer, "TIFF", save_all=True, append_images=[small])
    return buffer.getvalue()


WHOLE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "PDF and 9 kB of NUL": ("pdf", lambda data: data + bytes(9000)),
    "PDF and a mail gateway's HTML": ("pdf", lambda data: data + b"<html>scanned</html>" * 400),
    "PDF and blank lines": ("pdf", lambda data: data + b"\r\n" * 3000),
    "PDF and a last line without its end": ("pdf", lambda data: data.rstrip() + b"\0"),
    "PDF of two versions": ("pdf", two_versions),
    "PDF whose end alone is missing": ("pdf", lambda data: data[: data.rindex(b"%%EOF")]),
    "JPEG and a video": ("jpg", lambda data: data + VIDEO),
    "JPEG and another JPEG": ("jpg", lambda data: data + data),
    "JPEG and NUL": ("jpg", lambda data: data + bytes(9000)),
    "JPEG whose end alone is missing": ("jpg", lambda data: data[:-2]),
    "PNG and HTML": ("png", lambda data: data + b"<html>" * 2000),
    "TIFF with a thumbnail": ("tif", with_thumbnail),
}
CUT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "half a PDF": ("pdf", lambda data: data[: len(data) // 2]),
    "a PDF without its table": ("pdf", lambda data: data[: data.rindex(b"xref\n0")]),
    "a PDF cut in its second version": ("pdf", lambda data: two_versions(data)[: len(data) + 30]),
    "half a JPEG": ("jpg", lambda data: data[: len(data) // 2]),
    "a JPEG filled up with zeros": (
        "jpg",
        lambda data: data[: len(data) // 2].ljust(len(data), b"\0"),
    ),
    "half a PNG": ("png", lambda data: data[: len(data) // 2]),
    "half a TIFF": ("tif", lambda data: data[: len(data) // 2]),
}


@pytest.mark.parametrize("what", WHOLE)
def test_what_lies_after_the_end_is_no_damage(tmp_path: Path, what: str) -> None:
    kind, change = WHOLE[what]
    path = tmp_path / "scan"
    path.write_bytes(change(make(kind, tmp_path)))
    check_whole(path)
    hand_in(tmp_path, "scan", [path.read_bytes()])
    reading = read_file(path)
    assert "error" not in reading
    assert reading["pages"] == 1


@pytest.mark.parametrize("what", CUT)
def test_a_missing_end_is_damage_everywhere(tmp_path: Path, what: str) -> None:
    kind, change = CUT[what]
    path = tmp_path / "scan"
    path.write_bytes(change(make(kind, tmp_path)))
    with pytest.raises(RefusedScanError):
        check_whole(path)
    with pytest.raises(FileUnfitError):
        hand_in(tmp_path, "scan", [path.read_bytes()])
    reading = read_file(path)
    assert reading.keys() == {"file", "error", "thai"}


def test_pages_are_counted_without_thumbnails_when_they_are_cut_out(tmp_path: Path) -> None:
    path = tmp_path / "scan"
    small = page().resize((60, 85))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    page("1").save(path, "TIFF", save_all=True, append_images=[small, page("2")])
    cut_pages(path, range(2, 3), tmp_path / "second")
    with Image.open(tmp_path / "second") as image:
        assert image.tobytes() == page("2").tobytes()
    with pytest.raises(OcrError):
        cut_pages(path, range(3, 4), tmp_path / "third")


def test_a_damaged_pdf_is_its_own_error_with_its_cause(tmp_path: Path) -> None:
    with pikepdf.open(write_pdf(tmp_path / "a.pdf")) as pdf:
        pdf.pages[0].MediaBox = pikepdf.Array([0, 0, pikepdf.Name.Wide, 200])
        pdf.save(tmp_path / "b.pdf")
    reading = read_file(tmp_path / "b.pdf")
    assert "MediaBox" in reading["error"]
    assert "ไฟล์เสียหาย" in reading["thai"]


def test_a_fault_and_a_dead_process_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert "died" in describe_failure(path, ProcessDiedError(-9))["error"]
    fault = describe_failure(path, KeyError("x"))
    assert "KeyError" in fault["error"]
    assert "ผู้ดูแลระบบ" in fault["thai"]
