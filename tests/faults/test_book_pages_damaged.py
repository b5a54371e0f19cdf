"""`check` reads every page of the book: bytes that a failing disk changed are told, wherever they lie."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.book import Book
from index.errors import KeepingError
from tests.keeping import file_one

PAGE = 4096


@pytest.mark.parametrize("seed", range(8))
def test_garbage_in_pages_of_the_book_is_told(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    path = tmp_path / "saraban.db"
    with Book.open(f"sqlite:///{path}") as book:
        file_one(book)
        assert book.verify() == ()
    data = bytearray(path.read_bytes())
    for page in draw.sample(range(2, len(data) // PAGE), 6):
        data[page * PAGE : page * PAGE + 64] = draw.randbytes(64)
    path.write_bytes(data)
    try:
        with Book.open(f"sqlite:///{path}") as book:
            problems = book.verify()
    except KeepingError:
        return  # told at opening already
    assert any("damaged" in problem for problem in problems)
