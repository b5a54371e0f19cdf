"""A file of the archive rots, is cut or swapped: it is noticed, never taken for whole, never overwritten."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from index.archive import Archive, Shelf
from index.errors import ArchiveDamagedError

BYTES = b"made-up scan " * 1000
SHA256 = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Archive, Path]:
    scan = tmp_path / "scan.tif"
    scan.write_bytes(BYTES)
    archive = Archive(tmp_path / "archive")
    path = archive.keep_original(scan, SHA256, ".tif", secret=False).path
    path.chmod(0o600)
    return archive, path


@pytest.mark.parametrize(
    "damaged", [b"", BYTES[:-1], BYTES + b"\0", b"X" + BYTES[1:], b"\0" * len(BYTES)]
)
def test_damage_is_noticed_and_left_for_a_person(
    kept: tuple[Archive, Path], tmp_path: Path, damaged: bytes
) -> None:
    archive, path = kept
    path.write_bytes(damaged)
    (problem,) = archive.verify()
    assert problem.path == path
    with pytest.raises(ArchiveDamagedError, match="backup"):
        archive.keep_original(tmp_path / "scan.tif", SHA256, ".tif", secret=False)
    assert path.read_bytes() == damaged


def test_a_scan_that_changes_while_it_is_copied_is_refused(tmp_path: Path) -> None:
    scan = tmp_path / "scan.tif"
    scan.write_bytes(BYTES[:-1])
    archive = Archive(tmp_path / "archive")
    with pytest.raises(ArchiveDamagedError):
        archive.keep_original(scan, SHA256, ".tif", secret=False)
    assert list(archive.names(Shelf.ORIGINAL)) == []
