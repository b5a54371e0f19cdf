"""A scan of any kind is read with the engine at hand, and its archived PDF is searchable."""

from __future__ import annotations

import shutil
from pathlib import Path

import edlib
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from ocr import Origin, RecognizedDocument, choose_engine, read, write_searchable_pdf
from ocr.errors import FileVanishedError
from ocr.tesseract import TesseractEngine, tesseract_status
from ocr.thai_text import fold
from pipeline.demo.letters import LETTERS, DemoLetter, draw_pages, save_letter
from tests.layers import LETTER, TextPage

pytestmark = [pytest.mark.engine, pytest.mark.usefixtures("some_engine")]

ONE_OF_EACH = {Path(letter.file_name).suffix: letter for letter in LETTERS}
LEAST_ALIKE = 0.85  # of a subject's letters; the stock engine knows half of the Thai digits


def likeness(wanted: str, text: str) -> float:
    """How much of a text stands in another, at its best place."""
    wanted, text = fold(wanted), fold(text)
    return 1 - float(edlib.align(wanted, text, mode="HW")["editDistance"]) / len(wanted)


@pytest.mark.parametrize("letter", ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_scan_is_read_and_archived(tmp_path: Path, letter: DemoLetter) -> None:
    path = save_letter(letter, tmp_path)
    document = read(path)
    assert document.name == letter.file_name
    assert len(document.pages) == len(draw_pages(letter))
    assert {page.origin for page in document.pages} == {Origin.RECOGNIZED}
    assert {page.rotation for page in document.pages} == {0}
    assert likeness(letter.subject or letter.body[0], document.text) > LEAST_ALIKE
    if letter.signer:
        assert likeness(letter.signer, document.text) > LEAST_ALIKE
    check = write_searchable_pdf(path, document, tmp_path / "archived.pdf")
    assert check.passed, check
    assert check.archival, check.findings
    with pikepdf.open(tmp_path / "archived.pdf") as pdf:
        assert len(pdf.pages) == len(document.pages)


def test_upside_down_and_sideways_scans_stand_up(tmp_path: Path) -> None:
    upright = draw_pages(LETTERS[0])[0].convert("L")
    pages = [upright.rotate(turned, expand=True) for turned in (0, 90, 180, 270)]
    pages[0].save(tmp_path / "x.tif", save_all=True, append_images=pages[1:], dpi=(300, 300))
    document = read(tmp_path / "x.tif")
    assert [page.rotation for page in document.pages] == [0, 90, 180, 270]
    assert {(page.width, page.height) for page in document.pages} == {upright.size}
    for page in document.pages:
        assert likeness(LETTERS[0].subject, page.text) > LEAST_ALIKE
    write_searchable_pdf(tmp_path / "x.tif", document, tmp_path / "out.pdf")
    shown = pdfium.PdfDocument(tmp_path / "out.pdf")
    assert len({tuple(round(side) for side in page.get_size()) for page in shown}) == 1


def test_mixed_pdf_says_page_by_page_what_was_done(tmp_path: Path) -> None:
    scan = save_letter(LETTERS[0], tmp_path)
    document = read(scan)
    write_searchable_pdf(scan, document, tmp_path / "layered.pdf")
    # A page whose text lies over a scan is still a scan; a page of text that is seen is born digital.
    (tmp_path / "text.pdf").write_bytes(TextPage.blank().write(LETTER).finish())
    with (
        pikepdf.open(tmp_path / "layered.pdf") as pdf,
        pikepdf.open(tmp_path / "text.pdf") as text,
    ):
        pdf.pages.append(text.pages[0])
        pdf.save(tmp_path / "mixed.pdf")
    mixed = read(tmp_path / "mixed.pdf")
    assert mixed.pages[0].origin is Origin.RECOGNIZED
    assert mixed.pages[1].origin in (Origin.BORN_DIGITAL, Origin.REPAIRED)
    assert mixed.pages[1].lines[0].text == LETTER[0][2]


def test_file_that_vanishes_is_our_error_and_one_that_vanishes_late_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.png"
    with pytest.raises(FileVanishedError):
        read(path)
    Image.new("L", (600, 800), 255).save(path)

    class Remover:
        name = "remover"

        def read_page(self, picture: object, number: int) -> object:
            path.unlink()
            return choose_engine().read_page(picture, number)  # type: ignore[arg-type]

    document = read(path, engine=Remover())  # type: ignore[arg-type]
    assert isinstance(document, RecognizedDocument)
    assert not path.exists()


@pytest.mark.skipif(not tesseract_status().usable, reason="no Tesseract with Thai here")
def test_second_opinion_reads_the_same_letter(tmp_path: Path) -> None:
    letter = ONE_OF_EACH[".jpg"]
    document = read(save_letter(letter, tmp_path), engine=TesseractEngine())
    assert likeness(letter.subject or letter.body[0], document.text) > LEAST_ALIKE
    assert shutil.which("tesseract")
    assert document.pages[0].engine.startswith("tesseract ")
