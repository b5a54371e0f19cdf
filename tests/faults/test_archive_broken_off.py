"""The archive is broken off at every step, by an error or by SIGKILL: no half file, nothing lost, and again works."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.archive import Archive, Shelf
from index.errors import DiskFullError

BYTES = os.urandom(3_000_000)
SHA256 = hashlib.sha256(BYTES).hexdigest()
STEPS = ("open", "fdopen", "fsync", "link", "mkdir", "chmod")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "work.pdf"
    path.write_bytes(BYTES)
    return path


def _break(monkeypatch: pytest.MonkeyPatch, step: str, at_call: int, error: Exception) -> None:
    """Make the `at_call`-th use of one operating system call fail."""
    owner: Any = Path if step in ("mkdir", "chmod") else os
    real = getattr(owner, step)
    calls = 0

    def breaking(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call:
            raise error
        return real(*args, **named)

    monkeypatch.setattr(owner, step, breaking)


def _is_sound(archive: Archive) -> None:
    """Whatever stands under a final name is whole; only whole files are found."""
    assert list(archive.verify()) == []
    for sha256, _secret in archive.names(Shelf.ORIGINAL):
        assert archive.path_of(sha256).read_bytes() == BYTES


@pytest.mark.parametrize("at_call", range(1, 9))
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("secret", [False, True])
def test_an_error_at_any_step_leaves_a_whole_file_or_none(
    scan: Path, monkeypatch: pytest.MonkeyPatch, step: str, at_call: int, secret: bool
) -> None:
    archive = Archive(scan.parent / "archive")
    with monkeypatch.context() as broken:
        _break(broken, step, at_call, OSError(errno.EIO, "Input/output error"))
        try:
            archive.keep_original(scan, SHA256, ".pdf", secret=secret)
        except OSError as error:
            assert error.errno == errno.EIO
    _is_sound(archive)
    assert scan.read_bytes() == BYTES
    assert archive.keep_original(scan, SHA256, ".pdf", secret=secret).is_secret is secret
    assert [name for name, _ in archive.names(Shelf.ORIGINAL)] == [SHA256]
    _is_sound(archive)


@pytest.mark.parametrize("at_call", range(1, 6))
@pytest.mark.parametrize("step", ["fsync", "link", "mkdir", "chmod", "unlink"])
def test_a_move_into_the_secret_part_broken_off_never_loses_the_file(
    tmp_path: Path, scan: Path, monkeypatch: pytest.MonkeyPatch, step: str, at_call: int
) -> None:
    archive = Archive(tmp_path / "archive")
    archive.keep_original(scan, SHA256, ".pdf", secret=False)
    with monkeypatch.context() as broken:
        if step == "unlink":
            real = Path.unlink
            broken.setattr(Path, "unlink", _fail_once(real, at_call))
        else:
            _break(broken, step, at_call, OSError(errno.EIO, "Input/output error"))
        try:
            archive.hide(SHA256)
        except OSError as error:
            assert error.errno == errno.EIO
    assert archive.path_of(SHA256).read_bytes() == BYTES
    archive.hide(SHA256)
    assert [secret for _name, secret in archive.names(Shelf.ORIGINAL)] == [True]
    _is_sound(archive)


def _fail_once(real: Any, at_call: int) -> Any:
    calls = 0

    def breaking(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call:
            raise OSError(errno.EIO, "Input/output error")
        return real(*args, **named)

    return breaking


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_so_and_leaves_nothing_behind(
    tmp_path: Path, scan: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    archive = Archive(tmp_path / "archive")
    with monkeypatch.context() as full:
        _break(full, "fsync", 5, OSError(code, "No space left on device"))
        with pytest.raises(DiskFullError, match="Make room"):
            archive.keep_original(scan, SHA256, ".pdf", secret=False)
    assert [path for path in archive.root.rglob("*") if path.is_file()] == []
    assert archive.keep_original(scan, SHA256, ".pdf", secret=False).size_bytes == len(BYTES)


@pytest.mark.parametrize("step", ["os.open", "os.fdopen", "os.fsync", "os.link", "Path.unlink"])
@pytest.mark.parametrize("at_call", [1, 2, 5])
def test_a_kill_at_any_step_leaves_a_whole_file_or_none(
    tmp_path: Path, scan: Path, step: str, at_call: int
) -> None:
    root = tmp_path / "archive"
    code = f"""
import os, signal, sys
from pathlib import Path
from index.archive import Archive
calls, real = 0, {step}
def dying(*args, **named):
    global calls
    calls += 1
    if calls == {at_call}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **named)
{step} = dying
Archive(Path(sys.argv[1])).keep_original(Path(sys.argv[2]), sys.argv[3], ".pdf", secret=False)
"""
    command = [sys.executable, "-c", code, str(root), str(scan), SHA256]
    done = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    assert done.returncode in (0, -signal.SIGKILL)
    archive = Archive(root)
    _is_sound(archive)
    archive.sweep()
    assert list(root.glob("incoming/*")) == []
    archive.keep_original(scan, SHA256, ".pdf", secret=False)
    assert [name for name, _ in archive.names(Shelf.ORIGINAL)] == [SHA256]
    _is_sound(archive)
