"""The index follows the book: outbox entries become changes, and a check heals every difference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.search import Delete, Differences, Upsert, compare, follow_outbox, heal, rebuild
from tests.searching import letter


@dataclass(frozen=True)
class Entry:
    letter_id: int
    revision: int
    op: str


def test_the_last_entry_of_a_letter_settles_it() -> None:
    book = {1: letter(1, revision=3), 2: letter(2)}
    entries = [Entry(1, 1, "put"), Entry(2, 1, "put"), Entry(1, 3, "put"), Entry(2, 2, "remove")]
    assert follow_outbox(entries, book.get) == [Upsert(book[1]), Delete(2, 2)]


def test_a_letter_gone_from_the_book_is_deleted() -> None:
    assert follow_outbox([Entry(5, 1, "put")], lambda _: None) == [Delete(5, 1)]


def test_compares_by_revision() -> None:
    assert compare({1: 1, 2: 5, 3: 1}, {2: 4, 3: 1, 9: 1}) == Differences((1,), (2,), (9,))
    assert compare({1: 1}, {1: 1}).none


def test_heals_what_is_missing_stale_ahead_or_extra(tmp_path: Path) -> None:
    book = {1: letter(1), 2: letter(2, revision=4), 3: letter(3, revision=2)}
    index = rebuild(tmp_path, "tantivy", [letter(2, revision=3), letter(3, revision=7), letter(9)])
    revisions = {one.letter_id: one.revision for one in book.values()}
    assert heal(index, revisions, book.get) == Differences((1,), (2, 3), (9,))
    assert index.revisions() == revisions
    assert heal(index, revisions, book.get).none
