"""The desk: what people change in a filed letter. Each change is one transaction with its audit line.

Only who may open a letter may change it; for everybody else it is not there (`NoSuchRecordError`),
so that trying tells nothing. The roles that may do each thing are the web page's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from classify.letter import Kind, Secrecy, Urgency
from index.errors import CorrectionRefusedError, NoSuchRecordError
from index.register.arrivals import JobState
from index.register.audit import append_entry
from index.register.change import note_change
from index.register.database import Database
from index.register.filing import fold_number, open_review_fields, read_letter
from index.register.tables import (
    CopyRow,
    CorrectionRow,
    GrantRow,
    LetterRow,
    MovementRow,
    ReviewRow,
)
from index.registered_letter import RegisteredLetter
from index.visibility import SECRECY_FIELD, Sight, Viewer, fully_visible, may_see


class Step(StrEnum):
    """A movement of a letter between and inside the groups."""

    ROUTED = "routed"  # ส่งให้กลุ่ม
    TAKEN = "taken"  # รับเรื่อง
    ASSIGNED = "assigned"  # มอบหมาย
    DONE = "done"  # ดำเนินการแล้ว
    RETURNED = "returned"  # ส่งคืน
    INSTRUCTED = "instructed"  # เกษียน


@dataclass(frozen=True, slots=True)
class Movement:
    """Who had the letter when."""

    letter_id: int
    step: Step
    group: str
    officer: str
    note: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """A field that somebody changed; `new` is the truth the rules are tested against."""

    letter_id: int
    field: str
    old: str
    new: str
    who: str
    at: datetime
    reason: str


class Desk:
    """Correct, confirm, route, permit; and the histories of these."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def correct(
        self,
        viewer: Viewer,
        letter_id: int,
        field: str,
        value: str,
        *,
        now: datetime,
        reason: str = "",
    ) -> RegisteredLetter:
        """Set a field to what the clerk read; close its review reasons.

        `field` is one of `CORRECTABLE`; `value` is text: a date as ISO 8601, marks and kinds by
        their value, empty for absent. Setting the value it has already only confirms it.
        Raises CorrectionRefusedError or NoSuchRecordError.
        """
        if field not in CORRECTABLE:
            raise CorrectionRefusedError(
                field, f"there is no such field; choose one of {', '.join(CORRECTABLE)}"
            )
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            _refuse_lowering(viewer, row, field, value)
            set_field(session, row, field, value, who=viewer.name, now=now, reason=reason)
            return read_letter(session, row)

    def confirm(
        self, viewer: Viewer, letter_id: int, field: str, *, now: datetime
    ) -> RegisteredLetter:
        """Say that the field is right as it stands; close its review reasons."""
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            if field == SECRECY_FIELD:
                _refuse_lowering(viewer, row, field, row.secrecy)
            if _close_reviews(session, row, field, viewer.name, now):
                self._changed(session, row, "confirmed", viewer, now, field=field)
            return read_letter(session, row)

    def move(
        self,
        viewer: Viewer,
        letter_id: int,
        step: Step,
        *,
        now: datetime,
        group: str = "",
        officer: str = "",
        note: str = "",
    ) -> RegisteredLetter:
        """Route the letter to a group, or note who took it, has it, finished it, sent it back.

        Routing and returning change the lead group; the other steps keep it.
        """
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            if step in (Step.ROUTED, Step.RETURNED) and group:
                _set(row, "group", group)
                _close_reviews(session, row, "group", viewer.name, now)
            session.add(
                MovementRow(
                    letter_id=row.id,
                    step=step,
                    group_code=row.group_code,
                    officer=officer,
                    note=note,
                    who=viewer.name,
                    at=now,
                )
            )
            self._changed(session, row, step.value, viewer, now, officer=officer)
            return read_letter(session, row)

    def set_copies(
        self, viewer: Viewer, letter_id: int, groups: tuple[str, ...], *, now: datetime
    ) -> RegisteredLetter:
        """Say which groups get a copy besides the lead group."""
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            held = {
                copy.group_code: copy
                for copy in session.scalars(select(CopyRow).where(CopyRow.letter_id == row.id))
            }
            for group in held.keys() - set(groups):
                session.delete(held[group])
            for group in set(groups) - held.keys():
                session.add(CopyRow(letter_id=row.id, group_code=group))
            self._changed(session, row, "copied", viewer, now, groups=sorted(set(groups)))
            session.flush()
            return read_letter(session, row)

    def grant(
        self,
        viewer: Viewer,
        letter_id: int,
        person: str,
        *,
        until: datetime,
        reason: str,
        now: datetime,
    ) -> None:
        """Permit one person to open one letter until a moment, for a reason."""
        with self._database.writing() as session:
            row = self._open(session, viewer, letter_id)
            session.add(
                GrantRow(
                    letter_id=row.id,
                    person=person,
                    until=until,
                    reason=reason,
                    who=viewer.name,
                    at=now,
                )
            )
            details = {"person": person, "until": until.isoformat()}
            append_entry(
                session,
                row.office_id,
                at=now,
                who=viewer.name,
                action="granted",
                letter_id=row.id,
                details=details,
            )

    def granted_to(self, person: str, now: datetime) -> frozenset[int]:
        """Return the letters this person was personally permitted to open, for `Viewer.granted`."""
        with self._database.reading() as session:
            return frozenset(
                session.scalars(
                    select(GrantRow.letter_id).where(
                        GrantRow.person == person, GrantRow.until > now
                    )
                )
            )

    def history(self, viewer: Viewer, letter_id: int) -> tuple[Movement, ...]:
        """Return the letter's movements, oldest first."""
        with self._database.reading() as session:
            self._open(session, viewer, letter_id)
            rows = session.scalars(
                select(MovementRow)
                .where(MovementRow.letter_id == letter_id)
                .order_by(MovementRow.id)
            )
            return tuple(
                Movement(
                    letter_id=row.letter_id,
                    step=Step(row.step),
                    group=row.group_code,
                    officer=row.officer,
                    note=row.note,
                    who=row.who,
                    at=row.at,
                )
                for row in rows
            )

    def corrections(self, viewer: Viewer, *, limit: int = 10_000) -> tuple[Correction, ...]:
        """Return the newest corrections of letters that the viewer may open, for testing the rules."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(CorrectionRow)
                .join(LetterRow, LetterRow.id == CorrectionRow.letter_id)
                .where(LetterRow.office_id == self._database.office_id, fully_visible(viewer))
                .order_by(CorrectionRow.id.desc())
                .limit(limit)
            )
            return tuple(
                Correction(
                    letter_id=row.letter_id,
                    field=row.field,
                    old=row.old,
                    new=row.new,
                    who=row.who,
                    at=row.at,
                    reason=row.reason,
                )
                for row in rows
            )

    def _open(self, session: Session, viewer: Viewer, letter_id: int) -> LetterRow:
        return open_letter(session, self._database.office_id, viewer, letter_id)

    @staticmethod
    def _changed(
        session: Session,
        row: LetterRow,
        action: str,
        viewer: Viewer,
        now: datetime,
        **details: object,
    ) -> None:
        note_change(session, row, action, who=viewer.name, now=now, details=details)


def open_letter(session: Session, office_id: int, viewer: Viewer, letter_id: int) -> LetterRow:
    """Return a filed letter's row to change it; NoSuchRecordError unless the viewer may open it."""
    row = session.get(LetterRow, letter_id)
    if (
        row is None
        or row.office_id != office_id
        or row.state != JobState.FILED
        or may_see(viewer, read_letter(session, row)) is not Sight.FULL
    ):
        raise NoSuchRecordError(f"letter {letter_id}")
    return row


