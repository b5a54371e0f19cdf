"""What the records officer notes about a paper, received or sent: clock, class, holds, place in the store.

Every change is one transaction with its audit line. Only who may open a letter may change it. A change
that lets a letter go earlier is refused until somebody says that it is meant. A letter against which
something new stands leaves its destruction batch in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.errors import NoSuchRecordError
from index.message import message
from index.register.store.database import Database
from index.register.store.tables import BANGKOK
from index.retention.batches import take_out_if_barred
from index.retention.closing import (
    FINISHED,
    check_day,
    keep_reason,
    refuse_before_letter,
    refuse_future,
)
from index.retention.eligibility import Hold, HoldKind, class_unknown
from index.retention.errors import StepRefusedError, WouldShortenError
from index.retention.facts import KnownLetter, as_clock, as_hold, read_known
from index.retention.law import Law
from index.retention.paper_list import named_papers
from index.retention.papers import PaperRow, id_of, note_paper, open_paper, set_class
from index.retention.schedule import Period, may_shorten, period
from index.retention.still_kept import open_kept
from index.retention.survey import unknown_class
from index.retention.tables import ClockRow, HoldRow, PlaceRow
from index.visibility import Viewer

PLACED_BY_PEOPLE = (
    HoldKind.LEGAL,
    HoldKind.AUDIT,
    HoldKind.DISCIPLINE,
    HoldKind.INFORMATION_REQUEST,
)
"""The other kinds follow from loans, batches and dates by themselves."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a letter's paper lies; `file_code` is the รหัสแฟ้ม of forms 20 to 25."""

    shelf: str
    box: str
    file_code: str
    stored_on: date


@dataclass(frozen=True, slots=True)
class ClassTrial:
    """What another class would make of a letter; nothing was changed.

    `shortens` is true in doubt, as `may_shorten` decides it.
    """

    before: Period
    after: Period
    shortens: bool


