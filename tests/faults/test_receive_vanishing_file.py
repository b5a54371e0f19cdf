"""A file that goes away while it is looked at is nobody's failure, and leaves nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder.quarantine import put_in_quarantine
from watch_folder.whole import check_whole


def test_gone_between_two_sweeps(receiving: Receiving) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    receiving.sweep_after(0)
    path.unlink()
    done = receiving.sweep_after(3)
    assert (done.claimed, done.refused, done.waiting, done.troubles) == ([], [], 0, [])


def test_gone_while_it_is_checked(receiving: Receiving, monkeypatch: pytest.MonkeyPatch) -> None:
    def vanish(path: Path) -> str:
        path.unlink()
        return check_whole(path)

    write_pdf(receiving.inbox / "a.pdf")
    write_pdf(receiving.inbox / "b.pdf")
    monkeypatch.setattr("watch_folder.sweep.check_whole", vanish)
    done = receiving.settle()
    assert (done.claimed, done.refused, done.waiting, done.troubles) == ([], [], 0, [])


def test_gone_just_before_the_move(receiving: Receiving, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename

    def vanish(source: Path, target: Path) -> None:
        source.unlink()
        rename(source, target)

    write_pdf(receiving.inbox / "a.pdf")
    monkeypatch.setattr(os, "rename", vanish)
    done = receiving.settle()
    assert (done.claimed, done.refused, done.troubles) == ([], [], [])
    assert list(receiving.work.iterdir()) == []


def test_gone_before_quarantine(receiving: Receiving) -> None:
    path = receiving.inbox / "a.pdf"
    path.touch()
    (refused,) = receiving.lose_patience().refused
    path.unlink()
    with pytest.raises(FileNotFoundError):
        put_in_quarantine(path, receiving.quarantine, refused.reason, now=receiving.now)
    assert not receiving.quarantine.exists()
