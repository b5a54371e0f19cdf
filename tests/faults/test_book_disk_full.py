"""The disk is full while a letter is entered: it is said so, nothing is half entered, and later it goes on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from index.book import Book
from index.errors import DiskFullError
from tests.keeping import CLERK, NOW, make_filing, make_scan, take


def test_a_full_disk_enters_nothing_and_gives_no_number(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/saraban.db"
    with Book.open(url) as book:
        book.jobs.record_arrival(make_scan())
        job = take(book)

    def no_room(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(Engine, "connect", no_room)
    try:
        with Book.open(url) as full, pytest.raises(DiskFullError, match="Make room"):
            full.jobs.file(job, make_filing(text="ยาว" * 100_000), NOW)
    finally:
        event.remove(Engine, "connect", no_room)

    with Book.open(url) as book:
        counts = book.letters.count_states(CLERK)
        assert (counts.filed, counts.working) == (0, 1)
        assert book.verify() == ()
        letter = book.jobs.file(job, make_filing(text="ยาว" * 100_000), NOW)
        assert str(letter.register_number) == "1/2569"
