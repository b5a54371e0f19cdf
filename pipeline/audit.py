"""`check`: prove that archive, book and index agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.archive import Archive
from index.book import Book
from index.check import check_archive
from index.search import compare
from index.search.errors import SearchError
from pipeline.finder import Finder
from pipeline.office import Office

REBUILD = "run: saraban index rebuild"
RESTORE = "bring it back from the backup; docs/errors.md says how"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that is wrong, and what to do about it; nothing in it gives a secret away."""

    where: str
    what: str
    remedy: str


def find_disagreements(
    office: Office, book: Book, finder: Finder, tell: Callable[[str], None]
) -> Iterator[Disagreement]:
    """Look everywhere; `tell` is called before each part. Reads every archived file."""
    tell("ทะเบียน / the book")
    for problem in book.verify():
        yield Disagreement("book", problem, RESTORE)
    tell("คลังไฟล์ / the archive")
    for problem in check_archive(book, Archive(office.archive)):
        yield Disagreement("archive", problem, RESTORE)
    tell("ดัชนีค้นหา / the index")
    yield from _check_index(book, finder)


def _check_index(book: Book, finder: Finder) -> Iterator[Disagreement]:
    behind = book.outbox.count()
    if behind:
        yield Disagreement("index", f"{behind} change(s) behind", "let `saraban serve` run")
        return
    try:
        wrong = compare(dict(book.searchable.revisions()), finder.revisions())
    except SearchError as error:
        yield Disagreement("index", str(error), REBUILD)
        return
    for kind, ids in (
        ("not in it", wrong.missing),
        ("older in it than in the book", wrong.stale),
        ("in it and not in the book", wrong.extra),
    ):
        for letter_id in ids:
            letter = f"letter {letter_id}" if letter_id > 0 else f"sent letter {-letter_id}"
            yield Disagreement("index", f"{letter} is {kind}", REBUILD)
