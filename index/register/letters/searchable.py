"""What may stand in the common search index: received letters and sent ones, secret ones never."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, not_, select
from sqlalchemy.orm import Session

from classify.letter import Kind
from index.choices import BookName, NoChoice, NumberStatus
from index.register.letters.letters import Letters
from index.register.numbers.numbers import SENT_UNDER_ITS_NUMBER
from index.register.store.database import Database
from index.register.store.number_tables import NumberRow
from index.register.store.sent_tables import SentFileRow, SentRecipientRow, SentRow
from index.register.store.visible import sent_fully_visible, sent_hidden
from index.registered_letter import LetterKey, LetterKind, RegisteredLetter, RegisterNumber
from index.visibility import Viewer, is_hidden

BATCH = 200
_KINDS: Mapping[BookName, Kind | NoChoice] = {
    BookName.ORDER: Kind.ORDER,
    BookName.ANNOUNCEMENT: Kind.ANNOUNCEMENT,
}


class Searchable:
    """The letters of one office as the search index takes them, and as a viewer is shown its hits."""

    def __init__(self, database: Database, letters: Letters) -> None:
        self._database = database
        self._letters = letters

    def all(self) -> Iterator[RegisteredLetter]:
        """Stream everything that may stand in the index, text included, in short transactions."""
        yield from self._letters.all_for_index()
        after_id = 0
        while batch := self._sent(SentRow.id > after_id, limit=BATCH):
            yield from batch
            after_id = batch[-1].letter_id

    def one(self, key: LetterKey) -> RegisteredLetter | None:
        """Return one letter for the index, or None when it must not (or no longer) stand there."""
        if key.kind is LetterKind.RECEIVED:
            return self._letters.for_index(key.id)
        return next(iter(self._sent(SentRow.id == key.id)), None)

    def revisions(self) -> Iterator[tuple[LetterKey, int]]:
        """Stream (letter, revision) of all that should stand in the index."""
        for letter_id, revision in self._letters.index_revisions():
            yield LetterKey.received(letter_id), revision
        with self._database.reading() as session:
            rows = session.execute(
                select(SentRow.id, SentRow.revision)
                .join(NumberRow, SENT_UNDER_ITS_NUMBER)
                .where(self._searchable())
                .order_by(SentRow.id)
            )
            yield from ((LetterKey.sent(sent_id), revision) for sent_id, revision in rows)

    def shown(self, viewer: Viewer, keys: Sequence[LetterKey]) -> dict[LetterKey, RegisteredLetter]:
        """Return the hits that this viewer may open, as they stand in the book now; without text.

        The index is behind the book by a moment: what turned secret or was destroyed since is not shown.
        """
        received = [key.id for key in keys if key.kind is LetterKind.RECEIVED]
        sent = [key.id for key in keys if key.kind is LetterKind.SENT]
        found = self._letters.by_ids(viewer, received) if received else {}
        shown = {
            letter.key: letter
            for letter in found.values()
            if not letter.is_secret and letter.erased_on is None
        }
        if sent:
            seen = and_(SentRow.id.in_(sent), sent_fully_visible(viewer))
            shown |= {letter.key: letter for letter in self._sent(seen, limit=len(sent))}
        return shown

    def _searchable(self) -> ColumnElement[bool]:
        return and_(
            SentRow.office_id == self._database.office_id,
            not_(sent_hidden()),
            SentRow.erased_on.is_(None),
            NumberRow.status == NumberStatus.GIVEN,
        )

    def _sent(self, condition: ColumnElement[bool], limit: int = 1) -> list[RegisteredLetter]:
        with self._database.reading() as session:
            rows = session.scalars(
                select(SentRow)
                .join(NumberRow, SENT_UNDER_ITS_NUMBER)
                .where(self._searchable(), condition)
                .order_by(SentRow.id)
                .limit(limit)
            ).all()
            words = _words_of(session, [row.id for row in rows])
            return [_letter(row, words.get(row.id, [])) for row in rows]


def has_picture(letter: RegisteredLetter) -> bool:
    """Tell whether a hit may be shown with its first page."""
    return bool(letter.sha256) and not is_hidden(letter)


def _words_of(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return for each sent letter what stands in its copies and whom it went to: (sha256, words)."""
    words: dict[int, list[tuple[str, str]]] = {}
    copies = select(SentFileRow.sent_id, SentFileRow.searchable_sha256, SentFileRow.text)
    for sent_id, sha256, text in session.execute(
        copies.where(SentFileRow.sent_id.in_(ids)).order_by(SentFileRow.attached_at)
    ):
        if sha256:
            words.setdefault(sent_id, []).append((sha256, text))
    names = select(SentRecipientRow.sent_id, SentRecipientRow.name)
    for sent_id, name in session.execute(
        names.where(SentRecipientRow.sent_id.in_(ids)).order_by(SentRecipientRow.position)
    ):
        words.setdefault(sent_id, []).append(("", name))
    return words


def _letter(row: SentRow, words: Sequence[tuple[str, str]]) -> RegisteredLetter:
    """Return a sent letter as search takes it; `sha256` is that of its first searchable copy."""
    book = row.book
    return RegisteredLetter(
        letter_id=row.id,
        register_number=RegisterNumber(row.running, row.buddhist_year),
        revision=row.revision,
        received_at=row.registered_at,
        number=row.number,
        date=row.date,
        sender="",
        recipient=row.recipient,
        subject=row.subject,
        kind=_KINDS.get(book, ""),
        urgency=row.urgency,
        secrecy=row.secrecy,
        group=row.group_code,
        retention_class=row.retention_class,
        text="\n".join(text for _, text in words),
        sha256=next((sha256 for sha256, _ in words if sha256), ""),
        is_secret=False,
        review=(),
        book=book,
    )
