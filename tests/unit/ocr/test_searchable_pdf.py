"""The archived PDF is found by exact search in three readers, is PDF/A-2b, and is the same twice."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from pdfminer.high_level import extract_text
from PIL import Image

from ocr.document import Box, Ink, Line, Origin, Page, RecognizedDocument, Word
from ocr.errors import PasswordProtectedError
from ocr.searchable_pdf import check_layer, write_searchable_pdf

SUBJECT = "เรื่อง ขอเชิญประชุมผู้อำนวยการสำนักงานเขตพื้นที่การศึกษาทั่วประเทศ ครั้งที่ ๑/๒๕๖๘"
LINES = [
    "ที่ ศธ ๐๔๐๐๙/ว ๗๓๔๕",
    SUBJECT,
    "ณ ห้องประชุม ๓ น. ก ข",
    "น้ำ ปี่ ญู ฐุ ก๋วยเตี๋ยว ฤๅษี ๏ ๚",
    "https://example.go.th (Ransomware) – 50%",
    "ลับ",
]


def page_of(lines: list[str], *, number: int = 1, rotation: int = 0, words: bool = True) -> Page:
    """A page of 1,800 x 1,200 pixels whose lines stand 130 pixels apart."""
    made = []
    for index, text in enumerate(lines):
        top, at, parts = 100 + 130 * index, 120, []
        for word in text.split():
            parts.append(Word(word, Box(at, top, at + 18 * len(word), top + 60), 0.9))
            at += 18 * len(word) + 15
        box = Box(120, top, at - 15, top + 60)
        made.append(Line(text, box, tuple(parts) if words else (), 0.9, Ink.BLACK))
    return Page(number, 1800, 1200, 300, rotation, tuple(made), Origin.RECOGNIZED, "test")


def png(path: Path, image: Image.Image | None = None) -> Path:
    (image or Image.new("L", (1800, 1200), 255)).save(path, "PNG", dpi=(300, 300))
    return path


def read_with_pdfium(path: Path, number: int = 1) -> str:
    return str(pdfium.PdfDocument(path)[number - 1].get_textpage().get_text_range())


def read_with_poppler(path: Path) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([program, str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode()


READERS: dict[str, Callable[[Path], str]] = {
    "pdfium": read_with_pdfium,
    "pdfminer": lambda path: str(extract_text(path)),
    "poppler": read_with_poppler,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("words", [True, False], ids=["word boxes", "line boxes only"])
def test_lines_are_found_exactly(tmp_path: Path, reader: str, words: bool) -> None:
    document = RecognizedDocument("x", (page_of(LINES, words=words),))
    check = write_searchable_pdf(png(tmp_path / "x.png"), document, tmp_path / "out.pdf")
    assert check.passed
    assert set(check.found_share_by_reader.values()) == {1.0}
    text = READERS[reader](tmp_path / "out.pdf")
    assert [line for line in LINES if line not in text] == []


def test_selection_covers_the_printed_word(tmp_path: Path) -> None:
    page = page_of(LINES)
    write_searchable_pdf(
        png(tmp_path / "x.png"), RecognizedDocument("x", (page,)), tmp_path / "out.pdf"
    )
    shown = pdfium.PdfDocument(tmp_path / "out.pdf")[0]
    text_page = shown.get_textpage()
    word = page.lines[1].words[1]  # the long run of the subject
    first, count = text_page.search(word.text).get_next()
    boxes = [text_page.get_charbox(index) for index in range(first, first + count)]
    scale = 72 / 300
    assert min(box[0] for box in boxes) == pytest.approx(word.box.left * scale, abs=6)
    assert max(box[2] for box in boxes) == pytest.approx(word.box.right * scale, abs=2)


def test_file_is_pdfa_without_traces_of_time(tmp_path: Path) -> None:
    document = RecognizedDocument("x", (page_of(LINES),))
    source = png(tmp_path / "x.png")
    check = write_searchable_pdf(source, document, tmp_path / "one.pdf")
    write_searchable_pdf(source, document, tmp_path / "two.pdf")
    assert check.archival, check.findings
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert not (tmp_path / "one.pdf.part").exists()
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert "Date" not in str(metadata)
        assert not pdf.is_encrypted
        font = pdf.pages[0].Resources.Font.SarabanText
        program = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    assert TTFont(io.BytesIO(program))["hmtx"]["blank"] == (500, 0)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_turned_pdf_pages_are_upright_with_text_in_place(
    tmp_path: Path, image_pdf: Callable[[Image.Image], bytes], rotation: int, rotate: int
) -> None:
    upright = Image.new("L", (1800, 1200), 255)
    upright.paste(0, (100, 100, 400, 160))  # a black bar where the first line stands
    # The page is stored so that /Rotate shows it turned counter-clockwise by `rotation`.
    stored = upright.rotate(rotation + rotate, expand=True)
    source = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(image_pdf(stored))) as pdf:
        pdf.pages[0].Rotate = rotate
        pdf.save(source)
    document = RecognizedDocument("x", (page_of(LINES, rotation=rotation),))
    assert write_searchable_pdf(source, document, tmp_path / "out.pdf").passed
    shown = pdfium.PdfDocument(tmp_path / "out.pdf")[0]
    assert shown.get_size() == pytest.approx((432, 288), abs=0.5)
    assert shown.render(scale=1).to_pil().convert("L").getpixel((60, 31)) < 50
    text_page = shown.get_textpage()
    first = text_page.search(LINES[0]).get_next()[0]
    left, bottom, right, top = text_page.get_charbox(first, loose=True)
    corners = [shown_place(shown, left, bottom), shown_place(shown, right, top)]
    assert min(x for x, _ in corners) == pytest.approx(120 * 72 / 300, abs=1)
    assert min(y for _, y in corners) == pytest.approx(100 * 72 / 300, abs=2)
    assert max(y for _, y in corners) == pytest.approx(160 * 72 / 300, abs=2)


def shown_place(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """Where a point of the page's own space is shown, from the upper left, in points."""
    width, height = page.get_size()
    return {
        0: (x, height - y),
        90: (y, x),
        180: (width - x, y),
        270: (width - y, height - x),
    }[page.get_rotation()]


