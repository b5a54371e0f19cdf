"""Sample scans beside the checkout are read the right way up and found in three readers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pdfminer.high_level import extract_text

from ocr import Origin, read, write_searchable_pdf

SHARED = Path(__file__).parents[3] / "shared"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.engine,
    pytest.mark.usefixtures("some_engine"),
    pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared here"),
]


@pytest.mark.parametrize("name", ["s02.tif", "s14.jpg", "s26.tif"])
def test_turned_hard_scans_are_noticed(name: str) -> None:
    truth = json.loads((SHARED / "samples" / "truth.json").read_text("utf-8"))
    page = read(SHARED / "samples" / name).pages[0]
    assert page.rotation == truth[name]["rotation"]


@pytest.mark.parametrize("name", ["s00.tif", "s01.pdf"])
def test_what_was_read_is_found_by_exact_search(tmp_path: Path, name: str) -> None:
    source, target = SHARED / "samples" / name, tmp_path / "out.pdf"
    document = read(source)
    check = write_searchable_pdf(source, document, target)
    assert check.passed, check
    assert check.archival, check.findings
    longest = max((line.text for line in document.pages[0].lines), key=len)
    texts = [
        str(pdfium.PdfDocument(target)[0].get_textpage().get_text_range()),
        str(extract_text(target)),
    ]
    program = shutil.which("pdftotext")
    if program:
        done = subprocess.run([program, str(target), "-"], capture_output=True, check=True)
        texts.append(done.stdout.decode())
    assert all(longest in text for text in texts)


def test_broken_layers_are_mended_or_read_from_the_picture() -> None:
    document = read(SHARED / "real" / "broken-layer-word.pdf")
    assert {page.origin for page in document.pages[:3]} <= {Origin.REPAIRED, Origin.BORN_DIGITAL}
    assert "โรงเรียน" in document.text or "เครื่องบิน" in document.text
    assert "เครื่ องบิน" not in document.text
