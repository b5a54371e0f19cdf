"""Whatever bytes arrive, reading and archiving end in a result or in one of our errors."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary
from PIL import Image

from ocr.born_digital import read_layer
from ocr.document import Origin, Page, RecognizedDocument
from ocr.errors import OcrError
from ocr.pages import open_scan
from ocr.scan import Limits
from ocr.searchable_pdf import write_searchable_pdf
from ocr.text_layer import InvisibleFont

LIMITS = Limits(max_pixels=2_000_000, max_pages=20)
MAGIC = [
    b"",
    b"%PDF-1.7\n",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
]


def text_pdf() -> bytes:
    pdf, font = pikepdf.new(), InvisibleFont()
    codes = font.encode("เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา").hex()
    pdf.add_blank_page(page_size=(300, 200))
    pdf.pages[0].Contents = pdf.make_stream(f"BT /F 12 Tf 20 100 Td <{codes}> Tj ET".encode())
    pdf.pages[0].Resources = Dictionary(Font=Dictionary(F=font.embed(pdf)))
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def image_bytes(kind: str, mode: str, **options: object) -> bytes:
    image = Image.linear_gradient("L").resize((64, 48)).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


VALID = [
    text_pdf(),
    image_bytes("JPEG", "RGB"),
    image_bytes("PNG", "P"),
    image_bytes("PNG", "RGBA"),
    image_bytes("TIFF", "1", compression="group4"),
    image_bytes("TIFF", "L", compression="tiff_lzw"),
    image_bytes("PDF", "L"),
]


def carry(data: bytes) -> None:
    """Do with the bytes what the pipeline does, short of recognizing letters."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scan"
        path.write_bytes(data)
        pages = []
        with open_scan(path, LIMITS) as scan:
            for number in range(1, scan.page_count + 1):
                picture = scan.picture(number)
                without_text = scan.picture_without_text(number) if scan.is_drawn(number) else None
                page = without_text and read_layer(scan, number, picture, without_text)
                pages.append(
                    page
                    or Page(
                        number,
                        picture.width,
                        picture.height,
                        picture.dpi,
                        0,
                        (),
                        Origin.RECOGNIZED,
                        "-",
                    )
                )
        document = RecognizedDocument("scan", tuple(pages))
        write_searchable_pdf(path, document, Path(folder) / "out.pdf", limits=LIMITS)


@pytest.mark.parametrize("data", VALID)
def test_valid_files_pass(data: bytes) -> None:
    carry(data)


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(deadline=None, max_examples=150, suppress_health_check=SLOW)
@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_random_bytes(magic: bytes, rest: bytes) -> None:
    with contextlib.suppress(OcrError):
        carry(magic + rest)


@settings(deadline=None, max_examples=150, suppress_health_check=SLOW)
@given(st.sampled_from(VALID), st.floats(0, 1))
def test_cut_files(data: bytes, share: float) -> None:
    with contextlib.suppress(OcrError):
        carry(data[: int(len(data) * share)])


@settings(deadline=None, max_examples=300, suppress_health_check=SLOW)
@given(
    st.sampled_from(VALID),
    st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=8
    ),
)
def test_flipped_bits(data: bytes, flips: list[tuple[float, int]]) -> None:
    changed = bytearray(data)
    for place, bits in flips:
        changed[int(place * len(changed))] ^= bits
    with contextlib.suppress(OcrError):
        carry(bytes(changed))
