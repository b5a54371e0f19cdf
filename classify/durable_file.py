"""Small files put on the disk so that a crash leaves the old one or the new one, whole.

It stands in the lowest package that keeps such files; the ones above it use it too.
"""

from __future__ import annotations

import os
from pathlib import Path


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


def sync_folder(folder: Path) -> None:
    """Force a folder's list of names to the disk: names that came and went survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
