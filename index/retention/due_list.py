"""What is due in a January, counted and turned page by page without reading the whole register.

The conditions say in SQL what `eligibility.judge` says of one letter; every row that is shown was judged
too, and a test compares both over a whole book.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Subquery, and_, case, false, func, not_, or_, select

from index.register.people.mandates import decides_destruction
from index.register.store.database import Database
from index.retention.batch import Batch
from index.retention.eligibility import judge
from index.retention.facts import CLOSED, kept_by_the_office, read_known
from index.retention.law import Law
from index.retention.paper_list import in_order, listed
from index.retention.survey import SurveyRow, may_be_due
from index.retention.tables import BatchItemRow, BatchRow, ClockRow, HoldRow, LoanRow
from index.visibility import Viewer


class Which(StrEnum):
    """Which of the due letters a page shows; ELECTRONIC are those whose paper has gone before.

    They are kept apart: an office that never orders electronic copies erased would meet them each year.
    """

    ALL = "all"
    FREE = "free"
    STOPPED = "stopped"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many letters of one class are due, and how many of these may not be touched."""

    class_code: str
    due: int
    stopped: int


@dataclass(frozen=True, slots=True)
class DueFilter:
    """What the January page is narrowed to; `class_code` empty means every class."""

    which: Which = Which.ALL
    class_code: str = ""


def is_entrusted(viewer: Viewer, batch: Batch, *, decides: bool) -> bool:
    """Tell whether a batch was put before this person: as its committee, or as one who `decides` on it."""
    is_member = batch.committee is not None and viewer.name in batch.committee.names
    return batch.is_open and (is_member or (decides and batch.reported_on is not None))