class Records:
    """The records officer's desk."""

    def __init__(self, database: Database, law: Law) -> None:
        self._database = database
        self._law = law

    def finish(
        self,
        viewer: Viewer,
        letter_id: int,
        on: date,
        *,
        now: datetime,
        shorter: bool = False,
        reason: str = "",
    ) -> Period:
        """Note the day the matter was closed, from which the period is counted; return the period.

        Raises WouldShortenError when another day was noted that keeps longer, unless `shorter`, and
        StepRefusedError for a day before the letter came in without the `reason`, kept as a correction.
        """
        return self._set_clock(
            viewer, letter_id, FINISHED, on, now=now, shorter=shorter, reason=reason
        )

    def note_audit(
        self, viewer: Viewer, letter_id: int, on: date, *, now: datetime, shorter: bool = False
    ) -> Period:
        """Note the day the State Audit Office had audited money papers with no problem left.

        Raises WouldShortenError unless `shorter`: this is what shortens ten years to five (ข้อ 57.6).
        """
        return self._set_clock(viewer, letter_id, "audited_on", on, now=now, shorter=shorter)

    def note_successor(
        self, viewer: Viewer, letter_id: int, on: date, *, now: datetime, shorter: bool = False
    ) -> Period:
        """Note the day a circular to be followed was replaced by a newer one."""
        return self._set_clock(viewer, letter_id, "superseded_on", on, now=now, shorter=shorter)

    def reopen(self, viewer: Viewer, letter_id: int, *, now: datetime) -> Period:
        """Take the finishing back: the matter is worked on again, so no year can be named."""
        return self._set_clock(viewer, letter_id, FINISHED, None, now=now, shorter=False)

    def change_class(
        self,
        viewer: Viewer,
        letter_id: int,
        code: str,
        *,
        reason: str,
        now: datetime,
        shorter: bool = False,
    ) -> Period:
        """Give the letter another retention class; return the new period.

        Kept among the corrections with old, new, who and reason. Raises StepRefusedError without a
        reason or for an unknown class, WouldShortenError when it may shorten, unless `shorter`.
        """
        new = self._law.classes.get(code)
        if new is None:
            raise unknown_class(code, self._law)
        _require_reason(reason, "ข้อ 57")
        with self._database.writing() as session:
            row = open_kept(session, self._database.office_id, viewer, letter_id)
            before = row.retention_class
            old = self._law.classes.get(before)
            shortens = bool(before) and may_shorten(old, new)
            if shortens and not shorter:
                raise WouldShortenError(old.thai if old else before, new.thai)
            set_class(session, row, code, who=viewer.name, now=now, reason=reason)
            details = {"from": before, "to": code, "shortens": shortens}
            self._note(session, row, "class_changed", viewer, now=now, details=details)
            return self._period(row, _clock_of(session, letter_id))

    def try_class(self, viewer: Viewer, letter_id: int, code: str) -> ClassTrial:
        """Say what another class would make of the letter; StepRefusedError for an unknown class."""
        new = self._law.classes.get(code)
        if new is None:
            raise unknown_class(code, self._law)
        with self._database.reading() as session:
            row = open_paper(session, self._database.office_id, viewer, letter_id)
            clock, old = _clock_of(session, letter_id), self._law.classes.get(row.retention_class)
            shortens = bool(row.retention_class) and may_shorten(old, new)
            return ClassTrial(self._period(row, clock), period(new, as_clock(clock)), shortens)

    def place_hold(
        self,
        viewer: Viewer,
        letter_id: int,
        kind: HoldKind,
        *,
        reason: str,
        now: datetime,
        until: date | None = None,
    ) -> int:
        """Stop the destruction of a letter until released (or after `until`); return the hold's id."""
        today = now.astimezone(BANGKOK).date()
        if kind not in PLACED_BY_PEOPLE:
            raise StepRefusedError("ข้อ 68.1", message("ระบบบันทึกเหตุนี้ให้เอง"), detail=kind)
        _require_reason(reason, "ข้อ 68.1")
        if until is not None and until < today:
            raise StepRefusedError("ข้อ 68.1", message("วันสิ้นสุดอยู่ก่อนวันนี้"), detail=until.isoformat())
        with self._database.writing() as session:
            row = open_kept(session, self._database.office_id, viewer, letter_id)
            hold = HoldRow(
                letter_id=letter_id,
                kind=kind,
                reason=reason.strip(),
                placed_by=viewer.name,
                placed_on=today,
                until=until,
            )
            session.add(hold)
            session.flush()
            # Its reason may name people: it stays in its row, the trail names the hold.
            details = {"hold": hold.id, "kind": kind.value, "until": until and until.isoformat()}
            self._note(session, row, "hold_placed", viewer, now=now, details=details)
            return hold.id

    def release_hold(
        self, viewer: Viewer, letter_id: int, kind: HoldKind, *, reason: str, now: datetime
    ) -> None:
        """End all holds of one kind on a letter, saying why; NoSuchRecordError if there is none."""
        _require_reason(reason, "ข้อ 68.1")
        today = now.astimezone(BANGKOK).date()
        with self._database.writing() as session:
            row = open_kept(session, self._database.office_id, viewer, letter_id)
            held = _unreleased(session, letter_id, kind)
            if not held:
                raise NoSuchRecordError(
                    f"a hold {kind} on letter {row.running}/{row.buddhist_year}"
                )
            for hold in held:
                hold.released_by, hold.released_on = viewer.name, today
                hold.release_reason = reason.strip()
            details = {"holds": [hold.id for hold in held], "kind": kind.value}
            self._note(session, row, "hold_released", viewer, now=now, details=details)

    def holds(self, viewer: Viewer, letter_id: int) -> tuple[Hold, ...]:
        """Return every hold ever placed on a letter, oldest first."""
        with self._database.reading() as session:
            open_paper(session, self._database.office_id, viewer, letter_id)
            rows = session.scalars(
                select(HoldRow).where(HoldRow.letter_id == letter_id).order_by(HoldRow.id)
            )
            return tuple(as_hold(row) for row in rows)

    def store(self, viewer: Viewer, letter_id: int, place: Place, *, now: datetime) -> None:
        """Note where the paper lies (ข้อ 55); moving it later replaces the place."""
        if not place.file_code.strip():
            raise StepRefusedError("ข้อ 55.2", message("ต้องระบุรหัสแฟ้ม"))
        refuse_future(place.stored_on, now, "ข้อ 55.2")
        with self._database.writing() as session:
            row = store_place(session, self._database.office_id, viewer, letter_id, place)
            where = {"shelf": place.shelf, "box": place.box, "file_code": place.file_code}
            self._note(session, row, "stored", viewer, now=now, details=where)

    def paper(self, viewer: Viewer, letter_id: int, as_of: date) -> KnownLetter:
        """Return a paper as the lists show it, a secret one too; NoSuchRecordError if it is hidden."""
        with self._database.reading() as session:
            open_paper(session, self._database.office_id, viewer, letter_id)
            (known,) = read_known(session, named_papers([letter_id]), self._law, as_of)
            return known

    def place(self, viewer: Viewer, letter_id: int) -> Place | None:
        """Return where the paper lies, None while it was not stored."""
        with self._database.reading() as session:
            open_paper(session, self._database.office_id, viewer, letter_id)
            row = session.get(PlaceRow, letter_id)
            return None if row is None else Place(row.shelf, row.box, row.file_code, row.stored_on)

    def period(self, viewer: Viewer, letter_id: int) -> Period:
        """Return until when a letter is kept, as it stands."""
        with self._database.reading() as session:
            row = open_paper(session, self._database.office_id, viewer, letter_id)
            return self._period(row, _clock_of(session, letter_id))

    def _set_clock(
        self,
        viewer: Viewer,
        letter_id: int,
        field: str,
        on: date | None,
        *,
        now: datetime,
        shorter: bool,
        reason: str = "",
    ) -> Period:
        if on is not None:
            refuse_future(on, now)
        with self._database.writing() as session:
            row = open_kept(session, self._database.office_id, viewer, letter_id)
            if on is not None and field == FINISHED:
                check_day(row, on, reason=reason, now=now)
                if reason.strip():
                    keep_reason(session, row, on, reason=reason, who=viewer.name, now=now)
            elif on is not None:
                refuse_before_letter(row, on)
            clock = _clock_of(session, letter_id)
            before, was = self._period(row, clock), getattr(clock, field)
            setattr(clock, field, on)
            after = self._period(row, clock)
            if _is_shorter(before, after) and not shorter:
                raise WouldShortenError(before.words.thai, after.words.thai)
            session.add(clock)
            details = {
                "from": was and was.isoformat(),
                "to": on and on.isoformat(),
                "keep_until_year": after.keep_until_year,
            }
            self._note(session, row, field, viewer, now=now, details=details)
            return after

    def _period(self, row: PaperRow, clock: ClockRow) -> Period:
        known = self._law.classes.get(row.retention_class)
        if known is None:
            return Period(None, class_unknown(row.retention_class))
        return period(known, as_clock(clock))

    def _note(
        self,
        session: Session,
        row: PaperRow,
        action: str,
        viewer: Viewer,
        *,
        now: datetime,
        details: Mapping[str, object],
    ) -> None:
        who = viewer.name
        note_paper(session, row, action, who=who, now=now, details=details)
        take_out_if_barred(session, id_of(row), self._law, who=who, now=now)


