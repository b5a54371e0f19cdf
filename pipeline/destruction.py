"""What this program made of letters outside book and archive, and how it goes with a destruction."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.archive import Archive
from index.book import Book
from index.retention.certificate import Tombstone
from index.retention.erasing import ErasedLetter
from index.retention.papers import key_of
from index.search.errors import SearchError
from pipeline.backup.moment import forget
from pipeline.errors import OfficeInUseError
from pipeline.finder import Finder
from pipeline.indexer import Indexer
from pipeline.office import Office, sole_server
from pipeline.page_pictures import PagePictures
from pipeline.rules_in_force import RulesInForce

PATIENCE_SECONDS = 20.0  # the server's indexer follows the book within a second or two
LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class OfficeCopies:
    """Page pictures and search index of an office, for `Destruction.execute`.

    `root` is the office's folder, where a backup may just be made. `indexer` is None where the server
    of this office is the one writer of the index; then it is given `patience_seconds` to follow the book.
    """

    root: Path
    pictures: PagePictures
    finder: Finder
    indexer: Indexer | None = None
    patience_seconds: float = field(default_factory=lambda: PATIENCE_SECONDS)

    def forget(self, letters: Sequence[ErasedLetter]) -> None:
        """Remove pictures and index entries of these letters; wait for the index to follow."""
        for letter in letters:
            for sha256 in (letter.sha256, letter.searchable_sha256):
                if sha256:
                    self.pictures.forget(sha256)
                    forget(self.root, sha256)
        if self.indexer is not None:
            while self.indexer.step():
                pass
            return
        give_up = time.monotonic() + self.patience_seconds
        while self._in_index(letters) and time.monotonic() < give_up:
            time.sleep(LOOK_SECONDS)

    def remains(self, letters: Sequence[ErasedLetter]) -> Mapping[int, str]:
        """Look, and return what is still there of which letter."""
        found = dict(self._in_index(letters))
        for letter in letters:
            if any(
                self.pictures.keeps(one) for one in (letter.sha256, letter.searchable_sha256) if one
            ):
                found[letter.letter_id] = "a picture of a page"
        return found

    def _in_index(self, letters: Sequence[ErasedLetter]) -> Mapping[int, str]:
        if not letters:
            return {}
        try:
            indexed = self.finder.revisions()
        except SearchError:
            return {one.letter_id: "an index that cannot be read" for one in letters}
        return {
            one.letter_id: "its entry in the search index"
            for one in letters
            if key_of(one.letter_id) in indexed
        }


def tombstone_as_json(stone: Tombstone) -> dict[str, object]:
    """Return what stays of a destroyed letter, for programs; days are ISO 8601."""
    return {
        "erased_on": _iso(stone.erased_on),
        "paper_ended_on": _iso(stone.paper_ended_on),
        "batch": stone.batch_id,
        "certificate": stone.certificate,
        "committee_order": stone.committee_order,
        "approver": stone.approver,
        "delegation_order": stone.delegation_order,
        "decided_on": _iso(stone.decided_on),
        "archive_letters": list(stone.archive_letters),
        "executor": stone.executor,
        "witnesses": list(stone.witnesses),
        "original_sha256": stone.original_sha256,
        "searchable_sha256": stone.searchable_sha256,
        "kept_files": [
            {"sha256": one.sha256, "letters": list(one.letters)} for one in stone.kept_files
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@contextmanager
def at_the_archive(office: Office, book: Book) -> Iterator[tuple[Archive, OfficeCopies]]:
    """Hand out archive and copies to a command beside the server, or in its place when none runs."""
    names = {
        group.code: group.name
        for group in RulesInForce(office.rules, office.kept_rules).current().groups.groups
    }
    finder = Finder(office.search_index, office.settings.search.engine, names)
    pictures, archive = PagePictures(office.pictures), Archive(office.archive)
    try:
        with sole_server(office):
            indexer = Indexer(office.search_index, office.settings.search.engine, book, names)
            try:
                yield archive, OfficeCopies(office.root, pictures, finder, indexer)
            finally:
                indexer.close()
    except OfficeInUseError:
        yield archive, OfficeCopies(office.root, pictures, finder)
    finally:
        finder.close()
