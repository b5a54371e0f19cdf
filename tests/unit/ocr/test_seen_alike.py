"""A picture is read black on white however it is stored, and the archived page shows the same picture."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops

from ocr import searchable_pdf
from ocr.alike import are_alike, shrink
from ocr.engine import Pixels
from ocr.image_page import PlacedImage, place_picture
from ocr.pages import open_scan
from ocr.searchable_pdf import LayerCheck
from tests.layers import LETTER, TextPage, archive_wordless, draw_lines

WIDTH, HEIGHT = 827, 1170  # A4 at 100 dpi


def letter() -> Image.Image:
    return draw_lines(LETTER, dpi=100)


def archive(tmp_path: Path, data: bytes) -> tuple[Pixels, Pixels, LayerCheck]:
    """Return the picture as it is read, the archived page's picture, and the check."""
    picture, check = archive_wordless(tmp_path, data)
    shown = pdfium.PdfDocument(tmp_path / "out.pdf")[0].render(scale=100 / 72).to_pil()
    return picture.gray, np.asarray(shown.convert("L")), check


def encode(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, dpi=(100, 100), **options)
    return buffer.getvalue()


def deep_tiff(values: np.ndarray, *, min_is_white: bool) -> bytes:
    """Write 16 bits of gray a dot by hand: Pillow cannot write min-is-white."""
    data = values.astype("<u2").tobytes()
    entries = [
        (256, 4, values.shape[1]),
        (257, 4, values.shape[0]),
        (258, 3, 16),
        (259, 3, 1),
        (262, 3, 0 if min_is_white else 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, values.shape[0]),
        (279, 4, len(data)),
    ]
    directory = struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        directory += struct.pack("<HHII", tag, kind, 1, value)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + directory + bytes(4)


def without_adobe_marker(data: bytes) -> bytes:
    at = data.index(b"\xff\xee")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    return data[:at] + data[at + 2 + length :]


def gray(scale: int, *, min_is_white: bool) -> bytes:
    ink = np.asarray(letter(), dtype=np.float64) / 255
    return deep_tiff((1 - ink if min_is_white else ink) * scale, min_is_white=min_is_white)


def alpha(mode: str) -> bytes:
    image = letter()
    clear = Image.merge("RGBA", [Image.new("L", image.size, 0)] * 3 + [ImageChops.invert(image)])
    return encode(clear if mode == "RGBA" else clear.convert(mode), "PNG")


