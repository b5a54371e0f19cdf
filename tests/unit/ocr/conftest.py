"""Small pages that the tests draw themselves, and PDFs with a text layer of any kind."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import fontpkg_sarabun
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from tests.layers import SeenFont

SARABUN = Path(fontpkg_sarabun.__file__).parent / "files" / "Sarabun-Regular.ttf"

DrawPage = Callable[..., Image.Image]
MakePdf = Callable[..., bytes]


@pytest.fixture(scope="session")
def draw_page() -> DrawPage:
    """Draw lines of 16 pt Thai at 300 dpi, black on white unless colours are given."""

    def draw(
        lines: list[str], *, colours: list[str] | None = None, size: tuple[int, int] = (1800, 1200)
    ) -> Image.Image:
        page = Image.new("RGB", size, "white")
        pen = ImageDraw.Draw(page)
        face = ImageFont.truetype(str(SARABUN), 54)
        for index, line in enumerate(lines):
            colour = colours[index] if colours else "black"
            pen.text((120, 100 + 130 * index), line, font=face, fill=colour)
        return page

    return draw


@pytest.fixture(scope="session")
def make_pdf() -> MakePdf:
    """Write a PDF whose text layer says what is asked: one page, one text object a line."""

    def make(lines: list[str], *, rotate: int = 0, spread: float = 0.0) -> bytes:
        pdf, font = pikepdf.new(), SeenFont()
        content = b"BT /F 14 Tf "
        for index, line in enumerate(lines):
            codes = font.encode(line).hex()
            content += f"{spread} Tc 1 0 0 1 70 {760 - 24 * index} Tm <{codes}> Tj ".encode()
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[0]
        page.Contents = pdf.make_stream(content + b"ET")
        page.Resources = Dictionary(Font=Dictionary(F=font.embed(pdf)))
        page.Rotate = rotate
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()

    return make


@pytest.fixture(scope="session")
def image_pdf() -> Callable[[Image.Image], bytes]:
    """Wrap an image as a scanner does: one page, one JPEG over all of it, 300 dpi."""

    def wrap(image: Image.Image) -> bytes:
        jpeg = io.BytesIO()
        image.convert("L").save(jpeg, "JPEG", quality=90)
        pdf = pikepdf.new()
        width, height = image.width * 72 / 300, image.height * 72 / 300
        pdf.add_blank_page(page_size=(width, height))
        stream = pikepdf.Stream(
            pdf,
            jpeg.getvalue(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        stream.write(jpeg.getvalue(), filter=Name.DCTDecode)
        page = pdf.pages[0]
        page.Resources = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(stream)))
        page.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /Im Do Q".encode())
        page.MediaBox = Array([0, 0, width, height])
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()

    return wrap
