"""Files that nobody finishes: names that say "being written", left in a watched folder."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from watch_folder.sweep import LOCK_PREFIX, TEMPORARY_ENDINGS

LEFT_AFTER = timedelta(days=1)
SCAN_ENDINGS = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png")
LITTER = ("._", ".~lock.")
"""What a Mac and LibreOffice lay beside a file; no letter is in it."""


def count_unfinished(folders: Iterable[Path], now: datetime) -> int:
    """Count the files in and below the folders that sweeps leave alone and nobody has touched for a day.

    A program that copies gives them such a name until it is done (`*.part`, `*.tmp`, `~$*`, or a scan's behind
    a dot): one that is a day old will not be done any more, and a letter may be in it. Counted once where
    folders lie in one another; a folder that cannot be listed is told of by its sweep.
    """
    before = (now - LEFT_AFTER).timestamp()
    return len({path for folder in folders for path in _left(folder) if _touched(path) < before})


def _left(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        for name in names:
            ending = name.lower()
            behind_a_dot = name.startswith(".") and ending.endswith(SCAN_ENDINGS)
            if name.startswith(LITTER):
                continue
            if name.startswith(LOCK_PREFIX) or ending.endswith(TEMPORARY_ENDINGS) or behind_a_dot:
                yield Path(place, name)


def _touched(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return float("inf")
