"""A list's package holds every file, tells of each letter in CSV and XML, and proves itself; the calendar goes out."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from icalendar import Calendar

from index.archive import Archive
from index.bag import verify_bag
from index.book import Book
from index.errors import ArchiveFileMissingError
from index.register.store.tables import BANGKOK
from index.retention.eligibility import HoldKind
from index.retention.errors import PackageFailedError
from index.retention.loans import Borrower, Standing
from index.retention.transfers import Form
from pipeline.calendar_file import write_calendar
from pipeline.cli.retention_command import command
from pipeline.office import Office
from pipeline.transfer_package import write_package, zip_package
from tests.destroying import keep_sent_with_files, keep_with_files
from tests.retaining import KEEPER, LAW

NOW = datetime(2047, 1, 8, 10, tzinfo=BANGKOK)
HOSTILE = '=HYPERLINK("http://x")\x0b<b>&'


@pytest.fixture
def listed(office: Office, book: Book, tmp_path: Path) -> str:
    """A list of two letters with files, one of them with a hostile subject."""
    retention, archive = book.retention(LAW), Archive(office.archive)
    ids = [
        keep_with_files(book, retention, archive, tmp_path, key, number=f"ศธ 04001/{key}")
        for key in "ab"
    ]
    book.desk.correct(KEEPER, ids[1], "subject", HOSTILE, now=NOW)
    made = retention.transfers.prepare(KEEPER, Form.HAND_OVER, ids, year=2047, now=NOW)
    return made.code


def test_the_package_is_whole_and_tells_of_every_letter(
    office: Office, book: Book, listed: str, tmp_path: Path
) -> None:
    made = write_package(office, book, KEEPER, listed, tmp_path / "out" / listed, now=NOW)
    assert (made.letters, made.files) == (2, 6)
    last = list(book.audit.entries())[-1]
    assert (last.who, last.action, last.details["list"]) == (
        KEEPER.name,
        "transfer_packaged",
        listed,
    )
    assert list(verify_bag(made.folder)) == []
    data = made.folder / "data"
    assert (data / "letters/0001/original.pdf").read_bytes() == b"scan of a"
    assert (data / "letters/0002/searchable.pdf").read_bytes() == b"searchable b"
    rows = list(csv.DictReader(io.StringIO((data / "metadata.csv").read_text("utf-8-sig"))))
    assert [row["register_number"] for row in rows] == ["1/2569", "2/2569"]
    assert rows[1]["title"].startswith("'=HYPERLINK")
    root = ElementTree.parse(data / "metadata.xml").getroot()  # noqa: S314 - our own file
    titles = [one.text for one in root.iter("{http://purl.org/dc/elements/1.1/}title")]
    assert titles == ["การประชุมผู้บริหารสถานศึกษา", '=HYPERLINK("http://x") <b>&']
    with zipfile.ZipFile(zip_package(made.folder)) as packed:
        assert f"{listed}/bagit.txt" in packed.namelist()
        assert len(packed.namelist()) == 6 + 4
    with pytest.raises(PackageFailedError, match="File exists"):
        write_package(office, book, KEEPER, listed, made.folder, now=NOW)


def test_what_turned_secret_or_lost_its_file_is_not_handed_over(
    office: Office, book: Book, listed: str, tmp_path: Path
) -> None:
    book.desk.correct(KEEPER, 2, "secrecy", "ลับ", now=NOW)
    made = write_package(office, book, KEEPER, listed, tmp_path / "one", now=NOW)
    assert made.letters == 1
    assert not (made.folder / "data/letters/0002").exists()
    shutil.rmtree(office.archive / "originals")
    with pytest.raises(ArchiveFileMissingError):
        write_package(office, book, KEEPER, listed, tmp_path / "none", now=NOW)


def test_the_command_writes_the_package_and_the_calendar(
    office: Office, book: Book, listed: str, tmp_path: Path
) -> None:
    run, here = CliRunner(), ["--office", str(office.root), "--json"]
    told = run.invoke(command, ["transfer", "--year", "2047", *here])
    shown = json.loads(told.stdout)
    assert (shown["by"], shown["candidates"]) == ("2047-01-31", [])
    assert [one["list"] for one in shown["lists"]] == [listed]
    target = tmp_path / "package"
    told = run.invoke(command, ["transfer", "--list", listed, "--to", str(target), "--zip", *here])
    assert json.loads(told.stdout)["package"] == f"{target}.zip"
    assert not target.exists()
    file = tmp_path / "due.ics"
    told = run.invoke(command, ["calendar", "--year", "2047", "--ics", str(file), *here])
    assert f"transfer-list-{listed}" in {one["key"] for one in json.loads(told.stdout)}
    assert b"BEGIN:VEVENT" in file.read_bytes()
    told = run.invoke(command, ["transfer", "--list", listed, "--office", str(office.root)])
    assert told.exit_code == 2


def test_the_calendar_names_no_subject_and_keeps_its_uids(book: Book, listed: str) -> None:
    retention = book.retention(LAW)
    borrower = Borrower("วิชัย", "แผน", Standing.INSIDE)
    retention.records.place_hold(
        KEEPER, 1, HoldKind.LEGAL, reason="คดีลับเฉพาะ", until=date(2047, 6, 1), now=NOW
    )
    retention.loans.lend(
        KEEPER, 2, borrower, permitted_by="หัวหน้า", due_on=date(2047, 1, 20), now=NOW
    )
    entries = retention.calendar.year(KEEPER, 2047, today=date(2047, 2, 2))
    assert [(one.day, one.kind.value, one.is_late(date(2047, 2, 2))) for one in entries] == [
        (date(2047, 1, 20), "loan", True),
        (date(2047, 1, 31), "law", True),
        (date(2047, 1, 31), "transfer", True),
        (date(2047, 1, 31), "transfer", True),
        (date(2047, 3, 1), "deadline", False),
        (date(2047, 6, 1), "hold", False),
    ]
    written = write_calendar(entries, office="สำนักงาน", now=NOW)
    again = Calendar.from_ical(write_calendar(entries, office="สำนักงาน", now=NOW))
    events = list(again.walk("VEVENT"))
    assert [str(one["uid"]) for one in events] == [f"{one.key}@saraban" for one in entries]
    words = written.decode().replace("\r\n ", "")
    assert "2/2569" in words
    assert "HYPERLINK" not in words
    assert "ประชุม" not in words
    assert "คดีลับเฉพาะ" not in words
    book.desk.correct(KEEPER, 2, "secrecy", "ลับ", now=NOW)
    left = retention.calendar.year(KEEPER, 2047, today=date(2047, 2, 2))
    assert "loan" not in {one.kind.value for one in left}


def test_a_sent_letter_goes_with_all_its_copies_and_the_office_as_its_maker(
    office: Office, book: Book, tmp_path: Path
) -> None:
    """The package holds each copy as it came and as searchable PDF, under the number in its own book."""
    retention, archive = book.retention(LAW), Archive(office.archive)
    letter = keep_sent_with_files(book, retention, archive, tmp_path, "s", copies=2)
    made = retention.transfers.prepare(KEEPER, Form.HAND_OVER, [letter], year=2047, now=NOW)
    package = write_package(office, book, KEEPER, made.code, tmp_path / "out", now=NOW)
    folder = package.folder / "data/letters/0001"
    names = ["original-2.pdf", "original.pdf", "searchable-2.pdf", "searchable.pdf"]
    assert sorted(path.name for path in folder.iterdir()) == names
    text = (package.folder / "data/metadata.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["register_number"], row["creator"]) == ("ส่ง 1/2569", office.settings.office.name)
