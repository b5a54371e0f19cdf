"""A book with its retention under the shipped law, and an office of three letters that are due, with files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.archive import Archive
from index.book import Book
from index.retention.retention import Retention
from tests.destroying import Bench, copied_bench, keep_with_files
from tests.retaining import LAW


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        yield opened


@pytest.fixture
def retention(book: Book) -> Retention:
    return book.retention(LAW)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        retention, archive = book.retention(LAW), Archive(folder / "archive")
        for key in (1, 2, 3):
            keep_with_files(book, retention, archive, folder, key, same_pdf=key < 3)
    return folder


@pytest.fixture
def bench(prepared: Path, tmp_path: Path) -> Iterator[Bench]:
    with copied_bench(prepared, tmp_path, {1, 2, 3}) as bench:
        yield bench
