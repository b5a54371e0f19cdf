"""A full disk keeps scans waiting in their folder; nothing is lost and nothing half done stays."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder import durable_move
from watch_folder.errors import EmptyScanError, NoRoomError
from watch_folder.quarantine import put_in_quarantine


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _other_file_system(source: Path, target: Path) -> None:
    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def _fill_while_flushing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", _full)


def _fill_while_copying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "rename", _other_file_system)
    monkeypatch.setattr(durable_move, "_copy", _copy_half)


def _copy_half(source: Path, part: Path) -> str:
    part.write_bytes(source.read_bytes()[:10])
    _full()
    return ""


def _fill_while_moving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "rename", _full)


@pytest.mark.parametrize("fill", [_fill_while_flushing, _fill_while_copying, _fill_while_moving])
def test_the_scan_waits_and_is_taken_when_there_is_room(
    receiving: Receiving,
    monkeypatch: pytest.MonkeyPatch,
    fill: Callable[[pytest.MonkeyPatch], None],
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    data = path.read_bytes()
    with monkeypatch.context() as patched:
        fill(patched)
        done = receiving.settle()
    assert (done.claimed, done.refused, done.waiting) == ([], [], 1)
    assert [type(trouble) for trouble in done.troubles] == [NoRoomError]
    assert "Free space" in str(done.troubles[0])
    assert path.read_bytes() == data
    assert list(receiving.work.iterdir()) == []
    (scanned,) = receiving.sweep_after(5).claimed
    assert scanned.path.read_bytes() == data


def test_one_trouble_is_told_once_for_many_scans(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        write_pdf(receiving.inbox / f"{number}.pdf", text=str(number))
    monkeypatch.setattr(os, "fsync", _full)
    done = receiving.settle()
    assert (done.waiting, len(done.troubles)) == (3, 1)


def test_quarantine_on_a_full_disk_leaves_the_file_where_it_is(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = receiving.inbox / "a.pdf"
    path.touch()
    reason = EmptyScanError(path).reason
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _full)
        with pytest.raises(NoRoomError):
            put_in_quarantine(path, receiving.quarantine, reason, now=receiving.now)
    assert path.exists()
    assert list(receiving.quarantine.iterdir()) == []
    put_in_quarantine(path, receiving.quarantine, reason, now=receiving.now)
    assert {one.name for one in receiving.quarantine.iterdir()} == {"a.pdf", "a.pdf.txt"}
