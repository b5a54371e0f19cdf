"""Reading the book: one letter, a page of the list, counts, and all letters for the search index.

Everything here asks `index.visibility`; a letter that the viewer may not see is not there, and one
that he may know of only by number is redacted before it leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from classify.letter import Urgency
from index.choices import BookName, JobState, Standing
from index.errors import LetterDestroyedError, NoSuchRecordError
from index.register.letters.filing import assemble, read_letter, read_row
from index.register.letters.letter_filter import (
    BY_CONTENTS,
    EVERYTHING,
    LetterFilter,
    Order,
    content_conditions,
    ordering,
)
from index.register.letters.shared_pages import kept_for_others, letters_of_scan
from index.register.store.change import alike_pair
from index.register.store.database import Database
from index.register.store.import_tables import SameLetterRow
from index.register.store.states import StateCounts, count_states, held_back
from index.register.store.tables import ContentRow, CopyRow, LetterRow, ReviewRow
from index.register.store.visible import fully_visible, visible
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Sight, Viewer, may_see, show

__all__ = [
    "LetterFile",
    "LetterFilter",
    "LetterPage",
    "Letters",
    "Order",
    "Standing",
    "StateCounts",
]


@dataclass(frozen=True, slots=True)
class LetterPage:
    """Some rows of a list (without text and evidence) and how many rows the whole list has."""

    letters: tuple[RegisteredLetter, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LetterFile:
    """Where a letter's scan lies in the archive, and what it was called.

    Files of an erased letter are gone, unless another letter has the same.
    """

    letter_id: int
    sha256: str
    searchable_sha256: str | None
    media_type: str
    name: str
    page_count: int
    is_secret: bool
    is_erased: bool = False


class Letters:
    """The filed letters, as a viewer may see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_number(
        self, viewer: Viewer, number: RegisterNumber, book: BookName = BookName.RECEIVE
    ) -> RegisteredLetter | None:
        """Return the letter with that register number, whole or redacted; None if there is none."""
        return self._one(
            viewer,
            and_(
                LetterRow.book == book,
                LetterRow.buddhist_year == number.buddhist_year,
                LetterRow.running == number.running,
            ),
        )

    def by_id(self, viewer: Viewer, letter_id: int) -> RegisteredLetter | None:
        """Return the letter with that id, whole or redacted; None if the viewer sees none."""
        return self._one(viewer, LetterRow.id == letter_id)

    def by_ids(self, viewer: Viewer, letter_ids: Sequence[int]) -> dict[int, RegisteredLetter]:
        """Return those of the letters that the viewer sees, by id, whole or redacted; without text."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(LetterRow).where(
                    LetterRow.id.in_(letter_ids),
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.state == JobState.FILED,
                )
            ).all()
            shown = (show(viewer, letter) for letter in assemble_all(session, rows))
            return {letter.letter_id: letter for letter in shown if letter is not None}

    def by_sha256(self, viewer: Viewer, sha256: str) -> RegisteredLetter | None:
        """Return the letter whose scan has these bytes, if it is filed and the viewer may open it."""
        found = self._one(viewer, LetterRow.sha256 == sha256)
        return found if found is not None and found.sha256 == sha256 else None

    def _one(self, viewer: Viewer, condition: ColumnElement[bool]) -> RegisteredLetter | None:
        with self._database.reading() as session:
            row = session.scalar(
                select(LetterRow).where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.state == JobState.FILED,
                    condition,
                )
            )
            return None if row is None else show(viewer, read_letter(session, row))

    def file_of(self, viewer: Viewer, letter_id: int) -> LetterFile:
        """Return the scan's place; raise NoSuchRecordError unless the viewer may open the letter.

        Raises LetterDestroyedError when its files were destroyed.
        """
        with self._database.reading() as session:
            row = session.get(LetterRow, letter_id)
            if (
                row is None
                or row.office_id != self._database.office_id
                or row.state != JobState.FILED
                or may_see(viewer, read_row(session, row)) is not Sight.FULL
            ):
                raise NoSuchRecordError(f"letter {letter_id}")
            if row.erased_on is not None:
                number = RegisterNumber(row.running or 0, row.buddhist_year or 0)
                raise LetterDestroyedError(str(number), row.erased_on)
            return file_of_row(row)

    def page(
        self,
        viewer: Viewer,
        wanted: LetterFilter = EVERYTHING,
        *,
        order: Order = Order.NUMBER_DOWN,
        limit: int = 50,
        offset: int = 0,
        with_content: bool = False,
    ) -> LetterPage:
        """Return one page of the list; `with_content` adds text, evidence and decision to each row."""
        condition = self._condition(viewer, wanted)
        if order in BY_CONTENTS:
            # The place of a placeholder in such an order would tell what it hides.
            condition = and_(condition, fully_visible(viewer))
        total = self._total(viewer, wanted, order, condition)
        with self._database.reading() as session:
            rows = session.scalars(
                select(LetterRow)
                .where(condition)
                .order_by(*ordering(order))
                .limit(limit)
                .offset(offset)
            ).all()
            letters = assemble_all(session, rows, with_content=with_content)
            shown = (show(viewer, letter) for letter in letters)
            return LetterPage(tuple(letter for letter in shown if letter is not None), total)

    def _total(
        self, viewer: Viewer, wanted: LetterFilter, order: Order, condition: ColumnElement[bool]
    ) -> int:
        def count() -> int:
            with self._database.reading() as session:
                return session.scalar(select(func.count(LetterRow.id)).where(condition)) or 0

        if wanted.letter_ids is not None:
            return count()
        key = ("letters", viewer.nameless, wanted, order in BY_CONTENTS)
        return self._database.remembered.of(key, count)

    def counts_by(
        self,
        viewer: Viewer,
        field: str,
        wanted: LetterFilter = EVERYTHING,
    ) -> dict[str, int]:
        """Count the letters that the viewer may open by `group`, `sender`, `kind`, `urgency`."""
        column = _COUNTED[field]
        with self._database.reading() as session:
            query = (
                select(column, func.count())
                .where(self._condition(viewer, wanted), fully_visible(viewer))
                .group_by(column)
            )
            counts: dict[Any, int] = dict(session.execute(query).all())
        return {_MARKS[key]: n for key, n in counts.items()} if field == "urgency" else counts

    def count_states(self, viewer: Viewer) -> StateCounts:
        """Count files by where they stand."""
        key = ("states", viewer.nameless)

        def count() -> StateCounts:
            with self._database.reading() as session:
                return count_states(session, self._database.office_id, viewer)

        return self._database.remembered.of(key, count)

    def all_for_index(self, *, after_id: int = 0) -> Iterator[RegisteredLetter]:
        """Stream every letter that may stand in the common search index, by id, text included.

        Works in short transactions, so that a rebuild does not hold the book.
        """
        while batch := self._index_batch(after_id):
            yield from batch
            after_id = batch[-1].letter_id

    def for_index(self, letter_id: int) -> RegisteredLetter | None:
        """Return one letter for the index, or None when it must not (or no longer) stand there."""
        found = self._index_batch(letter_id - 1, limit=1)
        return found[0] if found and found[0].letter_id == letter_id else None

    def _index_batch(self, after_id: int, limit: int = 200) -> list[RegisteredLetter]:
        with self._database.reading() as session:
            rows = session.scalars(
                select(LetterRow)
                .where(self._searchable(), LetterRow.id > after_id)
                .order_by(LetterRow.id)
                .limit(limit)
            ).all()
            return assemble_all(session, rows, with_content=True)

    def index_revisions(self) -> Iterator[tuple[int, int]]:
        """Stream (letter id, revision) of all that should stand in the index, by id."""
        with self._database.reading() as session:
            rows = session.execute(
                select(LetterRow.id, LetterRow.revision)
                .where(self._searchable())
                .order_by(LetterRow.id)
            )
            yield from ((letter_id, revision) for letter_id, revision in rows)

    def files(self, *, hidden_only: bool = False) -> Iterator[LetterFile]:
        """Stream the files of all filed letters, destroyed ones included, or of those only that are hidden."""
        hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
        with self._database.reading() as session:
            rows = session.scalars(
                select(LetterRow)
                .where(
                    LetterRow.office_id == self._database.office_id,
                    or_(LetterRow.state == JobState.FILED, held_back()),
                    hidden if hidden_only else true(),
                )
                .order_by(LetterRow.id)
                .execution_options(yield_per=500)
            )
            for row in rows:
                yield file_of_row(row)

    def copy_files(self, letter_id: int) -> tuple[LetterFile, ...]:
        """Return the files of what was hidden with a letter, whoever may open them; to move them.

        These are letters that are the same, and letters of the same scan.
        """
        hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
        with self._database.reading() as session:
            same = letters_of_scan(session, session.get_one(LetterRow, letter_id))
            rows = session.scalars(
                select(LetterRow)
                .outerjoin(SameLetterRow, alike_pair(letter_id))
                .where(
                    or_(
                        SameLetterRow.first_id.is_not(None),
                        LetterRow.id.in_([row.id for row in same]),
                    ),
                    LetterRow.id != letter_id,
                    hidden,
                    LetterRow.erased_on.is_(None),
                )
            )
            return tuple(file_of_row(row) for row in rows)

    def kept_for_others(self) -> frozenset[str]:
        """Return the SHA-256 of scans of destroyed letters that hold pages of letters still kept."""
        with self._database.reading() as session:
            return kept_for_others(session, self._database.office_id)

    def _searchable(self) -> ColumnElement[bool]:
        return and_(
            LetterRow.office_id == self._database.office_id,
            LetterRow.state == JobState.FILED,
            LetterRow.is_secret.is_(False),
            LetterRow.suspected_secret.is_(False),
            LetterRow.cancelled.is_(False),
            LetterRow.erased_on.is_(None),
        )

    def _condition(self, viewer: Viewer, wanted: LetterFilter) -> ColumnElement[bool]:
        contents = content_conditions(wanted)
        seen = fully_visible(viewer) if contents else visible(viewer)
        outside: list[ColumnElement[bool]] = []
        if wanted.buddhist_year is not None:
            outside.append(LetterRow.buddhist_year == wanted.buddhist_year)
        if wanted.received_from is not None:
            outside.append(LetterRow.received_at >= wanted.received_from)
        if wanted.received_to is not None:
            outside.append(LetterRow.received_at <= wanted.received_to)
        if wanted.below is not None:
            year, running = wanted.below.buddhist_year, wanted.below.running
            same_year = and_(LetterRow.buddhist_year == year, LetterRow.running < running)
            outside.append(or_(LetterRow.buddhist_year < year, same_year))
        # Naming the book lets the list walk along the index of numbers instead of sorting.
        book = and_(
            LetterRow.office_id == self._database.office_id, LetterRow.book == BookName.RECEIVE
        )
        return and_(book, seen, *outside, *contents)


_COUNTED: dict[str, InstrumentedAttribute[Any]] = {
    "group": LetterRow.group_code,
    "sender": LetterRow.sender,
    "kind": LetterRow.kind,
    "urgency": LetterRow.haste,  # which an index holds
}
_MARKS = [mark.value for mark in reversed(Urgency)]  # by haste


def assemble_all(
    session: Session, rows: Sequence[LetterRow], *, with_content: bool = False
) -> list[RegisteredLetter]:
    """Put letters together with three queries for all of them instead of three for each."""
    ids = [row.id for row in rows]
    copies: dict[int, list[str]] = {}
    for copy in session.scalars(
        select(CopyRow).where(CopyRow.letter_id.in_(ids)).order_by(CopyRow.group_code)
    ):
        copies.setdefault(copy.letter_id, []).append(copy.group_code)
    review: dict[int, list[str]] = {}
    doubted = [row.id for row in rows if row.review_count]
    for reason in session.scalars(
        select(ReviewRow)
        .where(ReviewRow.letter_id.in_(doubted), ReviewRow.closed_at.is_(None))
        .order_by(ReviewRow.id)
    ):
        review.setdefault(reason.letter_id, []).append(reason.field)
    contents: dict[int, ContentRow] = {}
    if with_content:
        query = select(ContentRow).where(ContentRow.letter_id.in_(ids))
        contents = {content.letter_id: content for content in session.scalars(query)}
    return [
        assemble(
            row,
            copies=tuple(copies.get(row.id, ())),
            review=tuple(dict.fromkeys(review.get(row.id, ()))),
            content=contents.get(row.id),
        )
        for row in rows
    ]


def file_of_row(row: LetterRow) -> LetterFile:
    """Return where the scan of a letter's row lies; whether somebody may see it is for the caller."""
    return LetterFile(
        letter_id=row.id,
        sha256=row.sha256,
        searchable_sha256=row.searchable_sha256,
        media_type=row.media_type,
        name=row.name,
        page_count=row.page_count,
        is_secret=row.is_secret,
        is_erased=row.erased_on is not None,
    )


def open_letter(session: Session, office_id: int, viewer: Viewer, letter_id: int) -> LetterRow:
    """Return a filed letter's row to change it; NoSuchRecordError unless the viewer may open it."""
    row = session.get(LetterRow, letter_id)
    if (
        row is None
        or row.office_id != office_id
        or row.state != JobState.FILED
        or may_see(viewer, read_row(session, row)) is not Sight.FULL
    ):
        raise NoSuchRecordError(f"letter {letter_id}")
    return row
