"""A copy of the whole book as it is at one moment, while others go on writing to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from index.errors import BookUnavailableError
from index.register.store.database import Database

_BUSY_SECONDS = 60


def copy_at_one_moment(
    database: Database, target: Path, while_still: Callable[[], None] = lambda: None
) -> None:
    """Copy the book to the new file `target`, readable by its owner only, as it is at one moment.

    `while_still` is called at that moment: nobody, in no process, commits before it returns, so what it
    sees on the disk belongs to the copy as it would after a power cut. The copying itself comes later and
    lets others write: a reader that has looked once sees that moment until it ends (SQLite's WAL), and
    SQLite's online backup copies what its connection sees. Raises BookUnavailableError, also for a book
    that is not a SQLite file.
    """
    path = database.engine.url.database
    if not database.is_sqlite or not path:
        raise BookUnavailableError(database.place, "only a book in a SQLite file is copied so")
    there = f"{Path(path).absolute().as_uri()}?mode=rw"
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with (
            closing(_connect(there)) as reader,
            closing(sqlite3.connect(target, isolation_level=None)) as copy,
        ):
            with closing(_connect(there)) as writer:
                writer.execute("BEGIN IMMEDIATE")
                reader.execute("BEGIN")
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
                while_still()
            reader.backup(copy)
            reader.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise BookUnavailableError(database.place, str(error)) from error


def _connect(there: str) -> sqlite3.Connection:
    return sqlite3.connect(there, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
