"""What bringing a book up to date would change, told without changing anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.errors import BookDamagedError, BookTooNewError
from index.migrations import HEAD

ROOM = 3
"""How often the book's own size must be free: tables are copied, and the log holds them until the end."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """How a book stands to this program: its revision, the newest, and what lies between, in English.

    `needed_bytes` of free disk are wanted while it is brought up to date; 0 when nothing is to be done.
    """

    revision: str
    newest: str
    changes: tuple[tuple[str, str], ...]
    needed_bytes: int


def find_upgrade(path: Path) -> Upgrade:
    """Look at the SQLite book at `path`; one that is not there yet is new already.

    Raises BookDamagedError, and BookTooNewError for a book that a newer program has changed.
    """
    revision = _revision(path)
    steps = _steps()
    known = [number for number, _ in steps]
    if revision and revision not in known:
        raise BookTooNewError(str(path), revision)
    if not revision or revision == HEAD:
        return Upgrade(revision or HEAD, HEAD, (), 0)
    changes = tuple(steps[known.index(revision) + 1 :])
    size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*") if one.is_file())
    return Upgrade(revision, HEAD, changes, ROOM * size)


def _revision(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as book:
            there = book.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            if there.fetchone() is None:
                return ""
            return str(book.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise BookDamagedError(str(path), str(error)) from error


def _steps() -> list[tuple[str, str]]:
    """Return all changes of the tables, oldest first: the revision, and what it does."""
    from alembic.config import Config  # noqa: PLC0415 - slow to import and seldom needed
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "index:migrations")
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    return [(one.revision, (one.doc or "").strip()) for one in scripts][::-1]
