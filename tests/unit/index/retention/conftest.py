"""A book with its retention under the shipped law."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.book import Book
from index.retention.retention import Retention
from tests.retaining import LAW


@pytest.fixture
def book(url: str) -> Iterator[Book]:
    with Book.open(url) as opened:
        yield opened


@pytest.fixture
def retention(book: Book) -> Retention:
    return book.retention(LAW)
