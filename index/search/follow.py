"""Following the book: outbox entries become changes, and a comparison tells what is missing.

Pure functions; who calls them reads the book and applies the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from index.registered_letter import LetterKey, RegisteredLetter
from index.search.letter_index import Change, Delete, LetterIndex, Upsert

Revisions: TypeAlias = Mapping[LetterKey, int]


class OutboxEntry(Protocol):
    """An entry of the book's outbox; `op` is `put` or `remove`."""

    @property
    def key(self) -> LetterKey:
        """The letter that changed."""

    @property
    def revision(self) -> int:
        """The revision it has since."""

    @property
    def op(self) -> str:
        """What the index is to do."""


def follow_outbox(
    entries: Iterable[OutboxEntry], read: Callable[[LetterKey], RegisteredLetter | None]
) -> list[Change]:
    """Turn outbox entries, oldest first, into changes for `LetterIndex.apply`.

    `read` returns the letter as it stands now, None when it is gone. Entries of one letter are
    settled by the last of them. Forget the entries only after `apply` has returned.
    """
    last = {entry.key: entry for entry in entries}
    changes: list[Change] = []
    for entry in last.values():
        letter = read(entry.key) if entry.op == "put" else None
        changes.append(Upsert(letter) if letter else Delete(entry.key, entry.revision))
    return changes


@dataclass(frozen=True, slots=True)
class Differences:
    """Letters where book and index disagree: not indexed, indexed too old, not in the book."""

    missing: tuple[LetterKey, ...]
    stale: tuple[LetterKey, ...]
    extra: tuple[LetterKey, ...]

    @property
    def none(self) -> bool:
        """Tell whether book and index agree."""
        return not (self.missing or self.stale or self.extra)


def compare(book: Revisions, index: Revisions) -> Differences:
    """Compare the book's searchable letters with the index."""
    return Differences(
        missing=tuple(sorted(book.keys() - index.keys())),
        stale=tuple(sorted(one for one in book.keys() & index.keys() if book[one] != index[one])),
        extra=tuple(sorted(index.keys() - book.keys())),
    )


def heal(
    index: LetterIndex, book: Revisions, read: Callable[[LetterKey], RegisteredLetter | None]
) -> Differences:
    """Make the index agree with the book; return what was wrong.

    Also an index ahead of the book, as after a restored backup, is set back: those letters are
    removed first, since an index never goes back a revision by itself.
    """
    known = index.revisions()
    wrong = compare(book, known)
    index.apply(Delete(one, known[one]) for one in (*wrong.extra, *wrong.stale))
    letters = map(read, (*wrong.missing, *wrong.stale))
    index.apply(Upsert(letter) for letter in letters if letter)
    return wrong
