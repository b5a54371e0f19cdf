"""Whether archive and book agree: every letter's files are there, whole, and secret where they must be."""

from __future__ import annotations

from collections.abc import Iterator

from index.archive import Archive, Shelf
from index.register.book import Book


def check_archive(book: Book, archive: Archive) -> Iterator[str]:
    """Yield what is wrong, in English; reads every file of the archive.

    Secret letters whose files still lie in the open part (a crash came between the book and the
    move) are healed by moving them, and reported all the same.
    """
    for problem in archive.verify():
        yield f"{problem.path} {problem.problem}"
    kept = {shelf: dict(archive.names(shelf)) for shelf in Shelf}
    for file in book.letters.files():
        wanted = {Shelf.ORIGINAL: file.sha256, Shelf.SEARCHABLE: file.searchable_sha256}
        for shelf, sha256 in wanted.items():
            if sha256 is None:
                continue
            if sha256 not in kept[shelf]:
                yield f"letter {file.letter_id} has no file {sha256[:16]}… among the {shelf}"
            elif file.is_secret and not kept[shelf][sha256]:
                archive.hide(file.sha256, file.searchable_sha256)
                yield f"letter {file.letter_id} is secret but its file lay in the open; it was moved"
    known = book.jobs.known_scans()
    for sha256 in kept[Shelf.ORIGINAL].keys() - known:
        yield f"the archive holds {sha256[:16]}…, which the book never received"
