"""An empty book in a SQLite file: made once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.book import Book


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "empty.db"
    Book.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def url(tmp_path: Path, empty_book: Path) -> str:
    path = tmp_path / "saraban.db"
    shutil.copy(empty_book, path)
    return f"sqlite:///{path}"


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        yield opened
