"""Whether archive and book agree: every letter's files are there, whole, and secret where they must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from index.archive import Archive, Shelf, hash_file
from index.book import Book
from index.register.letters.letters import LetterFile
from index.register.sent.sent_letter import SentFile


def check_archive(
    book: Book, archive: Archive, hash_of: Callable[[Path], str] = hash_file
) -> Iterator[str]:
    """Yield what is wrong, in English; reads every file of the archive with `hash_of`.

    Secret letters whose files still lie in the open part (a crash came between the book and the
    move) are healed by moving them, and reported all the same.
    """
    for problem in archive.verify(hash_of):
        yield f"{problem.path} {problem.problem}"
    kept = {shelf: set(archive.names(shelf)) for shelf in Shelf}
    files = list(book.letters.files())
    sent = list(book.sent.all_files())
    of_sent = {one for copy in sent for one in (copy.sha256, copy.searchable_sha256) if one}
    held_for_others = book.letters.kept_for_others() | of_sent
    yield from _check_letters(files, archive, kept, held_for_others)
    for copy in sent:
        yield from _check_kept(copy, f"sent letter {copy.sent_id}", "copy", archive, kept)
    known = book.jobs.known_scans() | {copy.sha256 for copy in sent}
    for sha256, _is_secret in sorted(kept[Shelf.ORIGINAL]):
        if sha256 not in known:
            yield f"the archive holds {sha256[:16]}…, which the book never received"


def _check_letters(
    files: list[LetterFile],
    archive: Archive,
    kept: Mapping[Shelf, set[tuple[str, bool]]],
    held_for_others: frozenset[str],
) -> Iterator[str]:
    needed: set[str | None] = {
        sha256
        for file in files
        if not file.is_erased
        for sha256 in (file.sha256, file.searchable_sha256)
    }
    needed |= held_for_others
    for file in files:
        if file.is_erased:
            yield from _check_destroyed(file, kept, needed)
        else:
            yield from _check_kept(file, f"letter {file.letter_id}", "file", archive, kept)


def _check_kept(
    file: LetterFile | SentFile,
    whose: str,
    what: str,
    archive: Archive,
    kept: Mapping[Shelf, set[tuple[str, bool]]],
) -> Iterator[str]:
    """A kept letter's files are there, and a secret one's not in the open; `whose` and `what` name them."""
    wanted = {Shelf.ORIGINAL: file.sha256, Shelf.SEARCHABLE: file.searchable_sha256}
    for shelf, sha256 in wanted.items():
        if sha256 is None:
            continue
        in_the_open = (sha256, False) in kept[shelf]
        if not in_the_open and (sha256, True) not in kept[shelf]:
            yield f"{whose} has no {what} {sha256[:16]}… among the {shelf}"
        elif in_the_open and file.is_secret:
            archive.hide(file.sha256, file.searchable_sha256)
            yield f"{whose} is secret but its {what} lay in the open; it was moved"


def _check_destroyed(
    file: LetterFile, kept: Mapping[Shelf, set[tuple[str, bool]]], needed: set[str | None]
) -> Iterator[str]:
    """A destroyed letter has no file, but for one that has pages of a letter that is kept."""
    wanted = {Shelf.ORIGINAL: file.sha256, Shelf.SEARCHABLE: file.searchable_sha256}
    for shelf, sha256 in wanted.items():
        there = (sha256, False) in kept[shelf] or (sha256, True) in kept[shelf]
        if there and sha256 not in needed:
            yield f"letter {file.letter_id} was destroyed but {str(sha256)[:16]}… is among the {shelf}"
