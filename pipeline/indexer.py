"""The one writer of the search index: follows the book's outbox, and rebuilds what is damaged."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from index.book import Book
from index.search import Delete, LetterIndex, follow_outbox, heal, open_index, rebuild
from index.search.errors import IndexBusyError, IndexUnavailableError, IndexWriteError

log = logging.getLogger("saraban.index")
BATCH = 500


class Indexer:
    """Keeps the index in `folder` equal to the book."""

    def __init__(
        self, folder: Path, engine: str, book: Book, group_names: Mapping[str, str]
    ) -> None:
        self._folder = folder
        self._engine = engine
        self._book = book
        self._group_names = group_names
        self._index: LetterIndex | None = None
        self._pointer: bytes = b""
        self._may_hold_removed = True

    def step(self) -> int:
        """Take over what changed in the book; return how much is still to come.

        A damaged index, also one whose files were overwritten since, is built anew.

        When nothing changed, words of letters that left the index are taken out of its files too.
        Trouble with the index stops nobody: it is logged, the outbox keeps the changes.
        """
        entries = self._book.outbox.pending(BATCH)
        forgetting = 0
        try:
            index = self._current()
            if entries:
                changes = follow_outbox(entries, self._book.searchable.one)
                index.apply(changes)
                self._book.outbox.done(entries)
                if any(isinstance(change, Delete) for change in changes):
                    self._may_hold_removed = True
            elif self._may_hold_removed:
                self._may_hold_removed = index.forget(self._book.searchable.one)
                forgetting = int(self._may_hold_removed)
        except (IndexBusyError, IndexWriteError) as trouble:
            log.error("%s", trouble)
        except IndexUnavailableError as trouble:
            log.error("%s", trouble)
            self.rebuild()
        return self._book.outbox.count() if entries else forgetting

    def rebuild(self) -> int:
        """Build the index anew from the book; return how many letters it holds."""
        self._close()
        letters = self._book.searchable.all()
        self._index = rebuild(self._folder, self._engine, letters, group_names=self._group_names)
        self._pointer = self._read_pointer()
        return self._index.count()

    def _current(self) -> LetterIndex:
        """Return the open index; another process may have put a new one in its place."""
        if self._index is None or self._pointer != self._read_pointer():
            self._close()
            self._may_hold_removed = True
            self._index = open_index(self._folder, self._engine, group_names=self._group_names)
            self._pointer = self._read_pointer()
            if self._index.is_outdated:
                log.info("index of %s: built anew beside it", self._index.analysis_version)
                self.rebuild()
                return self._index
            wrong = heal(
                self._index,
                dict(self._book.searchable.revisions()),
                self._book.searchable.one,
            )
            if not wrong.none:
                log.info(
                    "index healed: %d missing, %d stale, %d extra",
                    len(wrong.missing),
                    len(wrong.stale),
                    len(wrong.extra),
                )
        else:
            self._index.refresh()  # tells of files that were damaged since
        return self._index

    def _read_pointer(self) -> bytes:
        pointer = self._folder / "active"
        return pointer.read_bytes() if pointer.is_file() else b""

    def _close(self) -> None:
        if self._index is not None:
            self._index.close()
            self._index = None

    close = _close
