"""Waiting ends early when something happens in a folder, and never fails because of the folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from watch_folder.wake import wait_for_change

LONG_SECONDS = 30.0


def test_a_dropped_file_ends_the_wait(tmp_path: Path) -> None:
    timer = threading.Timer(0.3, (tmp_path / "a.pdf").write_bytes, (b"%PDF",))
    timer.start()
    assert wait_for_change([tmp_path], LONG_SECONDS)
    timer.join()


def test_nothing_happens(tmp_path: Path) -> None:
    assert not wait_for_change([tmp_path], 0.05)


@pytest.mark.parametrize("there", [True, False])
def test_stopping_ends_the_wait(tmp_path: Path, there: bool) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    folder = tmp_path if there else tmp_path / "gone"
    assert not wait_for_change([folder], LONG_SECONDS, stop)
    timer.join()
    assert stop.is_set()


def test_no_watches_left_means_only_a_longer_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device (inotify watches)")

    monkeypatch.setattr("watch_folder.wake.watch", refuse)
    assert not wait_for_change([tmp_path], 0.05)
