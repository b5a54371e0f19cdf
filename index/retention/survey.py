"""The yearly survey (ข้อ 66) and the trial of another period before anybody changes one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, false, not_, or_

from index.message import message
from index.register.store.database import Database
from index.retention.eligibility import Eligibility, judge
from index.retention.errors import StepRefusedError
from index.retention.facts import KnownLetter, read_known
from index.retention.law import Law, RetentionClass, Until
from index.retention.paper_list import listed
from index.retention.schedule import may_shorten
from index.retention.tables import ClockRow
from index.visibility import Viewer
from ocr.thai_text import BUDDHIST_ERA


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """A letter with its period and everything that stands against its destruction on a day."""

    letter: KnownLetter
    eligibility: Eligibility

    @property
    def is_due(self) -> bool:
        """Tell whether the period has ended; what stops a due letter: `eligibility.blocks`."""
        return self.eligibility.is_due

    @property
    def is_stopped(self) -> bool:
        """Tell whether something besides the period stands against the destruction."""
        return any(block.code != "open" for block in self.eligibility.blocks)


@dataclass(frozen=True, slots=True)
class Simulation:
    """What another period would do to the letters of one class on a day; nothing was changed."""

    class_code: str
    years_now: int | None
    years_then: int
    shortens: bool
    due_before: tuple[SurveyRow, ...]
    becomes_due: tuple[SurveyRow, ...]
    no_longer_due: tuple[SurveyRow, ...]

    @property
    def on_hold(self) -> tuple[SurveyRow, ...]:
        """Of the letters that would become due, those that may not be touched all the same."""
        return tuple(row for row in self.becomes_due if row.is_stopped)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking the growing list again and again.

    It cost half of a survey of 100,000 letters (2.0 s against 1.0 s, benchmarks/retention.py), and
    the rows are no garbage and hold no cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Surveys:
    """Reads the whole register for retention; changes nothing."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    @_uncollected()
    def survey(
        self, viewer: Viewer, as_of: date, *, due_only: bool = False, secret: bool = False
    ) -> list[SurveyRow]:
        """Return the letters that this viewer may open, by register number, as of a day.

        `due_only` leaves out those whose period has not ended. Secret letters are never in it, but in
        a survey of their own (`secret`), which holds nothing else.
        """
        of = listed(self._database.office_id, viewer, secret=secret)
        narrowed = may_be_due(of, self._law, as_of) if due_only else None
        rows = (
            SurveyRow(one, judge(one.facts, self._law, as_of, in_secret_run=secret))
            for one in self._read(of, as_of, narrowed)
        )
        return [row for row in rows if row.is_due or not due_only]

    @_uncollected()
    def simulate(self, viewer: Viewer, class_code: str, years: int, as_of: date) -> Simulation:
        """Say what would become due if a class were kept for another number of years.

        Raises StepRefusedError for a class that the table does not know.
        """
        now = self._law.classes.get(class_code)
        if now is None:
            raise unknown_class(class_code, self._law)
        then = _with_years(now, years)
        tried = replace(self._law, classes={**self._law.classes, class_code: then})
        of = listed(self._database.office_id, viewer)
        either = or_(may_be_due(of, self._law, as_of), may_be_due(of, tried, as_of))
        narrowed = and_(of.c.retention_class == class_code, either)
        due_before, becomes_due, no_longer_due = [], [], []
        for known in self._read(of, as_of, narrowed):
            before, after = _row(known, self._law, as_of), _row(known, tried, as_of)
            if before.is_due:
                due_before.append(before)
            if after.is_due and not before.is_due:
                becomes_due.append(after)
            if before.is_due and not after.is_due:
                no_longer_due.append(after)
        return Simulation(
            class_code,
            now.years,
            years,
            may_shorten(now, replace(then, code=f"{class_code} ({years})")),
            tuple(due_before),
            tuple(becomes_due),
            tuple(no_longer_due),
        )

    def _read(
        self, of: Subquery, as_of: date, narrowed: ColumnElement[bool] | None
    ) -> list[KnownLetter]:
        with self._database.reading() as session:
            return list(read_known(session, of, self._law, as_of, narrowed=narrowed))


def unknown_class(code: str, law: Law) -> StepRefusedError:
    """Return the refusal of a class that the table of the law does not know."""
    known = ", ".join(law.classes)
    return StepRefusedError(
        "ข้อ 57",
        message("ไม่มีประเภทอายุการเก็บ %(code)s โปรดเลือกจาก %(known)s", code=code, known=known),
    )


def _row(known: KnownLetter, law: Law, as_of: date) -> SurveyRow:
    return SurveyRow(known, judge(known.facts, law, as_of))


def _with_years(row: RetentionClass, years: int) -> RetentionClass:
    until = Until.SUPERSEDED if row.until is Until.SUPERSEDED else Until.YEARS
    audited = None if row.years_when_audited is None else min(row.years_when_audited, years)
    return replace(row, until=until, years=years, years_when_audited=audited)


def may_be_due(of: Subquery, law: Law, as_of: date) -> ColumnElement[bool]:
    """Narrow papers to what the period of each class allows; `judge` still has the last word.

    Exact as long as `schedule.period` counts whole years, so that lists may be counted and paged by it.
    """
    conditions: list[ColumnElement[bool]] = []
    for row in law.classes.values():
        if row.until not in (Until.YEARS, Until.SUPERSEDED) or row.years is None:
            continue
        started = ClockRow.superseded_on if row.until is Until.SUPERSEDED else ClockRow.finished_on
        over = started < _first_not_due(row.years, as_of)
        if row.years_when_audited is not None:
            earlier = started < _first_not_due(row.years_when_audited, as_of)
            audited = ClockRow.audited_on.is_not(None)
            over = or_(and_(audited, earlier), and_(not_(audited), over))
        conditions.append(and_(of.c.retention_class == row.code, over))
    later = or_(ClockRow.kept_until_year.is_(None), ClockRow.kept_until_year < as_of.year)
    return and_(or_(false(), *conditions), later, _is_left(of, law, as_of))


def _is_left(of: Subquery, law: Law, as_of: date) -> ColumnElement[bool]:
    """Say that paper is there, or else an electronic copy whose own years are over."""
    years = law.deadlines["electronic_destruction"].after_years or 0
    first_year = as_of.year + BUDDHIST_ERA - years
    copy = and_(of.c.erased_on.is_(None), of.c.buddhist_year < first_year)
    return or_(of.c.paper_ended_on.is_(None), copy)


def _first_not_due(years: int, as_of: date) -> date:
    return date(max(1, as_of.year - years), 1, 1)
