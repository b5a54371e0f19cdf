"""How many letters came in and went out: by day, group, sender, urgency, channel, and how fast they were filed.

A day's total counts what the book shows for it, `(หนังสือลับ)` included, because its lines can be
counted anyway. Every other count is of letters that the viewer may open: a group, a sender or a
channel would tell something of a hidden one. Cancelled letters are not counted, unless they are hidden
(that they were cancelled would tell something too).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from index.choices import BookName, JobState, NumberStatus
from index.register.numbers.numbers import SENT_UNDER_ITS_NUMBER
from index.register.store.database import Database
from index.register.store.number_tables import NumberRow
from index.register.store.sent_tables import SentRecipientRow, SentRow
from index.register.store.tables import BANGKOK, LetterRow
from index.register.store.visible import (
    fully_visible,
    sent_fully_visible,
    sent_hidden,
    sent_visible,
    visible,
)
from index.visibility import Viewer

T = TypeVar("T")
FILING_LIMITS_SECONDS = (60, 600, 3_600, 86_400)
"""Letters are counted by how soon after their arrival they had a number: within each of these, or later."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day of the office's calendar."""

    day: date
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted under one name: a group's code, a sender, an urgency, a channel; empty for none."""

    name: str
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class FilingTimes:
    """How long letters waited from their arrival until they had a number.

    `within` has (limit in seconds, letters filed within it and not within the one before);
    `later` those that took longer than every limit.
    """

    within: tuple[tuple[int, int], ...]
    later: int


