"""A picture that would fill the memory is refused by its header; no pixel is decoded."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageFile

from tests.receiving import Receiving
from tests.scans import write_pdf, write_tiff


def _huge_png(path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def _huge_tiff(path: Path) -> None:
    write_tiff(path, compression="raw")
    with Image.open(path) as picture:
        width, height = picture.size
    data = path.read_bytes()
    for tag, size in ((256, width), (257, height)):
        for kind, layout in ((3, "<HHIHH"), (4, "<HHII")):
            padding = (0,) if kind == 3 else ()
            small = struct.pack(layout, tag, kind, 1, size, *padding)
            data = data.replace(small, struct.pack(layout, tag, kind, 1, 30_000, *padding))
    path.write_bytes(data)


def _huge_pdf(path: Path) -> None:
    write_pdf(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        (picture,) = pdf.pages[0].get_images().values()
        picture["/Width"] = picture["/Height"] = 30_000
        pdf.save(path)


@pytest.mark.parametrize("write", [_huge_png, _huge_tiff, _huge_pdf])
def test_thirty_thousand_pixels_squared_are_refused_at_once(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch, write: object
) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("a pixel was decoded")

    assert callable(write)
    write(receiving.inbox / "a.bin")
    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    (refused,) = receiving.settle().refused
    assert refused.reason.code == "too-large"
    assert "300 dpi" in refused.reason.thai
