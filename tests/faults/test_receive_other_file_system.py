"""Between two file systems a scan is copied, flushed, compared, and only then removed."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.receiving import Receiving, digest
from tests.scans import write_pdf
from watch_folder import durable_move
from watch_folder.claim import recover
from watch_folder.errors import EmptyScanError
from watch_folder.quarantine import put_in_quarantine


@pytest.fixture(autouse=True)
def other_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def rename(source: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(source))

    monkeypatch.setattr(os, "rename", rename)


def test_the_scan_arrives_and_leaves_the_inbox(receiving: Receiving) -> None:
    data = write_pdf(receiving.inbox / "ก.pdf").read_bytes()
    scanned = receiving.claimed_one()
    assert (scanned.name, scanned.sha256) == ("ก.pdf", digest(data))
    assert scanned.path.read_bytes() == data
    assert list(receiving.inbox.iterdir()) == []
    assert len(list(receiving.work.iterdir())) == 2  # the scan and its note, no half


def test_a_copy_that_differs_is_thrown_away_and_the_scan_stays(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    monkeypatch.setattr(durable_move, "hash_file", lambda part: "0" * 64)
    done = receiving.settle()
    assert (done.claimed, done.waiting) == ([], 1)
    assert path.exists()
    assert list(receiving.work.iterdir()) == []


def test_a_scan_that_grows_during_the_copy_stays(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    copy = durable_move._copy

    def copy_then_grow(source: Path, part: Path) -> str:
        digested = copy(source, part)
        with source.open("ab") as writer:
            writer.write(b"more")
        return digested

    monkeypatch.setattr(durable_move, "_copy", copy_then_grow)
    assert receiving.settle().claimed == []
    assert path.exists()
    assert list(receiving.work.iterdir()) == []


def test_a_scan_that_cannot_be_removed_is_not_taken_again_and_again(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    unlink = Path.unlink

    def refuse(self: Path, missing_ok: bool = False) -> None:
        if self == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    done = receiving.settle()
    assert (done.claimed, done.waiting) == ([], 1)
    assert [type(trouble).__name__ for trouble in done.troubles] == ["FolderUnavailableError"]
    assert list(receiving.work.iterdir()) == []


def test_a_crash_between_copy_and_removal_does_not_make_two_letters(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    unlink = Path.unlink

    class Killed(BaseException):
        """The program ends here."""

    def die(self: Path, missing_ok: bool = False) -> None:
        if self == path:
            raise Killed
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", die)
    with pytest.raises(Killed):
        receiving.settle()
    monkeypatch.setattr(Path, "unlink", unlink)
    (scanned,) = recover(receiving.work)
    assert scanned.name == "a.pdf"
    assert not path.exists()


def test_recovery_leaves_a_new_file_of_the_same_name_alone(receiving: Receiving) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    receiving.claimed_one()
    write_pdf(path, text="another letter")
    assert len(recover(receiving.work)) == 1
    assert path.exists()


def test_quarantine_on_another_file_system_keeps_the_bytes(receiving: Receiving) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    data = path.read_bytes()
    target = put_in_quarantine(
        path, receiving.quarantine, EmptyScanError(path).reason, now=receiving.now
    )
    assert target.read_bytes() == data
    assert not path.exists()


def test_a_link_crosses_as_a_link(receiving: Receiving) -> None:
    path = receiving.inbox / "a.pdf"
    path.symlink_to("/etc/hostname")
    target = put_in_quarantine(
        path, receiving.quarantine, EmptyScanError(path).reason, now=datetime.now(UTC)
    )
    assert target.readlink() == Path("/etc/hostname")
    assert not path.is_symlink()


def test_two_real_file_systems(receiving: Receiving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    memory = Path("/dev/shm")  # noqa: S108 - a second file system that every Linux has
    if not memory.is_dir() or memory.stat().st_dev == receiving.work.stat().st_dev:
        pytest.skip("only one file system here")
    with TemporaryDirectory(dir=memory) as folder:
        source = write_pdf(Path(folder) / "ก.pdf")
        data, modified = source.read_bytes(), source.stat().st_mtime_ns
        target = receiving.work / "x.pdf"
        durable_move.move_durably(source, target)
        assert not source.exists()
        assert (target.read_bytes(), target.stat().st_mtime_ns) == (data, modified)
