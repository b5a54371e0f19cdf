"""Files of the search index that were overwritten are noticed before the next answer: it never says "nothing found"."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from index.book import Book
from index.search import ENGINES
from index.search.errors import IndexUnavailableError
from pipeline.audit import find_disagreements
from pipeline.finder import Finder, Wanted
from pipeline.indexer import Indexer
from pipeline.office import Office
from tests.keeping import CLERK, file_one, make_filing
from tests.unit.pipeline.conftest import book, made_office, office

__all__ = ["book", "made_office", "office"]  # the fixtures
TODAY = date(2026, 1, 20)


def files_of(office: Office) -> list[Path]:
    """Return what holds the letters: not the small files that name the others."""
    active = office.search_index / (office.search_index / "active").read_text("utf-8")
    return sorted(
        one
        for one in active.iterdir()
        if one.suffix in (".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", ".seg")
    )


def overwrite(path: Path, draw: random.Random) -> None:
    """Change 40 bytes inside, of the same file, as a failing disk or another program does."""
    with path.open("r+b") as file:
        for _ in range(40):
            file.seek(draw.randrange(path.stat().st_size))
            file.write(draw.randbytes(1))


def found(finder: Finder) -> int:
    return finder.search(Wanted("พัสดุ"), viewer=CLERK, today=TODAY).total


@pytest.mark.parametrize("engine", ENGINES)
def test_every_file_is_noticed_by_an_open_reader_and_the_index_heals(
    office: Office, book: Book, engine: str
) -> None:
    draw = random.Random(engine)  # noqa: S311
    file_one(book, 1, make_filing(subject="ตรวจสอบพัสดุประจำปี"))
    indexer = Indexer(office.search_index, engine, book, {})
    finder = Finder(office.search_index, engine, {})
    while indexer.step():
        pass
    assert found(finder) == 1
    for place in range(len(files_of(office))):
        overwrite(files_of(office)[place], draw)
        with pytest.raises(IndexUnavailableError, match="damaged"):
            found(finder)
        indexer.step()  # every half second in a server
        assert found(finder) == 1
    finder.close()
    indexer.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_check_and_a_new_reader_tell_it(office: Office, book: Book, engine: str) -> None:
    file_one(book, 1, make_filing(subject="ตรวจสอบพัสดุประจำปี"))
    indexer = Indexer(office.search_index, engine, book, {})
    while indexer.step():
        pass
    indexer.close()
    finder = Finder(office.search_index, engine, {})
    assert [
        one
        for one in find_disagreements(office, book, finder, lambda _: None)
        if one.where == "index"
    ] == []
    finder.close()
    overwrite(files_of(office)[-1], random.Random(1))  # noqa: S311
    finder = Finder(office.search_index, engine, {})
    (told,) = [
        one
        for one in find_disagreements(office, book, finder, lambda _: None)
        if one.where == "index"
    ]
    assert "damaged" in told.what
    assert told.remedy == "run: saraban index rebuild"
    with pytest.raises(IndexUnavailableError, match="damaged"):
        found(finder)
    finder.close()
