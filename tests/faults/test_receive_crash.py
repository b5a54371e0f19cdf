"""Killed at any step of a claim, the scan is found again: once, whole, with its name."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.receiving import Receiving, digest
from tests.scans import write_pdf
from watch_folder.claim import recover, release
from watch_folder.durable_move import hash_file
from watch_folder.sweep import SweepMemory

STEPS = (
    (os, "rename"),
    (os, "fsync"),
    (os, "utime"),
    (Path, "open"),
    (Path, "replace"),
    (Path, "unlink"),
)


class Killed(BaseException):
    """The program ends here; no handler of ours sees it."""


class _Death:
    """Ends the program before the given step, counted over all calls that touch the disk."""

    def __init__(self, at: int) -> None:
        self.left = at

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **keywords: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise Killed
            return call(*args, **keywords)

        return counted


def _other_file_system(*_: object) -> None:
    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def _folders(root: Path) -> Iterator[tuple[int, Receiving]]:
    for step in range(100):
        folder = root / str(step)
        folder.mkdir()
        yield step, Receiving(folder)


@pytest.mark.parametrize("other_file_system", [False, True])
def test_killed_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other_file_system: bool
) -> None:
    for step, receiving in _folders(tmp_path):
        data = write_pdf(receiving.inbox / "หนังสือ.pdf").read_bytes()
        receiving.sweep_after(0)
        with monkeypatch.context() as patched:
            if other_file_system:
                patched.setattr(os, "rename", _other_file_system)
            death = _Death(step)
            for owner, name in STEPS:
                patched.setattr(owner, name, death.before(getattr(owner, name)))
            try:
                receiving.sweep_after(3)
            except Killed:
                survived = False
            else:
                survived = True
        receiving.memory = SweepMemory()  # a new program has seen nothing yet
        found = recover(receiving.work) + receiving.settle().claimed
        assert [(one.name, one.sha256) for one in found] == [("หนังสือ.pdf", digest(data))], step
        for one in found:
            release(one)
        assert list(receiving.work.iterdir()) == [], step
        assert list(receiving.inbox.iterdir()) == [], step
        if survived:
            assert step > 5
            return
    raise AssertionError("a claim has more steps than were tried")


def test_recovery_is_killed_too(receiving: Receiving, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pdf(receiving.inbox / "a.pdf")
    scanned = receiving.claimed_one()
    (receiving.work / ".half.part").write_bytes(b"half")
    for step in range(4):
        with monkeypatch.context() as patched:
            death = _Death(step)
            for owner, name in STEPS:
                patched.setattr(owner, name, death.before(getattr(owner, name)))
            with suppress(Killed):
                recover(receiving.work)
    assert recover(receiving.work) == [scanned]


def test_a_release_that_was_cut_short_leaves_nothing_to_find(receiving: Receiving) -> None:
    write_pdf(receiving.inbox / "a.pdf")
    scanned = receiving.claimed_one()
    scanned.path.unlink()
    assert recover(receiving.work) == []
    assert list(receiving.work.iterdir()) == []
    release(scanned)


def test_hashing_fails_after_the_move(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")

    def fail(path: Path) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr("watch_folder.claim.hash_file", fail)
        assert receiving.settle().waiting == 1
    assert path.exists()
    (scanned,) = receiving.sweep_after(5).claimed
    assert scanned.sha256 == hash_file(scanned.path)
