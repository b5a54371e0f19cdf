"""A book with its retention under the shipped law; the empty book is made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.book import Book
from index.retention.retention import Retention
from tests.retaining import LAW


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "empty.db"
    Book.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def url(tmp_path: Path, empty_book: Path) -> str:
    shutil.copy(empty_book, tmp_path / "saraban.db")
    return f"sqlite:///{tmp_path}/saraban.db"


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        yield opened


@pytest.fixture
def retention(book: Book) -> Retention:
    return book.retention(LAW)
