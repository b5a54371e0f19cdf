"""Files that kill the program while it looks at them: counted, so that none does it for ever.

A decoder's crash ends the whole process; started again, it would meet the same file and die again.
The count lies in a marker file in `work/`, which only a death leaves behind.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from watch_folder.durable_move import Stamp
from watch_folder.errors import UnfinishedScanError

PREFIX = ".checking-"
MAX_DEATHS = 3  # one may be a power cut, and so may, with bad luck, the second


@contextmanager
def counted_attempt(path: Path, stamp: Stamp, work: Path) -> Iterator[None]:
    """Look at a file inside; raises UnfinishedScanError when the program died doing so too often."""
    marker = _marker(path, stamp, work)
    deaths = _deaths(marker)
    if deaths >= MAX_DEATHS:
        raise UnfinishedScanError(path, f"the program died {deaths} times looking at it")
    with suppress(OSError):  # a full disk: better unguarded than not at all
        descriptor = os.open(marker, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"path": str(path), "deaths": deaths + 1}, file)
    try:
        yield
    finally:
        marker.unlink(missing_ok=True)


def forget_attempts(path: Path, stamp: Stamp, work: Path) -> None:
    """Forget a file that is refused: dropped in again, it is looked at again."""
    _marker(path, stamp, work).unlink(missing_ok=True)


def forget_gone(work: Path) -> None:
    """Remove the markers of files that are not there any more. Raises OSError."""
    for marker in work.glob(f"{PREFIX}*"):
        try:
            path = Path(json.loads(marker.read_text(encoding="utf-8"))["path"])
        except (ValueError, KeyError, TypeError):
            marker.unlink()
            continue
        if not os.path.lexists(path):
            marker.unlink()


def _marker(path: Path, stamp: Stamp, work: Path) -> Path:
    identity = os.fsencode(path) + f"\0{stamp.size_bytes} {stamp.modified_ns}".encode()
    return work / f"{PREFIX}{hashlib.sha256(identity).hexdigest()[:32]}"


def _deaths(marker: Path) -> int:
    try:
        return int(json.loads(marker.read_text(encoding="utf-8"))["deaths"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0
