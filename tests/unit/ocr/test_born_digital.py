"""A PDF's own text is taken when it reads as Thai, mended when it can be, refused when it is junk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.born_digital import is_trusted, read_layer
from ocr.document import Ink, Origin, Page
from ocr.pages import open_scan
from ocr.scan import Scan
from ocr.thai_text import normalize

MakePdf = Callable[..., bytes]
SHARED = Path(__file__).parents[4] / "shared"
LETTER = [
    "ที่ ศธ ๐๔๐๐๑/ว ๘๘๑",
    "เรื่อง การจัดประชุมผู้อำนวยการโรงเรียน",
    "เรียน ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา",
    "ด้วยสำนักงานคณะกรรมการการศึกษาขั้นพื้นฐาน ได้รับแจ้งเรื่องนี้แล้ว",
]


def layer(scan: Scan, number: int) -> Page | None:
    without_text = scan.picture_without_text(number)
    assert without_text is not None
    return read_layer(scan, number, scan.picture(number), without_text)


def layer_of(tmp_path: Path, data: bytes) -> Page | None:
    path = tmp_path / "x.pdf"
    path.write_bytes(data)
    with open_scan(path) as scan:
        assert scan.is_drawn(1)
        page = layer(scan, 1)
        picture = scan.picture(1)
    if page is not None:  # the boxes are of the picture that people are shown
        assert (page.width, page.height) == (picture.width, picture.height)
        assert all(line.box.right <= page.width + 1 for line in page.lines)
    return page


def test_whole_text_is_taken_as_it_is(tmp_path: Path, make_pdf: MakePdf) -> None:
    page = layer_of(tmp_path, make_pdf(LETTER))
    assert page is not None
    assert page.text.split("\n") == LETTER
    assert page.origin is Origin.BORN_DIGITAL
    assert page.rotation == 0
    assert [word.text for word in page.lines[1].words] == LETTER[1].split()
    assert {line.ink for line in page.lines} == {Ink.BLACK}


@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_turned_page_boxes_lie_on_the_shown_picture(
    tmp_path: Path, make_pdf: MakePdf, rotate: int
) -> None:
    page = layer_of(tmp_path, make_pdf(LETTER, rotate=rotate))
    # Text that runs up or down the shown page is read from the picture instead.
    assert (page is None) == (rotate != 0)


@pytest.mark.parametrize(
    "broken",
    [
        [line.replace("ำ", "ํา") for line in LETTER],
        [line.replace("้", "\uf70b").replace("่", "\uf70a") for line in LETTER],
        [line.replace("แ", "เเ") for line in LETTER],
    ],
    ids=["nikhahit", "private use", "two sara e"],
)
def test_broken_thai_is_mended_and_said_so(
    tmp_path: Path, make_pdf: MakePdf, broken: list[str]
) -> None:
    page = layer_of(tmp_path, make_pdf(broken))
    assert page is not None
    assert page.text.split("\n") == LETTER
    assert page.origin is Origin.REPAIRED
    assert all(line.confidence < 1 for line in page.lines)


def test_tis620_taken_for_latin_is_decoded(tmp_path: Path, make_pdf: MakePdf) -> None:
    junk = [line.encode("cp874").decode("latin-1") for line in LETTER]
    page = layer_of(tmp_path, make_pdf(junk))
    assert page is not None
    assert page.text.split("\n") == LETTER
    assert page.origin is Origin.REPAIRED


@pytest.mark.parametrize(
    "junk",
    [
        ["".join(chr(0x0E01 + (7 * i + 3 * j) % 46) for i in range(40)) for j in range(5)],
        [normalize(line).translate(dict.fromkeys(range(0x0E48, 0x0E4D))) for line in LETTER],
        ["!@#$ ๛๛๛ \ufffd\ufffd" * 5],
        ["กข"],
    ],
    ids=["letters at random", "tone marks lost", "signs", "too little to judge"],
)
def test_junk_is_left_to_the_picture(tmp_path: Path, make_pdf: MakePdf, junk: list[str]) -> None:
    assert layer_of(tmp_path, make_pdf(junk)) is None


def test_plain_english_is_trusted() -> None:
    assert is_trusted(["Minutes of the third meeting of the committee, Room 301"])
    assert not is_trusted(["¢ŒÍ ÷õ ¡ÃдÒÉ Ë¹Ñ§Ê×Í ÃÒª¡Òà ¢ŒÍ ÷õ ¡ÃдÒÉ Ë¹Ñ§Ê×Í"])


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared here")
def test_gazette_and_word_layers_are_repaired() -> None:
    with open_scan(SHARED / "real" / "broken-layer-gazette.pdf") as scan:
        pages = [layer(scan, number) for number in (1, 2)]
    first, table = (page for page in pages if page is not None)
    assert first.origin is table.origin is Origin.REPAIRED
    assert "จำนวนสมาชิกสภาผู้แทนราษฎรแบบแบ่งเขตเลือกตั้ง" in first.text
    assert "เล่ม ๑๔๐ ตอนที่ ๒๓ ก" in first.text
    assert "หน้า ๕" in first.text
    assert "อำเภอเมืองนครนายก" in table.text
    with open_scan(SHARED / "real" / "broken-layer-word.pdf") as scan:
        page = layer(scan, 2)
    assert page is not None
    assert "งานซ่อมบำรุงอากาศยาน" in page.text


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared here")
@pytest.mark.parametrize("name", ["s03", "s11"])
def test_born_digital_samples_read_whole(name: str) -> None:
    with open_scan(SHARED / "samples" / f"born-digital-{name}.pdf") as scan:
        page = layer(scan, 1)
    assert page is not None
    assert "สำนักงานเขตพื้นที่การศึกษาประถมศึกษาแพร่ เขต ๑" in page.text
    if name == "s11":
        assert page.lines[0].text == "ด่วนที่สุด"
        assert page.lines[0].ink is Ink.RED
