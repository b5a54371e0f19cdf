"""What was received or sent and never closed: without a day of finishing it becomes due in no January, ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, select
from sqlalchemy.orm import Session

from index.choices import BookName, NumberStatus
from index.register.numbers.numbers import SENT_UNDER_ITS_NUMBER
from index.register.store.database import Database
from index.register.store.number_tables import NumberRow
from index.register.store.sent_tables import SentRow
from index.register.store.tables import LetterRow, MovementRow
from index.register.store.visible import sent_fully_visible
from index.registered_letter import RegisterNumber
from index.retention.paper_list import in_order, listed
from index.retention.papers import came_on, get_paper, id_of
from index.retention.tables import ClockRow
from index.visibility import Viewer

DONE = "done"
"""The step by which a group says that its work with a letter is done, as `letters.step` keeps it."""


class Open(StrEnum):
    """Which of the papers that were never closed; all but ALL bring a day to close them on."""

    ALL = "all"
    SAID_DONE = "done"
    ANSWERED = "answered"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A paper that was never closed. `step` is the last movement, empty at the registry.

    `done_on` is the day a group said it was done, of a sent letter the day it was registered; `answer` and
    `answered_on` are number and date of the newest letter that answers it and that the viewer may open.
    """

    letter_id: int
    book: BookName
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
    """Count, page and name the papers without a day of finishing. Never a secret one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def years(self, viewer: Viewer) -> tuple[tuple[int, int], ...]:
        """Return (Buddhist year of the register number, papers never closed), the oldest year first."""
        with self._database.reading() as session:
            of = self._listed(viewer)
            query = (
                self._select(of, viewer, OpenFilter(), of.c.buddhist_year, func.count())
                .group_by(of.c.buddhist_year)
                .order_by(of.c.buddhist_year)
            )
            return tuple((year or 0, count) for year, count in session.execute(query))

    def page(
        self, viewer: Viewer, wanted: OpenFilter, *, limit: int, offset: int = 0
    ) -> tuple[tuple[OpenMatter, ...], int]:
        """Return a page of them, the oldest first, and how many there are."""
        with self._database.reading() as session:
            of = self._listed(viewer)
            total = session.scalar(self._select(of, viewer, wanted, func.count())) or 0
            query = self._select(of, viewer, wanted, of.c.id).order_by(*in_order(of))
            ids = list(session.scalars(query.limit(limit).offset(offset)))
            return _matters(session, viewer, ids), total

    def named(self, viewer: Viewer, letter_ids: tuple[int, ...]) -> tuple[OpenMatter, ...]:
        """Return those of some papers that are still open, by register number."""
        with self._database.reading() as session:
            of = self._listed(viewer, letter_ids)
            query = self._select(of, viewer, OpenFilter(), of.c.id).order_by(*in_order(of))
            return _matters(session, viewer, list(session.scalars(query)))

    def _listed(self, viewer: Viewer, among: tuple[int, ...] | None = None) -> Subquery:
        return listed(self._database.office_id, viewer, among=among)

    def _select(
        self, of: Subquery, viewer: Viewer, wanted: OpenFilter, *columns: object
    ) -> Select[Any]:
        void = (
            select(-SentRow.id)
            .join(NumberRow, SENT_UNDER_ITS_NUMBER)
            .where(NumberRow.status == NumberStatus.CANCELLED)
        )
        cancelled = select(LetterRow.id).where(LetterRow.cancelled)
        conditions: list[ColumnElement[bool]] = [
            of.c.id.not_in(cancelled),
            of.c.id.not_in(void),
            of.c.paper_ended_on.is_(None),
            of.c.erased_on.is_(None),
            ClockRow.finished_on.is_(None),
        ]
        if wanted.buddhist_year:
            conditions.append(of.c.buddhist_year == wanted.buddhist_year)
        if wanted.which is Open.SAID_DONE:
            said = select(LetterRow.id).where(LetterRow.standing == DONE)
            conditions.append(of.c.id.in_(said))
        if wanted.which is Open.ANSWERED:
            conditions.append(of.c.id.in_(select(SentRow.answers_id).where(_stands(viewer))))
        if wanted.which is Open.SENT:
            conditions.append(of.c.id < 0)
        asked: Select[Any] = select(*columns)  # type: ignore[call-overload]
        return (
            asked.select_from(of)
            .outerjoin(ClockRow, ClockRow.letter_id == of.c.id)
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


def _matters(session: Session, viewer: Viewer, ids: list[int]) -> tuple[OpenMatter, ...]:
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
    rows = [get_paper(session, one) for one in ids]
    return tuple(
        _sent_matter(row)
        if isinstance(row, SentRow)
        else _matter(row, done.get(row.id), answers.get(row.id))
        for row in rows
    )


def _sent_matter(row: SentRow) -> OpenMatter:
    """Return a sent letter: what went out is done on the day it was registered."""
    return OpenMatter(
        letter_id=id_of(row),
        book=row.book,
        register_number=RegisterNumber(row.running, row.buddhist_year),
        number=row.number,
        written_on=row.date,
        received_on=came_on(row),
        subject=row.subject,
        group=row.group_code,
        step="",
        done_on=max(row.date, came_on(row)),
        answer="",
        answered_on=None,
    )


def _matter(row: LetterRow, done_on: date | None, answer: SentRow | None) -> OpenMatter:
    return OpenMatter(
        letter_id=row.id,
        book=BookName.RECEIVE,
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
