"""A copy of the book is the book of one moment: what is committed later, even while copying, is not in it."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from index import copying
from index.book import Book
from index.errors import BookUnavailableError
from tests.keeping import file_one


def numbers_in(path: Path) -> dict[str, int]:
    with Book.open(f"sqlite:///{path}") as book:
        assert book.verify() == ()
        return book.last_numbers()


def test_what_is_filed_after_the_moment_is_not_in_the_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        file_one(book, "before")
        seen = []

        class Slow(sqlite3.Connection):
            """Files a letter between the moment and the copying."""

            def backup(self, target: sqlite3.Connection, **rest: object) -> None:
                file_one(book, "after")
                seen.append(len(book.last_numbers()))
                super().backup(target)

        def connect_slowly(there: str) -> sqlite3.Connection:
            return sqlite3.connect(there, uri=True, isolation_level=None, factory=Slow)

        monkeypatch.setattr(copying, "_connect", connect_slowly)
        book.copy_to(tmp_path / "copy.db")
        assert seen
        assert list(book.last_numbers().values()) == [2]
    assert list(numbers_in(tmp_path / "copy.db").values()) == [1]


def test_nobody_commits_while_it_stands_still_and_everybody_afterwards(tmp_path: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        file_one(book, "a")
        filed = threading.Event()

        def file_another() -> None:
            file_one(book, "b")
            filed.set()

        clerk = threading.Thread(target=file_another)

        def while_still() -> None:
            clerk.start()
            assert not filed.wait(1.0)

        book.copy_to(tmp_path / "copy.db", while_still)
        clerk.join()
        assert filed.is_set()
    assert list(numbers_in(tmp_path / "copy.db").values()) == [1]


def test_the_copy_is_private_and_never_written_over_a_file(tmp_path: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        book.copy_to(tmp_path / "copy.db")
        assert (tmp_path / "copy.db").stat().st_mode & 0o077 == 0
        with pytest.raises(FileExistsError):
            book.copy_to(tmp_path / "copy.db")


def test_a_book_that_cannot_be_copied_is_said_so(tmp_path: Path) -> None:
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        (tmp_path / "saraban.db").rename(tmp_path / "gone.db")
        with pytest.raises(BookUnavailableError, match="unable to open"):
            book.copy_to(tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "gone.db")) as gone:
        assert gone.execute("PRAGMA integrity_check").fetchone() == ("ok",)
