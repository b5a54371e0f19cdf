"""A byte of a backup that changed is named, with what lies in it; and what can still be read comes back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.backup.errors import BackupError
from pipeline.backup.make import verify
from pipeline.backup.restic import Restic
from pipeline.backup.restore import restore
from pipeline.office import open_book, open_office
from tests.unit.pipeline.backup.test_backup import WORDS, Kept, files_of, kept, made_once, quiet

__all__ = ["kept", "made_once"]  # the fixtures
pytestmark = pytest.mark.restic


def test_a_flipped_byte_is_named(kept: Kept) -> None:
    assert verify(kept.restic) == ()
    for part in ("data", "index", "snapshots"):
        copy = kept.place / f"flipped in {part}"
        shutil.copytree(kept.place / "backup", copy)
        path = max(files_of(copy / part), key=lambda one: one.stat().st_size)
        changed = bytearray(path.read_bytes())
        changed[len(changed) // 2] ^= 1
        path.chmod(0o600)
        path.write_bytes(changed)
        (damage, *others) = verify(Restic(str(copy), WORDS))
        assert others == []
        assert damage.file == str(path.relative_to(copy))
        if part == "data":  # the scanned file's name may tell what it is: only its folder is named
            assert "inbox/" in damage.holds


def test_a_damaged_piece_of_a_letter_names_its_file(kept: Kept) -> None:
    (original,) = (kept.office.archive / "originals").rglob("*.pdf")
    pack = next(
        one
        for one in files_of(kept.place / "backup" / "data")
        if any(original.name in path for path in kept.restic.paths_in(one.name))
    )
    pack.chmod(0o600)
    with pack.open("r+b") as file:
        file.write(b"\0")
    (damage,) = verify(kept.restic)
    assert f"archive/originals/{original.name[:2]}/{original.name}" in damage.holds


def test_out_of_a_damaged_backup_comes_what_can_be_read_and_the_loss_is_told(
    kept: Kept, tmp_path: Path
) -> None:
    pack = max(files_of(kept.place / "backup" / "data"), key=lambda one: one.stat().st_size)
    pack.chmod(0o600)
    with pack.open("r+b") as file:  # of the file just scanned, which no letter of the book misses
        file.seek(pack.stat().st_size // 2)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    back = restore(kept.restic, "latest", tmp_path / "back", quiet)
    (lost,) = back.wrong
    assert (lost.where, "damaged" in lost.what) == ("backup", True)
    with open_book(open_office(back.folder)) as book:
        assert book.last_numbers() == {"receive/2569": 1}
        assert book.verify() == ()
    shutil.rmtree(kept.place / "backup" / "data")
    with pytest.raises(BackupError):
        restore(kept.restic, "latest", tmp_path / "nothing", quiet)
    assert not (tmp_path / "nothing").exists()
