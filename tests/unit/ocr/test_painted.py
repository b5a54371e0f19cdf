"""What is painted is the truth: text that nobody sees does not exist, and ink without text is read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pdfminer.high_level import extract_text
from PIL import Image

from ocr import read, write_searchable_pdf
from ocr.born_digital import read_layer
from ocr.document import Origin, Page, RecognizedDocument
from ocr.engine import PagePicture
from ocr.errors import UnreadableFileError
from ocr.pages import open_scan
from tests.layers import A4, LETTER, TextPage, draw_lines

Lines = Sequence[tuple[float, float, str]]
UNSEEN = "ที่ ศธ ๐๔๐๐๖/ว ๙๙๙๙"
ABOVE = [(85.0, 790.0, UNSEEN)]
HIDDEN_BY = {
    "white": b"1 1 1 rg",
    "nearly white": b"0.97 g",
    "invisible": b"3 Tr",
    "clip only": b"7 Tr",
    "clipped away": b"0 0 20 20 re W n",
    "transparent": b"/Clear gs",
}
FIRST = "๑๒๗๔"


class NoEngine:
    """Fails the test that lets it read."""

    name = "none"

    def read_page(self, picture: PagePicture, number: int) -> Page:
        raise AssertionError("the page was to be read from its text")


def read_bytes(tmp_path: Path, data: bytes, *, by_layer_alone: bool = False) -> RecognizedDocument:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    return read(path, engine=NoEngine()) if by_layer_alone else read(path)


def archived_text(tmp_path: Path, document: RecognizedDocument) -> str:
    """Archive what was read; return what a reader finds in it, which must show what was read."""
    out = tmp_path / "out.pdf"
    check = write_searchable_pdf(tmp_path / "x.pdf", document, out)
    assert check.passed
    assert check.archival, check.findings
    assert check.other_pictures == ()
    assert pdfium.PdfDocument(out)[0].get_size() == pytest.approx(A4, abs=1)
    return str(extract_text(out))


@pytest.mark.parametrize("way", HIDDEN_BY)
def test_text_that_nobody_sees_does_not_exist(tmp_path: Path, way: str) -> None:
    page = TextPage.blank().write(ABOVE, before=HIDDEN_BY[way]).write(LETTER)
    document = read_bytes(tmp_path, page.finish(), by_layer_alone=True)
    assert document.pages[0].origin is Origin.MIXED
    assert document.pages[0].lines[0].text == LETTER[0][2]
    assert "๙๙๙๙" not in document.text
    text = archived_text(tmp_path, document)
    assert "๙๙๙๙" not in text
    assert text.count(LETTER[4][2]) == 1


def test_a_switched_off_layer_a_picture_and_the_page_s_edge_hide_text(tmp_path: Path) -> None:
    off = TextPage.blank().write(LETTER)
    off.parts.append(b"/OC /Off BDC " + off.text_content(ABOVE) + b" EMC")
    behind = TextPage.blank().write(ABOVE)
    behind.image(Image.new("L", (40, 20), 255), (80, 780, 300, 810)).write(LETTER)
    tiny = TextPage.blank().write(ABOVE, size=0.5).write(LETTER)
    beyond = TextPage.blank().write([(85, 900, UNSEEN)]).write(LETTER)
    for page in (off, behind, tiny, beyond):
        document = read_bytes(tmp_path, page.finish(), by_layer_alone=True)
        assert "๙๙๙๙" not in document.text
        assert FIRST in document.text
        assert "๙๙๙๙" not in archived_text(tmp_path, document)


def test_text_that_is_seen_is_kept_as_it_is(tmp_path: Path) -> None:
    white_on_black = TextPage.blank().write(LETTER)
    white_on_black.parts.append(b"0 g 80 780 300 30 re f")
    white_on_black.write([(85, 790, "ด่วนที่สุด")], before=b"1 g")
    for page, origin in (
        (TextPage.blank().write(LETTER), Origin.BORN_DIGITAL),
        (TextPage.blank().write(LETTER[:6]).show_form(LETTER[6:]), Origin.BORN_DIGITAL),
    ):
        document = read_bytes(tmp_path, page.finish(), by_layer_alone=True)
        assert document.pages[0].origin is origin
        assert sorted(document.text.split("\n")) == sorted(text for *_, text in LETTER)
        assert archived_text(tmp_path, document).count(FIRST) == 1
    read_page = layer_alone(tmp_path, white_on_black.finish())
    assert read_page is not None
    assert read_page.lines[0].text == "ด่วนที่สุด"


def layer_alone(tmp_path: Path, data: bytes) -> Page | None:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    with open_scan(path) as scan:
        without_text = scan.picture_without_text(1)
        assert without_text is not None
        return read_layer(scan, 1, scan.picture(1), without_text)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.3, 0.0), (0.7, 0.3)])
def test_words_drawn_twice_count_once(tmp_path: Path, shift: tuple[float, float]) -> None:
    again = [(x + shift[0], y + shift[1], text) for x, y, text in LETTER[:5]]
    document = read_bytes(
        tmp_path, TextPage.blank().write(LETTER).write(again).finish(), by_layer_alone=True
    )
    assert [line.text for line in document.pages[0].lines] == [text for *_, text in LETTER]


@pytest.mark.parametrize("other", ["๑๒๗๕", "๙๙๙๙"])
def test_other_words_in_the_place_of_words_leave_it_to_the_picture(
    tmp_path: Path, other: str
) -> None:
    x, y, text = LETTER[0]
    page = TextPage.blank().write([(x, y, text.replace(FIRST, other))], before=b"1 g").write(LETTER)
    assert layer_alone(tmp_path, page.finish()) is None


@pytest.mark.parametrize("kind", ["FreeText", "Stamp", "Widget"])
def test_what_is_laid_over_the_page_is_part_of_it(tmp_path: Path, kind: str) -> None:
    x, y, text = LETTER[0]
    page = TextPage.blank().write([(x, y, text.removesuffix(FIRST)), *LETTER[1:]])
    beside = x + page.font.width(text.removesuffix(FIRST), 15)
    page.annotate(kind, beside, y, FIRST, width=60)
    page.annotate(kind, 290, 780, "ด่วนที่สุด")
    page.annotate(kind, 290, 820, "ลับ", flags=2)  # hidden
    document = read_bytes(tmp_path, page.finish(), by_layer_alone=True)
    lines = [line.text for line in document.pages[0].lines]
    assert lines[:2] == ["ด่วนที่สุด", text]
    assert "ลับ" not in document.text
    assert FIRST in archived_text(tmp_path, document)


def test_a_number_drawn_as_a_picture_is_read_into_its_line(tmp_path: Path) -> None:
    x, y, text = LETTER[0]
    page = TextPage.blank().write([(x, y, text.removesuffix(FIRST)), *LETTER[1:]])
    beside = x + page.font.width(text.removesuffix(FIRST), 15)
    drawn = draw_lines([(2, 6, FIRST)], page=(60, 24))
    page.image(drawn, (beside, y - 6, beside + 60, y + 18))
    document = read_bytes(tmp_path, page.finish())
    assert document.pages[0].origin is Origin.MIXED
    assert document.pages[0].lines[0].text == text
    assert document.pages[0].lines[-1].text == LETTER[-1][2]
    assert text in archived_text(tmp_path, document)


@pytest.mark.parametrize("share", [0.5, 0.65])
def test_a_letter_pictured_under_a_typed_note_is_read(tmp_path: Path, share: float) -> None:
    note = [(60, 815, "ส่งมาเพื่อโปรดทราบและดำเนินการ"), (60, 795, "เจ้าหน้าที่ธุรการกลุ่มอำนวยการ")]
    page = TextPage.blank().image(
        draw_lines(LETTER), (60, 20, 60 + A4[0] * share, 20 + A4[1] * share)
    )
    document = read_bytes(tmp_path, page.write(note).finish())
    assert note[0][2] in document.text
    assert LETTER[0][2] in document.text
    assert LETTER[4][2] in document.text
    assert LETTER[4][2] in archived_text(tmp_path, document)


@pytest.mark.parametrize("share", [0.6, 0.7, 1.0])
def test_a_scan_s_own_layer_has_no_say(tmp_path: Path, share: float) -> None:
    wrong: Lines = [
        (x * share, 20 + y * share, text.replace(FIRST, "๑๒๗๕").replace("๒๕๖๙", "๒๕๖๘"))
        for x, y, text in LETTER
    ]
    page = TextPage.blank().image(draw_lines(LETTER), (0, 20, A4[0] * share, 20 + A4[1] * share))
    page.write(wrong, size=15 * share, before=b"3 Tr")
    document = read_bytes(tmp_path, page.finish())
    assert document.pages[0].origin is Origin.RECOGNIZED
    assert FIRST in document.text
    assert "๒๕๖๙" in document.text
    text = archived_text(tmp_path, document)
    assert "๑๒๗๕" not in text
    assert text.count(LETTER[4][2]) == 1


@pytest.mark.parametrize("way", ["in a form", "in two forms", "behind the picture", "white"])
def test_an_archived_scan_has_one_text_layer(tmp_path: Path, way: str) -> None:
    page, bad = TextPage.blank(), [(85.0, 750.0, "fi na 0206.7/J 19"), (85.0, 700.0, "Qn1un15wn")]
    if way == "behind the picture":
        page.write(bad)
    page.image(draw_lines(LETTER), (0, 0, *A4))
    if way.startswith("in"):
        page.parts.append(b"3 Tr")
        page.show_form(bad)
    if way == "in two forms":
        page.show_form([(85, 600, "unu")])
    if way == "white":
        page.write([(85, 20, bad[0][2])], before=b"1 g")
    text = archived_text(tmp_path, read_bytes(tmp_path, page.finish()))
    assert "fi na" not in text
    assert "unu" not in text
    assert text.count(LETTER[4][2]) == 1


def test_a_scan_with_a_printed_line_over_it_is_archived_with_it(tmp_path: Path) -> None:
    page = (
        TextPage.blank().image(draw_lines(LETTER), (0, 0, *A4)).write([(85, 812, "RECEIVED 0412")])
    )
    document = read_bytes(tmp_path, page.finish())
    assert "0412" in document.text
    assert archived_text(tmp_path, document).count("0412") == 1


@pytest.mark.parametrize("box", [b"[ 0 0 30: 200 ]", b"[ 0 0 595 ]", b"(A4)", b"[ 0 0 /A 842 ]"])
def test_a_page_whose_size_is_damaged_is_refused(tmp_path: Path, box: bytes) -> None:
    data = TextPage.blank().write(LETTER).finish()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    whole = buffer.getvalue()
    start = whole.index(b"/MediaBox") + len(b"/MediaBox")
    end = whole.index(b"]", start) + 1
    (tmp_path / "x.pdf").write_bytes(whole[:start] + box.ljust(end - start) + whole[end:])
    with pytest.raises(UnreadableFileError, match="MediaBox"):
        read(tmp_path / "x.pdf")