def turned(kind: str, orientation: int, dpi: tuple[int, int]) -> bytes:
    """A page of other dots across than down, stored turned, that orientation makes upright."""
    back = {
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
        3: Image.Transpose.ROTATE_180,
    }
    stored = draw_lines(LETTER, dpi=200).transpose(back[orientation])
    size = (stored.width * dpi[0] // 200, stored.height * dpi[1] // 200)
    exif = Image.Exif()
    exif[0x0112] = orientation
    buffer = io.BytesIO()
    options = {"tiffinfo": {0x0112: orientation}} if kind == "TIFF" else {"exif": exif}
    stored.resize(size).save(buffer, kind, dpi=dpi, **options)
    return buffer.getvalue()


STORED: dict[str, Callable[[], bytes]] = {
    "CMYK JPEG of Adobe": lambda: encode(letter().convert("CMYK"), "JPEG"),
    "CMYK JPEG without marker": lambda: without_adobe_marker(
        encode(letter().convert("CMYK"), "JPEG")
    ),
    "CMYK JPEG without marker, not upside down": lambda: without_adobe_marker(
        encode(ImageChops.invert(letter().convert("CMYK")), "JPEG")
    ),
    "CMYK TIFF": lambda: encode(letter().convert("CMYK"), "TIFF"),
    "16 bits": lambda: gray(65535, min_is_white=False),
    "16 bits, min is white": lambda: gray(65535, min_is_white=True),
    "12 in 16 bits": lambda: gray(4095, min_is_white=False),
    "12 in 16 bits, min is white": lambda: gray(4095, min_is_white=True),
    "10 in 16 bits, min is white": lambda: gray(1023, min_is_white=True),
    "16 bit PNG": lambda: encode(
        Image.fromarray(np.asarray(letter()).astype(np.uint16) * 257), "PNG"
    ),
    "alpha": lambda: alpha("RGBA"),
    "gray alpha": lambda: alpha("LA"),
    "gray with a transparent white": lambda: encode(letter(), "PNG", transparency=255),
    "gray with a transparent black": lambda: encode(
        ImageChops.invert(letter()), "PNG", transparency=0
    ),
    "palette with a transparent colour": lambda: encode(
        letter().convert("P"), "PNG", transparency=0
    ),
    "RGB with a transparent colour": lambda: encode(
        letter().convert("RGB"), "PNG", transparency=(255, 255, 255)
    ),
    "two colours": lambda: encode(letter().convert("1"), "PNG", bits=1),
    "indexed": lambda: encode(letter().quantize(5), "PNG"),
    "indexed TIFF": lambda: encode(letter().convert("P"), "TIFF"),
    "TIFF turned, dots unequal": lambda: turned("TIFF", 6, (200, 100)),
    "TIFF turned the other way": lambda: turned("TIFF", 8, (200, 100)),
    "TIFF upside down": lambda: turned("TIFF", 3, (200, 100)),
    "JPEG turned, dots unequal": lambda: turned("JPEG", 6, (100, 200)),
}
WHITE_ON_NOTHING = ("gray with a transparent black",)
"""White ink on a transparent page: on white paper its edges alone are seen."""


@pytest.mark.parametrize("how", STORED)
def test_what_is_read_is_what_the_archive_shows(tmp_path: Path, how: str) -> None:
    read, archived, check = archive(tmp_path, STORED[how]())
    assert check.archival, check.findings
    assert check.other_pictures == ()
    assert read.mean() > 200  # black on white
    if how not in WHITE_ON_NOTHING:
        assert are_alike(shrink(np.asarray(letter())), shrink(read))
    assert are_alike(shrink(read), shrink(archived))


def test_pages_in_cmyk_keep_their_own_bytes_and_are_pdf_a(tmp_path: Path) -> None:
    page = TextPage.blank().write(LETTER, before=b"0 0 0 1 k")
    page.parts.append(b"0 1 1 0 K 0 0 1 0 k 100 100 80 40 re B")
    read, archived, check = archive(tmp_path, page.finish())
    assert check.archival, check.findings
    assert are_alike(shrink(read), shrink(archived))
    jpeg = encode(letter().convert("CMYK"), "JPEG")
    archive(tmp_path, jpeg)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert pdf.pages[0].Resources.XObject.Scan.read_raw_bytes() == jpeg


def blot(pixels: Pixels) -> Pixels:
    other = pixels.copy()
    other[300:330, 200:320] = 0
    return other


CHANGES: dict[str, Callable[[Pixels], Pixels]] = {
    "inverted": lambda pixels: 255 - pixels,
    "upside down": lambda pixels: pixels[::-1, ::-1],
    "mirrored": lambda pixels: pixels[:, ::-1],
    "blank": lambda pixels: np.full_like(pixels, 255),
    "black": np.zeros_like,
    "a word more": blot,
    "shifted": lambda pixels: np.roll(pixels, 25, axis=0),
    "dark": lambda pixels: (pixels // 3).astype(np.uint8),
    "narrower": lambda pixels: np.ascontiguousarray(pixels[:, : pixels.shape[1] * 3 // 4]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_pictures_are_not_alike(change: str) -> None:
    pixels = np.asarray(letter())
    assert not are_alike(shrink(pixels), shrink(np.ascontiguousarray(CHANGES[change](pixels))))
    assert are_alike(shrink(pixels), shrink(pixels))


def test_a_page_that_came_out_differently_is_drawn_anew_and_else_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upside_down(pdf: pikepdf.Pdf, scan: object, number: int, rotation: int) -> PlacedImage:
        with open_scan(tmp_path / "scan") as opened:
            return place_picture(pdf, opened.picture(number).upright(180))

    monkeypatch.setattr(searchable_pdf, "place_image", upside_down)
    read, archived, check = archive(tmp_path, encode(letter(), "PNG"))
    assert check.other_pictures == ()
    assert are_alike(shrink(read), shrink(archived))
    monkeypatch.setattr(
        searchable_pdf, "place_picture", lambda pdf, picture: upside_down(pdf, 0, 1, 0)
    )
    _, _, check = archive(tmp_path, encode(letter(), "PNG"))
    assert check.other_pictures == (1,)