def test_another_program_s_invisible_layer_is_replaced(
    tmp_path: Path, image_pdf: Callable[[Image.Image], bytes]
) -> None:
    source = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(image_pdf(Image.new("L", (1800, 1200), 255)))) as pdf:
        pdf.pages[0].add_resource(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
            ),
            pikepdf.Name.Font,
            pikepdf.Name.F,
        )
        pdf.pages[0].contents_add(b"BT /F 12 Tf 3 Tr 20 20 Td (old wrong layer) Tj ET")
        pdf.save(source)
    assert "old wrong layer" in read_with_pdfium(source)
    document = RecognizedDocument("x", (page_of(LINES),))
    assert write_searchable_pdf(source, document, tmp_path / "out.pdf").passed
    text = read_with_pdfium(tmp_path / "out.pdf")
    assert "old wrong layer" not in text
    assert SUBJECT in text


def test_trusted_born_digital_page_gets_no_second_layer(
    tmp_path: Path, make_pdf: Callable[..., bytes]
) -> None:
    source = tmp_path / "x.pdf"
    source.write_bytes(make_pdf([SUBJECT[:40]]))
    page = Page(1, 2480, 3509, 300, 0, page_of(LINES).lines, Origin.BORN_DIGITAL, "pdfplumber")
    check = write_searchable_pdf(source, RecognizedDocument("x", (page,)), tmp_path / "out.pdf")
    assert check.passed
    text = read_with_pdfium(tmp_path / "out.pdf")
    assert text.count(SUBJECT[:40]) == 1
    assert LINES[0] not in text


def test_scripts_actions_and_attachments_are_removed(
    tmp_path: Path, image_pdf: Callable[[Image.Image], bytes]
) -> None:
    source = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(image_pdf(Image.new("L", (1800, 1200), 255)))) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=b"app.alert(1)")
        pdf.Root.OpenAction = script
        pdf.pages[0].AA = pikepdf.Dictionary(O=script)
        pdf.attachments["virus.exe"] = b"MZ"
        pdf.save(source)
    document = RecognizedDocument("x", (page_of(LINES),))
    check = write_searchable_pdf(source, document, tmp_path / "out.pdf")
    assert check.archival, check.findings
    data = (tmp_path / "out.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert "/AA" not in pdf.pages[0]
        assert not pdf.attachments


def test_a_layer_that_does_not_match_is_not_passed(tmp_path: Path) -> None:
    document = RecognizedDocument("x", (page_of(LINES),))
    write_searchable_pdf(png(tmp_path / "x.png"), document, tmp_path / "out.pdf")
    other = RecognizedDocument("x", (page_of([line.replace(" ", "") for line in LINES]),))
    check = check_layer((tmp_path / "out.pdf").read_bytes(), other)
    assert not check.passed
    assert all(share < 0.5 for share in check.found_share_by_reader.values())


def test_locked_source_is_our_error(tmp_path: Path, make_pdf: Callable[..., bytes]) -> None:
    source = tmp_path / "x.pdf"
    with pikepdf.open(io.BytesIO(make_pdf(["กขค"]))) as pdf:
        pdf.save(source, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(PasswordProtectedError):
        write_searchable_pdf(source, RecognizedDocument("x", ()), tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()