def _clock_of(session: Session, letter_id: int) -> ClockRow:
    return session.get(ClockRow, letter_id) or ClockRow(letter_id=letter_id)


def _unreleased(session: Session, letter_id: int, kind: HoldKind) -> list[HoldRow]:
    query = select(HoldRow).where(
        HoldRow.letter_id == letter_id, HoldRow.kind == kind, HoldRow.released_on.is_(None)
    )
    return list(session.scalars(query))


def _is_shorter(before: Period, after: Period) -> bool:
    if before.keep_until_year is None or after.keep_until_year is None:
        return False
    return after.keep_until_year < before.keep_until_year


def _require_reason(reason: str, clause: str) -> None:
    if not reason.strip():
        raise StepRefusedError(clause, message("ต้องระบุเหตุผล"))


def store_place(
    session: Session, office_id: int, viewer: Viewer, letter_id: int, place: Place
) -> PaperRow:
    """Write where a paper's paper lies, over what was written before; return its row."""
    row = open_kept(session, office_id, viewer, letter_id)
    session.merge(
        PlaceRow(
            letter_id=letter_id,
            shelf=place.shelf.strip(),
            box=place.box.strip(),
            file_code=place.file_code.strip(),
            stored_on=place.stored_on,
            stored_by=viewer.name,
        )
    )
    return row
