"""What tells of letters is readable by its owner only: the index, the lock, and folders that scans pass through."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search import open_index, rebuild
from pipeline.office import create_office, sole_server
from tests.searching import OFFICE


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("was", [None, 0o755])
def test_nobody_else_looks_into_the_index(tmp_path: Path, was: int | None) -> None:
    folder = tmp_path / "search"
    if was is not None:  # an earlier program left it open
        rebuild(folder, "tantivy", OFFICE).close()
        folder.chmod(was)
        open_index(folder).close()
    else:
        rebuild(folder, "tantivy", OFFICE).close()
    assert mode(folder) == 0o700


def test_nobody_else_looks_into_the_office(tmp_path: Path) -> None:
    office = create_office(tmp_path / "office")
    lock = office.root / ".server.lock"
    lock.touch(mode=0o644)
    with sole_server(office):
        assert mode(lock) == 0o600
    assert [mode(one) for one in (office.archive, office.work, office.quarantine)] == [0o700] * 3
