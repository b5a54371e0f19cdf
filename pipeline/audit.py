"""`check`: prove that archive, book and index agree, and that no file lies where it should not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.archive import Archive, Shelf
from index.register.book import Book
from index.register.letters import LetterFile
from index.search import compare
from index.search.errors import SearchError
from pipeline.finder import Finder
from pipeline.office import Office

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One thing that is wrong, and what to do about it; nothing in it gives a secret away."""

    where: str
    what: str
    remedy: str


def find_disagreements(
    office: Office, book: Book, finder: Finder, tell: Progress
) -> Iterator[Disagreement]:
    """Look everywhere; `tell` is called before each part. Reads every archived file."""
    tell("ทะเบียน / the book")
    for problem in book.verify():
        yield Disagreement("book", problem, "bring the book back from the backup")
    archive = Archive(office.archive)
    tell("คลังไฟล์ / the archive")
    yield from _check_archive(archive, book)
    tell("ดัชนีค้นหา / the index")
    yield from _check_index(book, finder)


def _check_archive(archive: Archive, book: Book) -> Iterator[Disagreement]:
    for found in archive.verify():
        yield Disagreement(
            "archive", f"{found.path} {found.problem}", "bring the file back from the backup"
        )
    shelves = {shelf: dict(archive.names(shelf)) for shelf in Shelf}
    known: dict[Shelf, set[str]] = {shelf: set() for shelf in Shelf}
    for file in book.letters.files():
        for shelf, sha256 in _kept(file):
            known[shelf].add(sha256)
            if sha256 not in shelves[shelf]:
                yield Disagreement(
                    "archive",
                    f"letter {file.letter_id}: {shelf} {sha256[:16]}… is missing",
                    "bring the file back from the backup, or scan the paper again",
                )
            elif file.is_secret and not shelves[shelf][sha256]:
                yield Disagreement(
                    "archive",
                    f"letter {file.letter_id} is secret and lies in the open part",
                    "start `saraban serve` anew; if it stays so, move the file to archive/secret",
                )
    for shelf in Shelf:
        for sha256 in sorted(shelves[shelf].keys() - known[shelf]):
            if not _is_under_way(book, sha256):
                yield Disagreement(
                    "archive",
                    f"{shelf} {sha256[:16]}… belongs to no letter",
                    "a crash before filing leaves it; it does no harm and may be removed",
                )


def _kept(file: LetterFile) -> Iterator[tuple[Shelf, str]]:
    yield Shelf.ORIGINAL, file.sha256
    if file.searchable_sha256 is not None:
        yield Shelf.SEARCHABLE, file.searchable_sha256


def _is_under_way(book: Book, sha256: str) -> bool:
    """Tell whether a letter with these bytes is known and not filed yet: its turn will come."""
    return book.jobs.find(sha256) is not None


def _check_index(book: Book, finder: Finder) -> Iterator[Disagreement]:
    rebuild = "run: saraban index rebuild"
    if book.outbox.count():
        yield Disagreement(
            "index",
            f"{book.outbox.count()} change(s) behind",
            "let `saraban serve` run, or " + rebuild,
        )
        return
    try:
        wrong = compare(dict(book.letters.index_revisions()), finder.revisions())
    except SearchError as error:
        yield Disagreement("index", str(error), rebuild)
        return
    for kind, ids in (
        ("not in it", wrong.missing),
        ("older in it than in the book", wrong.stale),
        ("in it and not in the book", wrong.extra),
    ):
        for letter_id in ids:
            yield Disagreement("index", f"letter {letter_id} is {kind}", rebuild)