def set_field(
    session: Session,
    row: LetterRow,
    field: str,
    value: str,
    *,
    who: str,
    now: datetime,
    reason: str = "",
) -> None:
    """Set a field inside the caller's writing transaction: correction, closed doubts, audit line.

    Raises CorrectionRefusedError when the field cannot hold the value.
    """
    old = _get(row, field)
    _set(row, field, value)
    changed = _get(row, field) != old
    closed = _close_reviews(session, row, field, who, now)
    if not (changed or closed):
        return
    if changed:
        session.add(
            CorrectionRow(
                letter_id=row.id,
                field=field,
                old=old,
                new=_get(row, field),
                who=who,
                at=now,
                reason=reason,
                revision=row.revision + 1,
            )
        )
    action = "corrected" if changed else "confirmed"
    note_change(session, row, action, who=who, now=now, details={"field": field})


def _refuse_lowering(viewer: Viewer, row: LetterRow, field: str, value: str) -> None:
    """Only the registrar of secret letters says that a hidden letter is not secret after all."""
    hidden = row.is_secret or row.suspected_secret
    if field == SECRECY_FIELD and hidden and not viewer.is_registrar:
        raise CorrectionRefusedError(
            field, f"only the registrar of secret letters may set it to {value or 'none'!r} here"
        )


def _close_reviews(session: Session, row: LetterRow, field: str, who: str, now: datetime) -> int:
    reasons = session.scalars(
        select(ReviewRow).where(
            ReviewRow.letter_id == row.id, ReviewRow.field == field, ReviewRow.closed_at.is_(None)
        )
    ).all()
    for reason in reasons:
        reason.closed_at, reason.closed_by = now, who
    session.flush()
    row.review_count -= len(reasons)
    row.suspected_secret = SECRECY_FIELD in open_review_fields(session, row.id)
    return len(reasons)


def _get(row: LetterRow, field: str) -> str:
    value = getattr(row, _COLUMNS.get(field, field))
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _set(row: LetterRow, field: str, value: str) -> None:
    cleaned = " ".join(value.split())
    try:
        stored = _READERS[field](cleaned)
    except ValueError as error:
        raise CorrectionRefusedError(field, f"it cannot be {value!r} ({error})") from error
    setattr(row, _COLUMNS.get(field, field), stored)
    if field == "number":
        row.number_key = fold_number(cleaned)
    if field == SECRECY_FIELD:
        row.is_secret = bool(cleaned)


def _short_code(value: str) -> str:
    if not 0 < len(value) <= 32:
        raise ValueError("a code of 1 to 32 letters is needed")
    return value


def _date(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


CORRECTABLE: Mapping[str, Callable[[str], object]] = {
    "number": str,
    "date": _date,
    "sender": str,
    "recipient": str,
    "subject": str,
    "kind": lambda value: Kind(value).value,
    "urgency": lambda value: Urgency(value).value,
    "secrecy": lambda value: Secrecy(value).value,
    "group": _short_code,
}
"""The fields that can be corrected, each with what reads its text (ValueError when it cannot).

Not the retention class: `index.retention.records` changes that, and never shortens it silently.
"""

_READERS = {**CORRECTABLE, "retention_class": _short_code}

_COLUMNS = {"group": "group_code"}
