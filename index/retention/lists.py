"""The lists of the store: what is held, what waits to be handed to the store, what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from index.choices import BookName
from index.message import message
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.registered_letter import RegisterNumber
from index.retention.eligibility import Hold, judge
from index.retention.errors import StepRefusedError
from index.retention.facts import KnownLetter, as_hold, read_known
from index.retention.law import Law
from index.retention.paper_list import in_order, listed, named_papers
from index.retention.papers import note_paper
from index.retention.records import Place, store_place
from index.retention.schedule import Period
from index.retention.tables import ClockRow, HoldRow, PlaceRow
from index.visibility import Viewer


@dataclass(frozen=True, slots=True)
class HeldLetter:
    """A hold in force with the letter it is on."""

    letter_id: int
    book: BookName
    register_number: RegisterNumber
    subject: str
    hold: Hold


@dataclass(frozen=True, slots=True)
class StoreLine:
    """One line of form 19 (no place yet) or of form 20."""

    letter: KnownLetter
    period: Period
    place: Place | None


class Lists:
    """Read the lists of the store, and hand many letters to it at once. Never a secret letter."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def held(self, viewer: Viewer, as_of: date) -> tuple[HeldLetter, ...]:
        """Return every hold in force on a day, those that end first in front."""
        with self._database.reading() as session:
            of = listed(self._database.office_id, viewer, joined=True)
            rows = session.execute(
                select(HoldRow, of)
                .join(of, of.c.id == HoldRow.letter_id)
                .where(HoldRow.placed_on <= as_of)
                .where(or_(HoldRow.until.is_(None), HoldRow.until >= as_of))
                .where(or_(HoldRow.released_on.is_(None), HoldRow.released_on > as_of))
                .order_by(HoldRow.until.is_(None), HoldRow.until, HoldRow.id)
            )
            return tuple(
                HeldLetter(
                    row.id,
                    row.book,
                    RegisterNumber(row.running or 0, row.buddhist_year or 0),
                    row.subject,
                    as_hold(row.HoldRow),
                )
                for row in rows
            )

    def to_store(
        self, viewer: Viewer, as_of: date, *, limit: int, offset: int = 0
    ) -> tuple[tuple[StoreLine, ...], int]:
        """Return a page of finished letters without a place (form 19), and how many there are."""
        waiting = ClockRow.finished_on.is_not(None) & PlaceRow.letter_id.is_(None)
        return self._page(viewer, as_of, waiting, limit, offset)

    def stored(
        self, viewer: Viewer, as_of: date, *, words: str = "", limit: int, offset: int = 0
    ) -> tuple[tuple[StoreLine, ...], int]:
        """Return a page of the store register (form 20), and how many letters it holds.

        `words` narrows to a file code, box or shelf that begins with them.
        """
        kept: ColumnElement[bool] = PlaceRow.letter_id.is_not(None)
        if words:
            columns = (PlaceRow.file_code, PlaceRow.box, PlaceRow.shelf)
            kept = kept & or_(*(one.startswith(words, autoescape=True) for one in columns))
        return self._page(viewer, as_of, kept, limit, offset)

    def _page(
        self, viewer: Viewer, as_of: date, which: ColumnElement[bool], limit: int, offset: int
    ) -> tuple[tuple[StoreLine, ...], int]:
        of = listed(self._database.office_id, viewer)
        with self._database.reading() as session:
            base = (
                select(of.c.id)
                .select_from(of)
                .outerjoin(ClockRow, ClockRow.letter_id == of.c.id)
                .outerjoin(PlaceRow, PlaceRow.letter_id == of.c.id)
                .where(of.c.paper_ended_on.is_(None), which)
            )
            total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
            page = base.order_by(*in_order(of)).limit(limit).offset(offset)
            ids = list(session.scalars(page))
            known = list(read_known(session, named_papers(ids), self._law, as_of))
            places = {
                row.letter_id: Place(row.shelf, row.box, row.file_code, row.stored_on)
                for row in session.scalars(select(PlaceRow).where(PlaceRow.letter_id.in_(ids)))
            }
        lines = tuple(
            StoreLine(
                one, judge(one.facts, self._law, as_of).period, places.get(one.facts.letter_id)
            )
            for one in known
        )
        return lines, total

    def store(
        self, viewer: Viewer, letter_ids: tuple[int, ...], place: Place, *, now: datetime
    ) -> None:
        """Put letters into one place of the store, all or none (form 20, ข้อ 55.2).

        Raises StepRefusedError without letters or file code, or for a day that has not come.
        """
        if not letter_ids:
            raise StepRefusedError("ข้อ 54.1", message("ยังไม่ได้เลือกหนังสือ"))
        if not place.file_code.strip():
            raise StepRefusedError("ข้อ 55.2", message("ต้องระบุรหัสแฟ้ม"))
        if place.stored_on > now.astimezone(BANGKOK).date():
            raise StepRefusedError("ข้อ 55.2", message("วันเก็บยังมาไม่ถึง"))
        with self._database.writing() as session:
            for letter_id in letter_ids:
                row = store_place(session, self._database.office_id, viewer, letter_id, place)
                where = {"shelf": place.shelf, "box": place.box, "file_code": place.file_code}
                note_paper(session, row, "stored", who=viewer.name, now=now, details=where)
