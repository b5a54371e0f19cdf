"""The archive keeps what it was given, byte for byte, once, and secret letters behind a closed door."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from index.archive import Archive, Shelf
from index.errors import ArchiveDamagedError, ArchiveFileMissingError

BYTES = b"%PDF-1.7 a made-up scan"
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "work.pdf"
    path.write_bytes(BYTES)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def _all_files(archive: Archive) -> list[Path]:
    return [path for path in archive.root.rglob("*") if path.is_file()]


def test_a_scan_is_kept_byte_for_byte_and_the_scan_itself_stays(
    archive: Archive, scan: Path
) -> None:
    kept = archive.keep_original(scan, SHA256, ".PDF", secret=False)
    assert kept.path == archive.root / "originals" / SHA256[:2] / f"{SHA256}.pdf"
    assert kept.path.read_bytes() == BYTES == scan.read_bytes()
    assert (kept.size_bytes, kept.is_secret) == (len(BYTES), False)
    assert archive.path_of(SHA256) == kept.path
    with archive.open(SHA256) as file:
        assert file.read() == BYTES
    assert list(archive.verify()) == []


def test_keeping_again_changes_nothing(archive: Archive, scan: Path) -> None:
    first = archive.keep_original(scan, SHA256, ".pdf", secret=False)
    before = first.path.stat()
    assert archive.keep_original(scan, SHA256, ".pdf", secret=False) == first
    after = first.path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert _all_files(archive) == [first.path]


def test_the_same_bytes_with_another_suffix_are_still_one_file(
    archive: Archive, scan: Path
) -> None:
    first = archive.keep_original(scan, SHA256, ".pdf", secret=False)
    assert archive.keep_original(scan, SHA256, ".tif", secret=False) == first


def test_nobody_may_write_to_a_kept_file(archive: Archive, scan: Path) -> None:
    kept = archive.keep_original(scan, SHA256, ".pdf", secret=False)
    assert kept.path.stat().st_mode & 0o222 == 0


def test_a_searchable_pdf_lies_beside_under_its_own_hash(archive: Archive, scan: Path) -> None:
    kept = archive.keep_searchable(scan, secret=False)
    assert kept.sha256 == SHA256
    assert archive.path_of(SHA256, Shelf.SEARCHABLE) == kept.path
    with pytest.raises(ArchiveFileMissingError):
        archive.path_of(SHA256, Shelf.ORIGINAL)


def test_other_bytes_than_promised_are_refused_and_leave_nothing(
    archive: Archive, scan: Path
) -> None:
    with pytest.raises(ArchiveDamagedError):
        archive.keep_original(scan, "0" * 64, ".pdf", secret=False)
    assert _all_files(archive) == []


@pytest.mark.parametrize(
    ("sha256", "suffix"),
    [
        (SHA256.upper(), ".pdf"),
        ("../" + SHA256[3:], ".pdf"),
        (SHA256[:-1], ".pdf"),
        (SHA256, "/../x"),
        (SHA256, ".pdf/x"),
        (SHA256, "pdf"),
        (SHA256, ".pdf\n"),
    ],
)
def test_nothing_but_a_hash_and_a_plain_suffix_becomes_a_path(
    archive: Archive, scan: Path, sha256: str, suffix: str
) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        archive.keep_original(scan, sha256, suffix, secret=False)


def test_secret_letters_lie_apart_and_only_their_owner_may_look(
    archive: Archive, scan: Path
) -> None:
    mask = os.umask(0)
    try:
        original = archive.keep_original(scan, SHA256, ".pdf", secret=True)
        searchable = archive.keep_searchable(scan, secret=True)
    finally:
        os.umask(mask)
    secret = archive.root / "secret"
    for kept in (original, searchable):
        assert kept.is_secret
        assert kept.path.is_relative_to(secret)
        for part in (kept.path, *kept.path.parents):
            if part.is_relative_to(secret):
                assert part.stat().st_mode & 0o077 == 0, part
    assert archive.root.stat().st_mode & 0o777 == 0o755
    assert list(archive.verify()) == []


def test_a_letter_that_turns_out_secret_moves_with_all_its_files(
    archive: Archive, scan: Path
) -> None:
    archive.keep_original(scan, SHA256, ".pdf", secret=False)
    archive.keep_searchable(scan, secret=False)
    for _again in range(2):
        archive.hide(SHA256, SHA256)
        for shelf in (Shelf.ORIGINAL, Shelf.SEARCHABLE):
            path = archive.path_of(SHA256, shelf)
            assert path.is_relative_to(archive.root / "secret")
            assert path.stat().st_mode & 0o777 == 0o400
    assert len(_all_files(archive)) == 2


def test_keeping_a_known_scan_as_secret_hides_it(archive: Archive, scan: Path) -> None:
    archive.keep_original(scan, SHA256, ".pdf", secret=False)
    assert archive.keep_original(scan, SHA256, ".pdf", secret=True).is_secret
    assert list(archive.names(Shelf.ORIGINAL)) == [(SHA256, True)]


def test_a_secret_scan_never_comes_back_into_the_open(archive: Archive, scan: Path) -> None:
    archive.keep_original(scan, SHA256, ".pdf", secret=True)
    assert archive.keep_original(scan, SHA256, ".pdf", secret=False).is_secret


def test_verify_tells_strangers_and_open_secrets(archive: Archive, scan: Path) -> None:
    kept = archive.keep_original(scan, SHA256, ".pdf", secret=True)
    kept.path.chmod(0o444)
    (archive.root / "secret").chmod(0o755)
    (archive.root / "originals").mkdir()
    (archive.root / "originals" / "notes.txt").write_text("x")
    told = {(problem.path.name, problem.problem[:20]) for problem in archive.verify()}
    assert told == {
        (kept.path.name, "is secret but readab"),
        ("secret", "is open to others th"),
        ("notes.txt", "is not named by a SH"),
    }
