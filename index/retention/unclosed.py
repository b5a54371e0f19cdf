"""What was received and never closed: without a day of finishing it becomes due in no January, ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, select
from sqlalchemy.orm import Session

from index.register.store.database import Database
from index.register.store.number_tables import NumberRow
from index.register.store.sent_tables import SentRow
from index.register.store.tables import LetterRow, MovementRow
from index.register.store.visible import sent_fully_visible
from index.registered_letter import RegisterNumber
from index.retention.facts import listed
from index.retention.tables import ClockRow
from index.visibility import Viewer

DONE = "done"
"""The step by which a group says that its work with a letter is done, as `letters.step` keeps it."""


class Open(StrEnum):
    """Which of the letters that were never closed: SAID_DONE and ANSWERED bring a day to close them on."""

    ALL = "all"
    SAID_DONE = "done"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A letter that was never closed. `step` is the last movement, empty at the registry.

    `done_on` is the day a group said it was done, `answer` and `answered_on` number and date of the newest
    letter that answers it and that the viewer may open.
    """

    letter_id: int
    register_number: RegisterNumber
    number: str
    written_on: date | None
    received_on: date
    subject: str
    group: str
    step: str
    done_on: date | None
    answer: str
    answered_on: date | None

    @property
    def proposed_on(self) -> date | None:
        """The day on which it is proposed to be closed: when the group was done, or when it was answered."""
        return self.done_on or self.answered_on


@dataclass(frozen=True, slots=True)
class OpenFilter:
    """What the list is narrowed to; `buddhist_year` 0 means every year."""

    which: Open = Open.ALL
    buddhist_year: int = 0


class Unclosed:
    """Count, page and name the letters without a day of finishing. Never a secret one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def years(self, viewer: Viewer) -> tuple[tuple[int, int], ...]:
        """Return (Buddhist year of the receive number, letters never closed), the oldest year first."""
        with self._database.reading() as session:
            query = (
                self._select(viewer, OpenFilter(), LetterRow.buddhist_year, func.count())
                .group_by(LetterRow.buddhist_year)
                .order_by(LetterRow.buddhist_year)
            )
            return tuple((year or 0, count) for year, count in session.execute(query))

    def page(
        self, viewer: Viewer, wanted: OpenFilter, *, limit: int, offset: int = 0
    ) -> tuple[tuple[OpenMatter, ...], int]:
        """Return a page of them, the oldest first, and how many there are."""
        with self._database.reading() as session:
            total = session.scalar(self._select(viewer, wanted, func.count())) or 0
            query = self._select(viewer, wanted, LetterRow).order_by(
                LetterRow.buddhist_year, LetterRow.running
            )
            rows = list(session.scalars(query.limit(limit).offset(offset)))
            return _matters(session, viewer, rows), total

    def named(self, viewer: Viewer, letter_ids: tuple[int, ...]) -> tuple[OpenMatter, ...]:
        """Return those of some letters that are still open, by register number."""
        with self._database.reading() as session:
            query = self._select(viewer, OpenFilter(), LetterRow).where(
                LetterRow.id.in_(letter_ids)
            )
            rows = session.scalars(query.order_by(LetterRow.buddhist_year, LetterRow.running))
            return _matters(session, viewer, list(rows))

    def _select(self, viewer: Viewer, wanted: OpenFilter, *columns: object) -> Select[Any]:
        conditions: list[ColumnElement[bool]] = [
            listed(self._database.office_id, viewer),
            not_(LetterRow.cancelled),
            LetterRow.paper_ended_on.is_(None),
            LetterRow.erased_on.is_(None),
            ClockRow.finished_on.is_(None),
        ]
        if wanted.buddhist_year:
            conditions.append(LetterRow.buddhist_year == wanted.buddhist_year)
        if wanted.which is Open.SAID_DONE:
            conditions.append(LetterRow.standing == DONE)
        if wanted.which is Open.ANSWERED:
            conditions.append(LetterRow.id.in_(select(SentRow.answers_id).where(_stands(viewer))))
        asked: Select[Any] = select(*columns)  # type: ignore[call-overload]
        return (
            asked.select_from(LetterRow)
            .outerjoin(ClockRow, ClockRow.letter_id == LetterRow.id)
            .where(*conditions)
        )


def _stands(viewer: Viewer) -> ColumnElement[bool]:
    """Say of a sent letter that it answers one, that its number stands, and that the viewer may open it."""
    drawn = select(NumberRow.running).where(
        NumberRow.office_id == SentRow.office_id,
        NumberRow.book == SentRow.book,
        NumberRow.buddhist_year == SentRow.buddhist_year,
        NumberRow.running == SentRow.running,
        NumberRow.status == "given",
    )
    return and_(SentRow.answers_id.is_not(None), sent_fully_visible(viewer), drawn.exists())


def _matters(session: Session, viewer: Viewer, rows: list[LetterRow]) -> tuple[OpenMatter, ...]:
    ids = [row.id for row in rows]
    done: dict[int, date] = {
        move.letter_id: move.at.date()
        for move in session.scalars(
            select(MovementRow)
            .where(MovementRow.letter_id.in_(ids), MovementRow.step == DONE)
            .order_by(MovementRow.id)
        )
    }
    answers = {
        sent.answers_id: sent
        for sent in session.scalars(
            select(SentRow).where(SentRow.answers_id.in_(ids), _stands(viewer)).order_by(SentRow.id)
        )
    }
    return tuple(_matter(row, done.get(row.id), answers.get(row.id)) for row in rows)


def _matter(row: LetterRow, done_on: date | None, answer: SentRow | None) -> OpenMatter:
    return OpenMatter(
        letter_id=row.id,
        register_number=RegisterNumber(row.running or 0, row.buddhist_year or 0),
        number=row.number,
        written_on=row.date,
        received_on=row.received_at.date(),
        subject=row.subject,
        group=row.group_code,
        step=row.step,
        done_on=done_on if row.step == DONE else None,
        answer=answer.number if answer else "",
        answered_on=answer.date if answer else None,
    )
