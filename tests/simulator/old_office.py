"""An office whose book an earlier program left, with the files of its letters."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index.archive import Archive
from index.migrations import HEAD
from pipeline.office import Office
from tests.old_books import BOOKS, lay_out

REVISIONS = sorted(path.stem for path in BOOKS.glob("*.sql"))
SECRET, WAITING = "c", "waiting"  # keys of `tests.old_books`
_ROWS = (
    "SELECT id, sha256, running, number, subject, is_secret FROM letters WHERE id <= 3 ORDER BY id"
)
_TRAIL = (
    "SELECT sequence, who, action, letter_id, hash FROM audit WHERE sequence <= ? ORDER BY sequence"
)


@dataclass(frozen=True, slots=True)
class Before:
    """What a book knew before the play began: counts, and how its filed letters and its trail read."""

    revision: str = HEAD
    received: int = 0
    filed: int = 0
    unreadable: int = 0
    rows: tuple[tuple[object, ...], ...] = ()
    trail: tuple[tuple[object, ...], ...] = ()

    def is_kept_in(self, database: Path) -> bool:
        """Tell whether letters and trail still read so."""
        if not self.rows:
            return True
        return (self.rows, self.trail) == _read(database, len(self.trail))

    def is_whole(self, database: Path) -> bool:
        """Tell whether the book is of that revision or of this program's, and nothing between."""
        with closing(sqlite3.connect(database)) as book:
            (revision,) = book.execute("SELECT version_num FROM alembic_version").fetchone()
            tables = {name for (name,) in book.execute("SELECT name FROM sqlite_master")}
            whole = book.execute("PRAGMA quick_check").fetchone() == ("ok",)
        halves = [name for name in tables if name.startswith("_alembic_tmp")]
        return whole and not halves and revision in (self.revision, HEAD)


NOTHING = Before()


def begin_with(office: Office, revision: str) -> Before:
    """Replace an office's empty book by the one of that revision, and give its letters their files."""
    for path in office.root.glob(f"{office.database.name}*"):
        path.unlink()
    lay_out(revision, office.database)
    archive = Archive(office.archive)
    made = office.root.with_name(f"{office.root.name}-old")
    for key in ("a", "b", SECRET):
        made.write_bytes(key.encode())
        sha256 = hashlib.sha256(key.encode()).hexdigest()
        archive.keep_original(made, sha256, ".pdf", secret=key == SECRET)
    (office.work / f"{WAITING}-1.pdf").write_bytes(WAITING.encode())
    with (
        closing(sqlite3.connect(office.database)) as book,
        book,
    ):  # it is looked for by its size as well
        book.execute("UPDATE letters SET size_bytes = ? WHERE id = 4", (len(WAITING),))
    rows, trail = _read(office.database, 1 << 30)
    return Before(revision, received=5, filed=3, unreadable=1, rows=rows, trail=trail)


def _read(
    database: Path, lines: int
) -> tuple[tuple[tuple[object, ...], ...], tuple[tuple[object, ...], ...]]:
    with closing(sqlite3.connect(database)) as book:
        rows = tuple(book.execute(_ROWS))
        return rows, tuple(book.execute(_TRAIL, (lines,)))
