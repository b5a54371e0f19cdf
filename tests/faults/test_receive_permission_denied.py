"""What the system does not let us read is refused in the end; what it does not let us take waits."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.receiving import PATIENCE_SECONDS, Receiving
from tests.scans import write_pdf
from watch_folder.errors import UnreadableScanError
from watch_folder.quarantine import put_in_quarantine


def _denied(path: object) -> PermissionError:
    return PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def test_an_unreadable_scan_is_given_time_then_put_aside(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    opened = Path.open

    def refuse(self: Path, *args: Any, **keywords: Any) -> Any:
        if self == path:
            raise _denied(self)
        return opened(self, *args, **keywords)

    monkeypatch.setattr(Path, "open", refuse)  # root may read everything, so file modes do not do
    assert receiving.settle().refused == []
    (refused,) = receiving.sweep_after(PATIENCE_SECONDS).refused
    assert refused.reason.code == "unreadable"
    target = put_in_quarantine(path, receiving.quarantine, refused.reason, now=receiving.now)
    assert "สิทธิ์" in (target.parent / "a.pdf.txt").read_text(encoding="utf-8")


def test_permissions_put_right_in_time_are_noticed(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    with monkeypatch.context() as patched:

        def refuse(path: Path) -> str:
            raise UnreadableScanError(path)

        patched.setattr("watch_folder.sweep.check_whole", refuse)
        assert receiving.settle().waiting == 1
    os.utime(path)
    assert receiving.claimed_one().name == "a.pdf"


def test_a_folder_that_gives_nothing_out_is_told_and_keeps_its_scans(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")

    def refuse(source: Path, target: Path) -> None:
        raise _denied(source)

    monkeypatch.setattr(os, "rename", refuse)
    done = receiving.settle()
    assert (done.claimed, done.refused, done.waiting) == ([], [], 1)
    assert "may write to it" in str(done.troubles[0])
    assert path.exists()
    assert list(receiving.work.iterdir()) == []


def test_a_folder_that_is_not_there_is_told_and_found_when_it_is_back(
    receiving: Receiving,
) -> None:
    receiving.inbox.rmdir()
    done = receiving.sweep_after(0)
    assert [type(trouble).__name__ for trouble in done.troubles] == ["FolderUnavailableError"]
    receiving.inbox.mkdir()
    write_pdf(receiving.inbox / "a.pdf")
    assert receiving.claimed_one().name == "a.pdf"


def test_a_closed_subfolder_does_not_stop_the_others(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = receiving.inbox / "closed"
    closed.mkdir()
    write_pdf(receiving.inbox / "a.pdf")
    scandir = os.scandir

    def refuse(folder: Path) -> Any:
        if folder == closed:
            raise _denied(folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    done = receiving.settle()
    assert [one.name for one in done.claimed] == ["a.pdf"]
    assert "closed" in str(done.troubles[0])
