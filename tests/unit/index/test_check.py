"""`check` proves that archive and book agree, says what does not, and closes open secrets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from classify.letter import Secrecy
from index.archive import Archive
from index.book import Book
from index.check import check_archive
from index.registered_letter import RegisteredLetter
from tests.keeping import NOW, REGISTRAR, MadeScan, make_filing, make_scan, take
from tests.unit.index.test_archive import BYTES, SHA256


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def _file_whole(book: Book, archive: Archive, work: Path) -> RegisteredLetter:
    work.write_bytes(BYTES)
    plain = make_scan()
    book.jobs.record_arrival(MadeScan(work, plain.name, SHA256))
    archive.keep_original(work, SHA256, ".pdf", secret=False)
    kept = archive.keep_searchable(work, secret=False)
    filing = replace(make_filing(), searchable_sha256=kept.sha256)
    return book.jobs.file(take(book), filing, NOW)


def test_a_whole_archive_agrees(book: Book, archive: Archive, tmp_path: Path) -> None:
    _file_whole(book, archive, tmp_path / "scan.pdf")
    assert list(check_archive(book, archive)) == []


def test_each_missing_file_is_named(book: Book, archive: Archive, tmp_path: Path) -> None:
    _file_whole(book, archive, tmp_path / "scan.pdf")
    for path in list(archive.root.rglob("*.pdf")):
        path.unlink()
    assert [one.split("…")[1] for one in check_archive(book, archive)] == [
        " among the originals",
        " among the searchable",
    ]


def test_a_changed_file_is_named(book: Book, archive: Archive, tmp_path: Path) -> None:
    _file_whole(book, archive, tmp_path / "scan.pdf")
    path = archive.path_of(SHA256)
    path.chmod(0o600)
    path.write_bytes(BYTES[:-1])
    (told,) = check_archive(book, archive)
    assert "was changed or damaged" in told


def test_a_file_that_never_arrived_is_named(book: Book, archive: Archive, tmp_path: Path) -> None:
    work = tmp_path / "scan.pdf"
    work.write_bytes(BYTES)
    archive.keep_original(work, SHA256, ".pdf", secret=False)
    (told,) = check_archive(book, archive)
    assert "never received" in told


def test_a_secret_letter_left_in_the_open_is_put_away(
    book: Book, archive: Archive, tmp_path: Path
) -> None:
    letter = _file_whole(book, archive, tmp_path / "scan.pdf")
    book.desk.correct(REGISTRAR, letter.letter_id, "secrecy", Secrecy.SECRET, now=NOW)
    told = list(check_archive(book, archive))
    assert any("was moved" in one for one in told)
    assert archive.path_of(SHA256).is_relative_to(archive.root / "secret")
    assert list(check_archive(book, archive)) == []
