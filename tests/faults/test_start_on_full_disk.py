"""A program that starts for the first time on a full disk says so in its own words, and starts once there is room.

Nothing half written is left that would be taken for settings or rules.
"""

from __future__ import annotations

import errno
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from classify.shipped_rules import NOTE, RULE_FILES
from index.errors import DiskFullError
from pipeline import cli
from tests.offices import Ran, saraban_here
from tests.simulator.disk import Disk

WORDS = ("no room left while writing", DiskFullError.thai)


class FillingDisk(Disk):
    """A disk with room for `room` new names; of a file with the last of them it takes only half."""

    room = 0

    def _write_step(self) -> None:
        self.full = self.full or self.room <= 0
        self.room -= 1
        super()._write_step()

    def _io_open(self, path: Any, mode: str = "r", *told: Any, **named: Any) -> Any:
        before = self.room
        opened = super()._io_open(path, mode, *told, **named)
        if (before, self.room) == (1, 0):
            self.full = True
            self._break_off(opened)
        return opened

    def _break_off(self, file: Any) -> None:
        write = file.write

        def write_half(data: bytes) -> None:
            write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        if hasattr(file, "__dict__"):
            file.write = write_half


def start(root: Path, room: int | None, *arguments: str) -> Ran:
    """Run a command on a disk with room for so many new names; with None on one with room for all."""
    if room is None:
        return saraban_here(*arguments)
    disk = FillingDisk(root, root.with_name(f"shadows {room}"), random.Random(1))  # noqa: S311
    disk.room = room
    with disk.in_force():
        return saraban_here(*arguments)


def whole(root: Path) -> dict[str, object]:
    """Return the files that people edit, and whether all rule files are noted as shipped ones."""
    files = {path.name: path.read_bytes() for path in root.rglob("*.toml")}
    note = root / "rules" / NOTE
    noted = json.loads(note.read_bytes()) if note.exists() else {}
    return {**files, "noted": set(noted) == set(RULE_FILES)}


def files_of(root: Path) -> set[tuple[str, object]]:
    return {(name, data) for name, data in whole(root).items() if name != "noted"}


def test_an_office_is_made_whole_or_not_and_the_next_start_completes_it(tmp_path: Path) -> None:
    made = tmp_path / "made"
    assert start(made, None, "init", str(made)).code == 0
    expected, refused = whole(made), 0
    for room in range(60):
        root = tmp_path / f"office {room}"
        ran = start(root, room, "init", str(root))
        if ran.code == 0:
            break
        refused += 1
        assert ran.code == DiskFullError.exit_code, ran.err
        assert all(words in ran.err for words in WORDS), ran.err
        assert files_of(root) <= files_of(made), "nothing half written"
        assert start(root, None, "init", str(root)).code == 0
        assert whole(root) == expected
    assert refused > 5
    assert ran.code == 0


@pytest.mark.parametrize("room", [0, 2, 22])
def test_the_server_says_it_too(tmp_path: Path, room: int) -> None:
    root = tmp_path / "office"
    ran = start(root, room, "serve", "--once", "--quiet", "--office", str(root))
    assert ran.code == DiskFullError.exit_code, ran.err
    assert all(words in ran.err for words in WORDS), ran.err
    assert "Traceback" not in ran.err


def test_another_trouble_of_the_system_is_not_called_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_told: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr(cli.cli, "main", fail)
    with pytest.raises(PermissionError):
        saraban_here("status")
