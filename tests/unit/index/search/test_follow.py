"""The index follows the book: outbox entries become changes, and a check heals every difference."""

from __future__ import annotations

from pathlib import Path

from index.register.store.outbox import IndexOp, OutboxItem
from index.registered_letter import LetterKey
from index.search import Delete, Differences, Upsert, compare, follow_outbox, heal, rebuild
from tests.searching import keys, letter

PUT, REMOVE = IndexOp.PUT, IndexOp.REMOVE


def entry(letter_id: int, revision: int, op: IndexOp) -> OutboxItem:
    return OutboxItem(None, LetterKey.received(letter_id), revision, op)


def test_the_last_entry_of_a_letter_settles_it() -> None:
    first, second = keys(1, 2)
    book = {first: letter(1, revision=3), second: letter(2)}
    entries = [entry(1, 1, PUT), entry(2, 1, PUT), entry(1, 3, PUT), entry(2, 2, REMOVE)]
    assert follow_outbox(entries, book.get) == [Upsert(book[first]), Delete(second, 2)]


def test_a_sent_letter_is_another_than_the_received_one_of_its_id() -> None:
    sent = OutboxItem(None, LetterKey.sent(1), 1, PUT)
    changes = follow_outbox([entry(1, 1, PUT), sent], lambda _: None)
    assert changes == [Delete(LetterKey.received(1), 1), Delete(LetterKey.sent(1), 1)]


def test_a_letter_gone_from_the_book_is_deleted() -> None:
    (gone,) = keys(5)
    assert follow_outbox([entry(5, 1, PUT)], lambda _: None) == [Delete(gone, 1)]


def test_compares_by_revision() -> None:
    one, two, three, nine = keys(1, 2, 3, 9)
    book, index = {one: 1, two: 5, three: 1}, {two: 4, three: 1, nine: 1}
    assert compare(book, index) == Differences((one,), (two,), (nine,))
    assert compare({one: 1}, {one: 1}).none


def test_heals_what_is_missing_stale_ahead_or_extra(tmp_path: Path) -> None:
    made = (letter(1), letter(2, revision=4), letter(3, revision=2))
    book = {one.key: one for one in made}
    index = rebuild(tmp_path, "tantivy", [letter(2, revision=3), letter(3, revision=7), letter(9)])
    revisions = {key: one.revision for key, one in book.items()}
    assert heal(index, revisions, book.get) == Differences(keys(1), keys(2, 3), keys(9))
    assert index.revisions() == revisions
    assert heal(index, revisions, book.get).none
