"""`saraban forms` writes the forms of an office to files and says what it needs when it lacks something."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from classify import install_default_rules
from classify.letter import Secrecy
from index.errors import NoSuchRecordError
from pipeline.cli import cli
from pipeline.errors import NoSuchLetterError
from pipeline.forms.errors import FormIncompleteError, FormNotWrittenError
from pipeline.office import create_office, open_book
from tests.keeping import file_one, make_filing


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = create_office(tmp_path_factory.mktemp("command") / "office")
    install_default_rules(made.rules)
    with open_book(made) as book:
        file_one(book, "a", make_filing(subject="จัดสรรงบประมาณ"))
        file_one(book, "b", make_filing(subject="ผลการสอบสวน", secrecy=Secrecy.SECRET))
    yield made.root


def run(office: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["forms", *arguments, "--office", str(office)])


def test_a_years_book_is_written_as_pdf_and_workbook(office: Path, tmp_path: Path) -> None:
    pdf, xlsx = tmp_path / "13.pdf", tmp_path / "13.xlsx"
    ran = run(office, "13", "--year", "2569", "--pdf", str(pdf), "--xlsx", str(xlsx))
    assert ran.exit_code == 0, ran.output
    assert ran.output.split() == [str(pdf), str(xlsx)]
    with pdfplumber.open(io.BytesIO(pdf.read_bytes())) as opened:
        shown = opened.pages[0].extract_text()
    assert "จัดสรรงบประมาณ" in shown
    assert "(หนังสือลับ)" in shown
    assert "สอบสวน" not in shown
    page = load_workbook(xlsx).active
    assert page is not None
    assert page["A1"].value == "ทะเบียนหนังสือรับ (แบบที่ 13)"


@pytest.mark.parametrize(
    "arguments",
    [
        ("13", "--year", "2569"),
        ("13", "--day", "tomorrow", "--pdf", "x.pdf"),
        ("13", "--day", "2569-01-15", "--year", "2569", "--pdf", "x.pdf"),
        ("labels", "--xlsx", "x.xlsx"),
        ("99", "--pdf", "x.pdf"),
    ],
    ids=["nowhere", "no day", "two spans", "no table", "no form"],
)
def test_a_line_written_wrongly_says_so_and_writes_nothing(
    arguments: tuple[str, ...], office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(office, *arguments)
    assert ran.exit_code == 2, ran.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("25",), FormIncompleteError),
        (("25", "--batch", "2581-1"), NoSuchRecordError),
        (("24", "--letter", "one"), NoSuchLetterError),
    ],
)
def test_what_is_missing_is_an_expected_failure(
    arguments: tuple[str, ...], error: type[Exception], office: Path, tmp_path: Path
) -> None:
    ran = run(office, *arguments, "--xlsx", str(tmp_path / "x.xlsx"))
    assert isinstance(ran.exception, error)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_named(office: Path, tmp_path: Path) -> None:
    path = tmp_path / "no such folder" / "x.xlsx"
    ran = run(office, "counts", "--month", "2569-01", "--xlsx", str(path))
    assert isinstance(ran.exception, FormNotWrittenError)
    assert str(path) in str(ran.exception)
