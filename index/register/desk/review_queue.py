"""The review queue: letters with open doubts, the most urgent first, then the one that waits longest."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from classify.letter import ReviewReason
from index.choices import BookName, Standing
from index.errors import NoSuchRecordError
from index.register.letters.filing import read_letter
from index.register.letters.letters import open_letter
from index.register.store.database import Database
from index.register.store.tables import LetterRow, ReviewRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import Viewer


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A letter with its open doubts, in the order they came up; `waiting` counts it and the others."""

    letter: RegisteredLetter
    doubts: tuple[ReviewReason, ...]
    waiting: int


class ReviewQueue:
    """The letters whose doubts the viewer may settle."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(
        self, viewer: Viewer, *, after: int | None = None, but: frozenset[int] = frozenset()
    ) -> Doubtful | None:
        """Return the first doubtful letter; `after` skips up to and including a letter's id.

        Past the last one it begins again from the first. Those of `but`, which others have before them,
        come when there are no more. None when nothing is in doubt.
        """
        key = ("next in review", viewer.nameless, after, but)
        found = self._database.remembered.of(
            key,
            lambda: self._next(viewer, after, but) or (self._next(viewer, after) if but else None),
        )
        return None if found is None else self.one(viewer, found)

    def _next(
        self, viewer: Viewer, after: int | None, but: frozenset[int] = frozenset()
    ) -> int | None:
        with self._database.reading() as session:
            query = (
                select(LetterRow.id)
                .where(self._waiting(viewer), LetterRow.id.not_in(but))
                .order_by(LetterRow.haste, LetterRow.buddhist_year, LetterRow.running)
                .limit(1)
            )
            found = None
            skipped = None if after is None else session.get(LetterRow, after)
            if skipped is not None and skipped.office_id == self._database.office_id:
                found = session.scalar(query.where(_comes_after(skipped)))
            if found is None:
                found = session.scalar(query)
            return found

    def next_at_registry(
        self, viewer: Viewer, done: int, *, but: frozenset[int] = frozenset()
    ) -> RegisterNumber | None:
        """Return the letter at the registry that stands after `done` in the desk's order.

        What was passed over stands before it, and so comes last. Those of `but` are left out, which
        others have before them. None when no other waits.
        """
        with self._database.reading() as session:
            query = (
                select(LetterRow)
                .where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.book == BookName.RECEIVE,
                    LetterRow.cancelled.is_(False),
                    LetterRow.standing == Standing.AT_REGISTRY,
                    LetterRow.id.not_in(but | {done}),
                    fully_visible(viewer),
                )
                .order_by(LetterRow.haste, LetterRow.buddhist_year, LetterRow.running)
                .limit(1)
            )
            before = session.get_one(LetterRow, done)
            row = session.scalar(query.where(_comes_after(before))) or session.scalar(query)
            if row is None or row.running is None or row.buddhist_year is None:
                return None
            return RegisterNumber(row.running, row.buddhist_year)

    def senders_of(self, viewer: Viewer, code: str, *, most: int = 3) -> tuple[str, ...]:
        """Return who sent letters numbered `code/…` before, most often first; secret and doubtful ones do not count."""
        query = (
            select(LetterRow.sender)
            .where(
                LetterRow.office_id == self._database.office_id,
                LetterRow.book == BookName.RECEIVE,
                LetterRow.number.startswith(f"{code}/", autoescape=True),
                LetterRow.sender != "",
                LetterRow.review_count == 0,
                LetterRow.is_secret.is_(False),
                fully_visible(viewer),
            )
            .group_by(LetterRow.sender)
            .order_by(func.count(LetterRow.id).desc(), LetterRow.sender)
            .limit(most)
        )
        with self._database.reading() as session:
            return tuple(session.scalars(query))

    def count(self, viewer: Viewer) -> int:
        """Count the letters whose doubts the viewer may settle."""

        def count() -> int:
            waiting = select(func.count(LetterRow.id)).where(self._waiting(viewer))
            with self._database.reading() as session:
                return session.scalar(waiting) or 0

        return self._database.remembered.of(("review", viewer.nameless), count)

    def one(self, viewer: Viewer, letter_id: int) -> Doubtful:
        """Return one letter with its open doubts; NoSuchRecordError unless the viewer may open it."""
        waiting = self.count(viewer)
        with self._database.reading() as session:
            row = open_letter(session, self._database.office_id, viewer, letter_id)
            if row.book != BookName.RECEIVE:
                raise NoSuchRecordError(f"letter {letter_id}")
            doubts = session.scalars(
                select(ReviewRow)
                .where(ReviewRow.letter_id == row.id, ReviewRow.closed_at.is_(None))
                .order_by(ReviewRow.id)
            )
            return Doubtful(
                letter=read_letter(session, row),
                doubts=tuple(
                    ReviewReason(one.field, one.code, one.thai, one.english) for one in doubts
                ),
                waiting=waiting,
            )

    def _waiting(self, viewer: Viewer) -> ColumnElement[bool]:
        return and_(
            LetterRow.office_id == self._database.office_id,
            LetterRow.book == BookName.RECEIVE,
            LetterRow.cancelled.is_(False),
            LetterRow.review_count > 0,
            fully_visible(viewer),
        )


def _comes_after(row: LetterRow) -> ColumnElement[bool]:
    same = LetterRow.haste == row.haste
    return or_(
        LetterRow.haste > row.haste,
        and_(same, LetterRow.buddhist_year > row.buddhist_year),
        and_(same, LetterRow.buddhist_year == row.buddhist_year, LetterRow.running > row.running),
    )
