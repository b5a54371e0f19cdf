"""Three letters scanned in one go with our printed sheets between them become three registered letters."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline.demo.letters import LETTERS, draw_pages
from pipeline.forms.papers import typeset_separator
from tests.offices import TestOffice, make_office, nearly

pytestmark = pytest.mark.engine
DPI = 200
SENT = [
    next(letter for letter in LETTERS if letter.file_name.startswith(start))
    for start in ("ด่วนที่สุด", "สองหน้า", "บันทึก")
]


def scanned(paper: Image.Image, degrees: float, seed: int) -> Image.Image:
    """Return a page as an office's scanner gives it: skewed, grainy, bilevel, 200 dpi."""
    size = (round(8.27 * DPI), round(11.69 * DPI))
    turned = (
        paper.convert("L").resize(size).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    )
    gray = np.asarray(turned) + np.random.default_rng(seed).normal(0, 18, size[::-1])
    return Image.fromarray(np.where(gray < 150, 0, 255).astype(np.uint8)).convert("1")


def print_sheet() -> Image.Image:
    pdf = typeset_separator("สำนักงานเขตพื้นที่การศึกษาตัวอย่าง", datetime(2026, 1, 5, tzinfo=UTC))
    with pypdfium2.PdfDocument(pdf) as opened:
        picture: Image.Image = opened[0].render(scale=DPI / 72).to_pil()
    return picture


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> TestOffice:
    """An office that was handed one scan: a sheet in front, one between the letters, one upside down."""
    folder: Path = tmp_path_factory.mktemp("batch")
    sheet = print_sheet()
    pages = []
    for number, (letter, degrees) in enumerate(zip(SENT, (1.2, 180.8, -1.5), strict=True)):
        pages.append(scanned(sheet, degrees, number))
        pages += [scanned(page, 0.3, number) for page in draw_pages(letter)]
    scan = folder / "scan0001.tif"
    pages[0].save(
        scan, compression="group4", dpi=(DPI, DPI), save_all=True, append_images=pages[1:]
    )
    office = make_office(folder / "office")
    added = office.saraban("add", str(scan))
    assert added.code == 0, added.err
    office.work_once()
    return office


def test_each_letter_has_its_number_and_no_page_of_another(office: TestOffice) -> None:
    status = office.status()
    assert (status["filed"], status["waiting"], status["quarantined"]) == (3, 0, 0)
    year = office.saraban("search", "", "--json").json[0]["register_number"].split("/")[1]
    shown = [office.saraban("show", f"{number}/{year}", "--json").json for number in (1, 2, 3)]
    for letter in SENT:
        (found,) = (one for one in shown if nearly(one["subject"], letter.subject))
        assert found["group"] == letter.group
        assert found["kind"] == letter.kind
        assert not [
            other for other in SENT if other is not letter and other.body[0] in found["text"]
        ]
        assert "แผ่นคั่น" not in found["text"]
    assert nearly(shown[0]["subject"], SENT[0].subject), "the first letter keeps the scan"


def test_the_sheets_are_in_no_letter_and_the_scan_is_kept_whole(office: TestOffice) -> None:
    pages = []
    for path in (office.root / "archive" / "searchable").rglob("*.pdf"):
        with pikepdf.open(path) as pdf:
            pages.append(len(pdf.pages))
    assert sorted(pages) == [1, 1, 2]
    frames = []
    for path in (office.root / "archive" / "originals").rglob("*.tif"):
        with Image.open(path) as image:
            frames.append(getattr(image, "n_frames", 1))
    assert sorted(frames) == [1, 2, 7]
    checked = office.saraban("check", "--json")
    assert (checked.code, checked.json) == (0, [])