class DueList:
    """Count, page and name the due letters that a viewer may open. Never a secret one."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def counts(self, viewer: Viewer, as_of: date) -> tuple[ClassCount, ...]:
        """Return the classes that have due letters, in the order of the law."""
        with self._database.reading() as session:
            of = self._listed(viewer)
            rows = session.execute(
                select(
                    of.c.retention_class,
                    func.count(),
                    func.sum(case((self._stopped(of, as_of), 1), else_=0)),
                )
                .join(ClockRow, ClockRow.letter_id == of.c.id)
                .where(may_be_due(of, self._law, as_of), of.c.paper_ended_on.is_(None))
                .group_by(of.c.retention_class)
            )
            found = {code: ClassCount(code, due, held or 0) for code, due, held in rows}
        return tuple(found[code] for code in self._law.classes if code in found)

    def page(
        self, viewer: Viewer, as_of: date, wanted: DueFilter, *, limit: int, offset: int = 0
    ) -> tuple[SurveyRow, ...]:
        """Return one page of the due letters by register number, each with what stops it."""
        ids = self.ids(viewer, as_of, wanted, limit=limit, offset=offset)
        with self._database.reading() as session:
            known = read_known(session, self._listed(viewer, ids), self._law, as_of)
            return tuple(SurveyRow(one, judge(one.facts, self._law, as_of)) for one in known)

    def ids(
        self, viewer: Viewer, as_of: date, wanted: DueFilter, *, limit: int, offset: int = 0
    ) -> tuple[int, ...]:
        """Return the ids of due letters by register number."""
        with self._database.reading() as session:
            of = self._listed(viewer)
            query = (
                select(of.c.id)
                .join(ClockRow, ClockRow.letter_id == of.c.id)
                .where(may_be_due(of, self._law, as_of), _of_medium(of, wanted.which))
                .order_by(*in_order(of))
                .limit(limit)
                .offset(offset)
            )
            if wanted.class_code:
                query = query.where(of.c.retention_class == wanted.class_code)
            if wanted.which in (Which.FREE, Which.STOPPED):
                stopped = self._stopped(of, as_of)
                query = query.where(stopped if wanted.which is Which.STOPPED else not_(stopped))
            return tuple(session.scalars(query))

    def letters(
        self, viewer: Viewer, letter_ids: Iterable[int], as_of: date, *, batch: Batch
    ) -> dict[int, SurveyRow]:
        """Return some letters of a batch by id.

        Its committee looks at each item (ข้อ 68.1), and who decides at what is reported to them, whatever
        their group; a letter that turned secret is shown to nobody here.
        """
        ids = list(letter_ids)
        with self._database.reading() as session:
            office_id = self._database.office_id
            decides = decides_destruction(session, office_id, viewer.name, as_of)
        if is_entrusted(viewer, batch, decides=decides):
            viewer = replace(viewer, granted=viewer.granted | set(ids) & set(batch.items))
        return self.named(viewer, ids, as_of)

    def named(self, viewer: Viewer, letter_ids: Iterable[int], as_of: date) -> dict[int, SurveyRow]:
        """Return letters by id as a viewer may open them, whether due or not; never a secret one."""
        ids = list(letter_ids)
        with self._database.reading() as session:
            shown = self._listed(viewer, ids)
            return {
                one.facts.letter_id: SurveyRow(one, judge(one.facts, self._law, as_of))
                for one in read_known(session, shown, self._law, as_of)
            }

    def coming(self, viewer: Viewer, year: int, *, years: int = 3) -> tuple[tuple[int, int], ...]:
        """Return (Gregorian year, letters that become due in its January) for the years after one."""
        of = self._listed(viewer)
        due = [
            func.sum(case((may_be_due(of, self._law, date(year + step, 1, 1)), 1), else_=0))
            for step in range(years + 1)
        ]
        with self._database.reading() as session:
            query = select(*due).select_from(of).where(_of_medium(of, Which.ALL))
            row = session.execute(query.join(ClockRow, ClockRow.letter_id == of.c.id)).one()
        totals = [total or 0 for total in row]
        return tuple((year + step, totals[step] - totals[step - 1]) for step in range(1, years + 1))

    def electronic(self, viewer: Viewer, as_of: date) -> int:
        """Count the electronic copies that the head may order erased, their paper being gone."""
        return self._total(viewer, as_of, Which.ELECTRONIC)

    def _total(self, viewer: Viewer, as_of: date, which: Which) -> int:
        with self._database.reading() as session:
            of = self._listed(viewer)
            query = (
                select(func.count())
                .select_from(of)
                .join(ClockRow, ClockRow.letter_id == of.c.id)
                .where(may_be_due(of, self._law, as_of), _of_medium(of, which))
            )
            return session.scalar(query) or 0

    def _listed(self, viewer: Viewer, among: Iterable[int] | None = None) -> Subquery:
        return listed(self._database.office_id, viewer, among=among)

    def _stopped(self, of: Subquery, as_of: date) -> ColumnElement[bool]:
        """Say of a due letter that something besides its period stands against its destruction."""
        held = select(HoldRow.letter_id).where(
            HoldRow.placed_on <= as_of,
            or_(HoldRow.until.is_(None), HoldRow.until >= as_of),
            or_(HoldRow.released_on.is_(None), HoldRow.released_on > as_of),
        )
        lent = select(LoanRow.letter_id).where(
            LoanRow.lent_on <= as_of,
            or_(LoanRow.returned_on.is_(None), LoanRow.returned_on > as_of),
        )
        batched = (
            select(BatchItemRow.letter_id)
            .join(BatchRow, BatchRow.id == BatchItemRow.batch_id)
            .where(BatchItemRow.taken_out.is_(False), BatchRow.stage.not_in(CLOSED))
            .where(BatchRow.proposed_on <= as_of)
        )
        return or_(
            of.c.id.in_(held),
            of.c.id.in_(lent),
            of.c.id.in_(batched),
            and_(ClockRow.wanted_on.is_not(None), ClockRow.wanted_on <= as_of),
            self._old_enough(of, as_of),
        )

    def _old_enough(self, of: Subquery, as_of: date) -> ColumnElement[bool]:
        years = self._law.deadlines["transfer"].after_years
        if years is None or as_of.year <= years:
            return false()
        old = and_(of.c.date.is_not(None), of.c.date < date(as_of.year - years + 1, 1, 1))
        return and_(old, of.c.id.not_in(kept_by_the_office()), ClockRow.wanted_on.is_(None))


def _of_medium(of: Subquery, which: Which) -> ColumnElement[bool]:
    gone = of.c.paper_ended_on.is_not(None)
    return gone if which is Which.ELECTRONIC else not_(gone)
