"""Files put on the disk so that a crash leaves the old one or the new one, whole; and the halves it leaves.

It stands in the lowest package that keeps such files; the ones above it use it too.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def replace_durably(path: Path, data: bytes) -> None:
    """Put a whole file in the place of another, or leave that as it is. Raises OSError."""
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def create_durably(path: Path, data: bytes) -> bool:
    """Put a whole file where none is, or leave what is there; return whether it was put. Raises OSError.

    Two processes that do so at once put one; on a full disk nothing half written stays.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)
    except FileExistsError:
        return False
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


@contextmanager
def half_file(path: Path, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Write a file under a name of nobody's, to be linked to its own within the block; the half is gone after it.

    It is locked as long as its process lives: what `remove_halves` finds unlocked, a dead one left.
    Raises OSError.
    """
    try:
        with _own(path, mode) as file:
            yield file
    finally:
        path.unlink(missing_ok=True)


def _own(path: Path, mode: int) -> BinaryIO:
    while True:
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb")
        with suppress(OSError):  # a file system without locks: nobody can take it there either
            fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # taken for a dead one's before it was locked


def remove_halves(halves: Iterable[Path]) -> int:
    """Remove those files whose process has ended, however it ended; return how many."""
    removed = 0
    for path in halves:
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            removed += 1
    return removed


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk: names that came and went survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
