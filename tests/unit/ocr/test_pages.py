"""Files become page pictures by their content: turned, many-paged, square-dotted, and never too big."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from ocr.errors import (
    EmptyFileError,
    FileVanishedError,
    OcrError,
    PasswordProtectedError,
    TooLargeError,
    TruncatedFileError,
    UnreadableFileError,
    UnsupportedTypeError,
)
from ocr.image_scan import flatten
from ocr.pages import open_scan
from ocr.scan import Limits, detect_type


def half_black(size: tuple[int, int] = (60, 40), mode: str = "L") -> Image.Image:
    """White with a black left half, so that turning shows."""
    image = Image.new("L", size, 255)
    image.paste(0, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def save(path: Path, image: Image.Image, kind: str, **options: object) -> Path:
    image.save(path, kind, **options)
    return path


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises pixels it does not have."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IDAT" + b"\x35\xaf\x06\x1e"


@pytest.mark.parametrize(
    ("kind", "name"), [("TIFF", "x.pdf"), ("JPEG", "x.tif"), ("PNG", "หนังสือ"), ("PDF", "x.png")]
)
def test_type_is_found_by_content_not_name(tmp_path: Path, kind: str, name: str) -> None:
    path = save(tmp_path / name, half_black(), kind)
    with open_scan(path) as scan:
        assert scan.file_type.name == kind
        assert scan.name == name
        assert scan.page_count == 1


def test_unknown_content_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_text("เรียน ผู้อำนวยการ")
    with pytest.raises(UnsupportedTypeError), open_scan(path):
        pass
    assert detect_type(b"GIF89a") is None


def test_folder_missing_and_empty_files(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pdf"
    empty.touch()
    with pytest.raises(EmptyFileError), open_scan(empty):
        pass
    with pytest.raises(FileVanishedError), open_scan(tmp_path / "gone.pdf"):
        pass
    with pytest.raises(OcrError), open_scan(tmp_path):
        pass


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("orientation", "edge"), [(1, "left"), (3, "right"), (6, "top"), (8, "bottom")]
)
def test_exif_orientation_is_honoured(
    tmp_path: Path, kind: str, orientation: int, edge: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = save(tmp_path / "x", half_black(), kind, exif=exif)
    with open_scan(path) as scan:
        pixels = scan.picture(1).pixels
    sides = {"left": pixels[:, 2], "right": pixels[:, -3], "top": pixels[2], "bottom": pixels[-3]}
    assert min(sides, key=lambda side: float(sides[side].mean())) == edge


def test_every_page_of_a_group_4_tiff(tmp_path: Path) -> None:
    pages = [half_black((80, 100), "1"), Image.new("1", (80, 100), 1)]
    path = save(
        tmp_path / "x.tif",
        pages[0],
        "TIFF",
        compression="group4",
        save_all=True,
        append_images=pages[1:],
        dpi=(300, 300),
    )
    with open_scan(path) as scan:
        assert scan.page_count == 2
        assert scan.picture(2).gray.min() == 255
        assert scan.picture(1).gray[:, :40].max() == 0  # out of order, as a retry may ask
        assert scan.picture(1).dpi == 300


def test_fax_dots_become_square(tmp_path: Path) -> None:
    path = save(tmp_path / "fax.tif", half_black((864, 550), "1"), "TIFF", dpi=(204, 98))
    with open_scan(path) as scan:
        picture = scan.picture(1)
    assert picture.dpi == 204
    assert (picture.width, picture.height) == (864, round(550 * 204 / 98))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_every_pixel_kind_becomes_gray_or_rgb(mode: str) -> None:
    image = half_black() if mode in ("I;16", "LA") else half_black(mode=mode)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    elif mode == "LA":
        image = image.convert("RGBA").convert("LA")
    flat = flatten(image)
    assert flat.mode in ("L", "RGB")
    gray = np.asarray(flat.convert("L"))
    assert gray[:, :25].max() < 60
    assert gray[:, 35:].min() > 200


def test_transparent_paper_is_white() -> None:
    assert flatten(Image.new("RGBA", (4, 4), (0, 0, 0, 0))).getpixel((1, 1)) == (255, 255, 255)


def test_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_header(30_000, 30_000))
    with pytest.raises(TooLargeError), open_scan(path) as scan:
        scan.picture(1)
    path.write_bytes(png_header(9_500, 11_000))  # Pillow only warns of this one
    with pytest.raises(TooLargeError), open_scan(path) as scan:
        scan.picture(1)


def test_bomb_inside_a_pdf_is_refused(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    stream = pikepdf.Stream(
        pdf,
        zlib.compress(b"\0" * 1000),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=30_000,
        Height=30_000,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.FlateDecode,
    )
    pdf.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=stream))
    pdf.pages[0].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /Im Do")
    pdf.save(tmp_path / "x.pdf")
    with pytest.raises(TooLargeError), open_scan(tmp_path / "x.pdf") as scan:
        scan.picture(1)


def test_limits_hold_for_bytes_pages_and_paper(tmp_path: Path) -> None:
    path = save(tmp_path / "x.png", half_black(), "PNG")
    with pytest.raises(TooLargeError), open_scan(path, Limits(max_file_bytes=10)):
        pass
    pages = save(
        tmp_path / "x.tif", half_black(), "TIFF", save_all=True, append_images=[half_black()] * 3
    )
    with pytest.raises(TooLargeError), open_scan(pages, Limits(max_pages=3)):
        pass
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(14_400, 14_400))  # the largest page PDF knows: 5 metres
    pdf.save(tmp_path / "wall.pdf")
    with (
        pytest.raises(TooLargeError),
        open_scan(tmp_path / "wall.pdf", Limits(max_pixels=10**8)) as s,
    ):
        s.picture(1)


def test_a_large_page_is_rendered_at_the_resolution_that_fits(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(2384, 3370))  # A0
    pdf.save(tmp_path / "plan.pdf")
    with open_scan(tmp_path / "plan.pdf", Limits(max_pixels=50_000_000)) as scan:
        picture = scan.picture(1)
    assert picture.width * picture.height <= 50_000_000
    assert 100 < picture.dpi < 300


def test_password_and_damage_are_told_apart(tmp_path: Path, make_pdf: Callable[..., bytes]) -> None:
    whole = make_pdf(["กขค"])
    path = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(PasswordProtectedError), open_scan(path):
        pass
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TruncatedFileError), open_scan(path):
        pass
    path.write_bytes(b"%PDF-1.7\n" + b"\x00garbage" * 50 + b"%%EOF")
    with pytest.raises(UnreadableFileError), open_scan(path):
        pass


def test_pdf_without_user_password_opens(tmp_path: Path, make_pdf: Callable[..., bytes]) -> None:
    path = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(make_pdf(["กขค"]))) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user=""))
    with open_scan(path) as scan:
        assert scan.is_drawn(1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_cut_image_is_named_cut(tmp_path: Path, kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    path = save(tmp_path / "x", Image.fromarray(noise), kind)
    path.write_bytes(path.read_bytes()[:-9000])
    with pytest.raises(UnreadableFileError), open_scan(path) as scan:
        scan.picture(1)


def test_scanned_pdf_keeps_the_scan_s_own_pixels(
    tmp_path: Path, image_pdf: Callable[[Image.Image], bytes]
) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(image_pdf(half_black((617, 873))))
    with open_scan(path) as scan:
        picture = scan.picture(1)
        assert not scan.is_drawn(1)
    assert (picture.width, picture.height) == (617, 873)
    assert picture.dpi == pytest.approx(300, abs=0.1)
    assert picture.pixels.ndim == 2


def test_turned_picture_comes_back_upright(tmp_path: Path) -> None:
    path = save(tmp_path / "x.png", half_black(), "PNG")
    with open_scan(path) as scan:
        picture = scan.picture(1)
    for turned in (0, 90, 180, 270):
        quarter = np.rot90(picture.pixels, k=turned // 90)  # counter-clockwise
        again = type(picture)(np.ascontiguousarray(quarter), picture.dpi).upright(turned)
        assert np.array_equal(again.pixels, picture.pixels)
