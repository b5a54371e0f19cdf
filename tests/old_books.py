"""Books as earlier programs left them; `python -m tests.old_books` writes the one of this program.

`tests/golden/books/NNNN.sql` was written by the program whose newest revision was NNNN: letters that are
filed, doubted, secret, waiting and a duplicate, with their trail, and what the send book had.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from classify.letter import Secrecy
from index.book import Book
from index.migrations import HEAD
from tests.keeping import DOUBTFUL_NUMBER, NOW, file_one, make_filing, make_scan, send_one

BOOKS = Path(__file__).parent / "golden" / "books"


def lay_out(revision: str, path: Path) -> Path:
    """Make the database file that the program of that revision left."""
    with closing(sqlite3.connect(path)) as book:
        book.executescript((BOOKS / f"{revision}.sql").read_text(encoding="utf-8"))
        book.execute("PRAGMA journal_mode=WAL")
    return path


def write_book() -> Path:
    """Write the book of this program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "saraban.db"
        with Book.open(f"sqlite:///{path}") as book:
            file_one(book, "a")
            doubted = make_filing(number="ศธ 04001/ว 7", review=(DOUBTFUL_NUMBER,))
            file_one(book, "b", doubted, now=NOW + timedelta(hours=1))
            secret = make_filing(secrecy=Secrecy.SECRET, subject="เรื่องที่ปกปิด")
            file_one(book, "c", secret, now=NOW + timedelta(hours=2))
            book.jobs.record_arrival(make_scan("a", claim="2"))
            book.jobs.record_arrival(make_scan("waiting"))
            send_one(book)
        with closing(sqlite3.connect(path)) as written:
            lines = [one for one in written.iterdump() if not one.startswith("INSERT INTO sqlite_")]
    target = BOOKS / f"{HEAD}.sql"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


if __name__ == "__main__":
    write_book()
