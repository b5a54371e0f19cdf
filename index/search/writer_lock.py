"""One writer at a time, over all processes: a lock the system gives back when its holder is killed."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.search.errors import IndexBusyError, IndexWriteError


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Hold the folder's writer lock; IndexBusyError at once when another process holds it."""
    try:
        lock = (folder / "writer.lock").open("a")
    except OSError as error:
        raise IndexWriteError(folder, str(error)) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusyError(folder) from error
        yield
