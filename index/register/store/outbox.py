"""The outbox: what the search index has still to take over, in the order it happened.

A secret letter, one suspected to be secret, and a cancelled one are only ever removed from the index.
Changes of received letters are rows of the outbox; a sent letter's row says itself that it changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from index.register.store.database import Database
from index.register.store.sent_tables import SentRow
from index.register.store.tables import LetterRow, OutboxRow
from index.register.store.visible import sent_hidden
from index.registered_letter import LetterKey, LetterKind


class IndexOp(StrEnum):
    """What the index is to do."""

    PUT = "put"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One change: read the letter again from the book for PUT; `revision` is the one it was made by.

    `row_id` is its row in the outbox; a sent letter has none, its own row says that it changed.
    """

    row_id: int | None
    key: LetterKey
    revision: int
    op: IndexOp


def enqueue(session: Session, letter: LetterRow) -> None:
    """Note inside the caller's transaction that the index must follow this letter."""
    op = IndexOp.PUT if is_searchable(letter) else IndexOp.REMOVE
    session.add(
        OutboxRow(office_id=letter.office_id, letter_id=letter.id, revision=letter.revision, op=op)
    )


def is_searchable(letter: LetterRow) -> bool:
    """Tell whether the letter may stand in the common search index."""
    hidden = letter.is_secret or letter.suspected_secret or letter.cancelled
    if letter.erased_on is not None:
        return False
    return letter.state == "filed" and not hidden


class Outbox:
    """What the indexer asks: what is there to do, and this is done."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, limit: int = 100) -> tuple[OutboxItem, ...]:
        """Return the oldest items, in order; those of sent letters after the others."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(OutboxRow)
                .where(OutboxRow.office_id == self._database.office_id)
                .order_by(OutboxRow.id)
                .limit(limit)
            )
            items = [
                OutboxItem(
                    row.id,
                    LetterKey.received(row.letter_id),
                    row.revision,
                    IndexOp(row.op),
                )
                for row in rows
            ]
            sent = session.execute(
                select(SentRow.id, SentRow.revision)
                .where(SentRow.office_id == self._database.office_id, SentRow.to_index)
                .order_by(SentRow.id)
                .limit(limit - len(items))
            )
            items += [
                OutboxItem(None, LetterKey.sent(one), revision, IndexOp.PUT)
                for one, revision in sent
            ]
            return tuple(items)

    def count(self) -> int:
        """Return how many changes the index is behind."""
        with self._database.reading() as session:
            received = select(func.count()).where(OutboxRow.office_id == self._database.office_id)
            sent = select(func.count(SentRow.id)).where(
                SentRow.office_id == self._database.office_id, SentRow.to_index
            )
            return (session.scalar(received) or 0) + (session.scalar(sent) or 0)

    def leaving(self) -> frozenset[LetterKey]:
        """Return the letters that the index still holds and must not: they turned secret, or were cancelled.

        The index follows within moments; until then a search leaves these out by itself.
        """

        def find() -> frozenset[LetterKey]:
            office_id = self._database.office_id
            with self._database.reading() as session:
                received = session.scalars(
                    select(OutboxRow.letter_id).where(
                        OutboxRow.office_id == office_id, OutboxRow.op == IndexOp.REMOVE
                    )
                )
                sent = session.scalars(
                    select(SentRow.id).where(
                        SentRow.office_id == office_id, SentRow.to_index, sent_hidden()
                    )
                )
                return frozenset(map(LetterKey.received, received)) | set(map(LetterKey.sent, sent))

        return self._database.remembered.of("leaving the index", find)

    def done(self, items: Iterable[OutboxItem]) -> None:
        """Forget items that the index has taken over and made durable."""
        wanted = list(items)
        if not wanted:
            return
        received = [item.row_id for item in wanted if item.row_id is not None]
        with self._database.writing() as session:
            session.execute(delete(OutboxRow).where(OutboxRow.id.in_(received)))
            for item in wanted:
                if item.key.kind is LetterKind.SENT:  # one that changed meanwhile stays
                    session.execute(
                        update(SentRow)
                        .where(SentRow.id == item.key.id, SentRow.revision == item.revision)
                        .values(to_index=False)
                    )