class Counts:
    """Counts over days, both included, in Thai time. Each is one query or two, however large the book."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_day(self, viewer: Viewer, first: date, last: date) -> tuple[DayCount, ...]:
        """Return every day from `first` to `last`, those without letters too."""
        return self._remember("day", viewer, first, last, self._by_day)

    def _by_day(self, viewer: Viewer, first: date, last: date) -> tuple[DayCount, ...]:
        with self._database.reading() as session:
            condition = and_(self._received(first, last), _shown(viewer))
            received = _tally(session, _day_of(session, LetterRow.received_at), condition)
            sent = self._tally_sent(
                session, _day_of(session, SentRow.registered_at), first, last, sent_visible(viewer)
            )
        days = (first + timedelta(days=after) for after in range((last - first).days + 1))
        return tuple(
            DayCount(day, received.get(day.isoformat(), 0), sent.get(day.isoformat(), 0))
            for day in days
        )

    def by_group(self, viewer: Viewer, first: date, last: date) -> tuple[Count, ...]:
        """Count by the code of the group that leads, the largest first."""
        columns = LetterRow.group_code, SentRow.group_code
        return self._remember("group", viewer, first, last, partial(self._both, columns))

    def by_urgency(self, viewer: Viewer, first: date, last: date) -> tuple[Count, ...]:
        """Count by urgency, the largest first; the empty name is ordinary letters."""
        columns = LetterRow.urgency, SentRow.urgency
        return self._remember("urgency", viewer, first, last, partial(self._both, columns))

    def by_sender(
        self, viewer: Viewer, first: date, last: date, *, limit: int = 20
    ) -> tuple[Count, ...]:
        """Return the senders of most received letters."""
        return self._remember("sender", viewer, first, last, self._by_sender)[:limit]

    def _by_sender(self, viewer: Viewer, first: date, last: date) -> tuple[Count, ...]:
        with self._database.reading() as session:
            return _ranked(self._tally_received(session, viewer, LetterRow.sender, first, last), {})

    def by_channel(self, viewer: Viewer, first: date, last: date) -> tuple[Count, ...]:
        """Count received letters by their door, and addressees of sent ones by the way it went."""
        return self._remember("channel", viewer, first, last, self._by_channel)

    def _by_channel(self, viewer: Viewer, first: date, last: date) -> tuple[Count, ...]:
        with self._database.reading() as session:
            received = self._tally_received(session, viewer, LetterRow.door, first, last)
            ways = _tally(
                session,
                SentRecipientRow.way,
                and_(
                    SentRecipientRow.sent_id == SentRow.id,
                    SentRecipientRow.sent_on.is_not(None),
                    self._sent(first, last),
                    sent_fully_visible(viewer),
                ),
            )
        return _ranked(received, ways)

    def filing_times(self, viewer: Viewer, first: date, last: date) -> FilingTimes:
        """Count the received letters by how long it took until they had a number."""
        condition = and_(self._received(first, last), _counted(viewer))
        with self._database.reading() as session:
            waited = _seconds_between(session, LetterRow.received_at, LetterRow.filed_at)
            steps = [(waited <= limit, limit) for limit in FILING_LIMITS_SECONDS]
            step = case(*steps, else_=0)
            rows = session.execute(select(step, func.count()).where(condition).group_by(step)).all()
        counted: dict[int, int] = dict(rows)
        within = tuple((limit, counted.get(limit, 0)) for limit in FILING_LIMITS_SECONDS)
        return FilingTimes(within, counted.get(0, 0))

    def filing_spread(self, viewer: Viewer, first: date, last: date) -> tuple[float, float] | None:
        """Return how many seconds half of the letters waited at most for their number, and 95 of 100.

        None without letters.
        """
        return self._remember("spread", viewer, first, last, self._filing_spread)

    def _filing_spread(self, viewer: Viewer, first: date, last: date) -> tuple[float, float] | None:
        condition = and_(self._received(first, last), _counted(viewer))
        with self._database.reading() as session:
            total = session.scalar(select(func.count(LetterRow.id)).where(condition)) or 0
            if not total:
                return None
            waited = _seconds_between(session, LetterRow.received_at, LetterRow.filed_at)
            ranked = select(waited).where(condition).order_by(waited).limit(1)
            half, most = (
                float(session.scalar(ranked.offset(-(-total * share // 100) - 1)) or 0)
                for share in (50, 95)
            )
        return half, most

    def _remember(
        self,
        what: str,
        viewer: Viewer,
        first: date,
        last: date,
        count: Callable[[Viewer, date, date], T],
    ) -> T:
        key = ("counts", what, viewer.nameless, first, last)
        return self._database.remembered.of(key, lambda: count(viewer, first, last))

    def _both(
        self,
        columns: tuple[InstrumentedAttribute[str], InstrumentedAttribute[str]],
        viewer: Viewer,
        first: date,
        last: date,
    ) -> tuple[Count, ...]:
        received, sent = columns
        with self._database.reading() as session:
            return _ranked(
                self._tally_received(session, viewer, received, first, last),
                self._tally_sent(session, sent, first, last, sent_fully_visible(viewer)),
            )

    def _tally_received(
        self,
        session: Session,
        viewer: Viewer,
        name: InstrumentedAttribute[str],
        first: date,
        last: date,
    ) -> dict[str, int]:
        return _tally(session, name, and_(self._received(first, last), _counted(viewer)))

    def _tally_sent(
        self,
        session: Session,
        name: ColumnElement[str] | InstrumentedAttribute[str],
        first: date,
        last: date,
        seen: ColumnElement[bool],
    ) -> dict[str, int]:
        return _tally(session, name, and_(self._sent(first, last), seen))

    def _received(self, first: date, last: date) -> ColumnElement[bool]:
        return and_(
            LetterRow.office_id == self._database.office_id,
            LetterRow.state == JobState.FILED,
            LetterRow.book == BookName.RECEIVE,
            LetterRow.received_at >= _start(first),
            LetterRow.received_at < _start(last + timedelta(days=1)),
        )

    def _sent(self, first: date, last: date) -> ColumnElement[bool]:
        return and_(
            SentRow.office_id == self._database.office_id,
            SentRow.registered_at >= _start(first),
            SentRow.registered_at < _start(last + timedelta(days=1)),
            SENT_UNDER_ITS_NUMBER,
            or_(NumberRow.status != NumberStatus.CANCELLED, sent_hidden()),
        )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), BANGKOK)


def _counted(viewer: Viewer) -> ColumnElement[bool]:
    return and_(fully_visible(viewer), LetterRow.cancelled.is_(False))


def _shown(viewer: Viewer) -> ColumnElement[bool]:
    hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
    return and_(visible(viewer), or_(LetterRow.cancelled.is_(False), hidden))


def _tally(
    session: Session,
    name: ColumnElement[str] | InstrumentedAttribute[str],
    condition: ColumnElement[bool],
) -> dict[str, int]:
    rows = session.execute(select(name, func.count(literal(1))).where(condition).group_by(name))
    return {str(found): number for found, number in rows}


def _ranked(received: dict[str, int], sent: dict[str, int]) -> tuple[Count, ...]:
    names: Iterable[str] = {*received, *sent}
    counts = (Count(name, received.get(name, 0), sent.get(name, 0)) for name in names)
    return tuple(sorted(counts, key=lambda one: (-one.received - one.sent, one.name)))


def _day_of(session: Session, moment: InstrumentedAttribute[datetime]) -> ColumnElement[str]:
    """Return the Thai calendar day of a moment, as `2026-11-21`."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment, "+7 hours", type_=String())
    # Written out, not bound: PostgreSQL compares the expression of SELECT with that of GROUP BY.
    local = func.timezone(literal_column("'Asia/Bangkok'"), moment)
    return func.to_char(local, literal_column("'YYYY-MM-DD'"), type_=String())


def _seconds_between(
    session: Session,
    start: InstrumentedAttribute[datetime],
    end: InstrumentedAttribute[datetime | None],
) -> ColumnElement[float]:
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(end, type_=Float()) - func.julianday(start, type_=Float())
        return func.round(days * 86_400, 3, type_=Float())  # a day as a float is a little inexact
    return cast(extract("epoch", end - start), Float())
