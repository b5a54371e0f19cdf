"""What was handed in is kept: its bytes are on the disk before its name, and its name before anybody is told."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pipeline.handed_in import hand_in
from tests import scans


def test_bytes_are_flushed_before_the_name_and_the_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = scans.write_pdf(tmp_path / "elsewhere.pdf").read_bytes()
    door = tmp_path / "door"
    door.mkdir()
    flushed: list[tuple[str, list[str]]] = []
    flush = os.fsync

    def noted(descriptor: int) -> None:
        status = os.fstat(descriptor)
        what = "folder" if stat.S_ISDIR(status.st_mode) else f"{status.st_size} bytes"
        flushed.append((what, [path.name for path in door.glob("[!.]*")]))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    half = len(data) // 2
    hand_in(door, "หนังสือ.pdf", [data[:half], data[half:]])
    assert flushed == [(f"{len(data)} bytes", []), ("folder", ["หนังสือ.pdf"])]
