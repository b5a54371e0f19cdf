"""What was set aside: shown, looked into, dismissed with a reason and taken back; the file always stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from index.choices import JobState
from index.errors import NoSuchRecordError
from index.register.received.jobs import Reason
from index.register.store.audit import append_entry
from index.register.store.database import Database, place_of
from index.register.store.states import DISMISSED, REINSTATED, dismissed, in_quarantine, state_of
from index.register.store.tables import AuditRow, LetterRow
from index.visibility import UNREAD_PLACEHOLDER, Viewer, may_see_unread

LATEST_DISMISSED = 50


class Dismissal(StrEnum):
    """Why nothing more is done with a file; a code, because the trail is read by who may open no secret."""

    SCANNED_AGAIN = "scanned_again"
    SENT_AGAIN = "sent_again"
    EMPTY = "empty"
    NO_LETTER = "no_letter"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class Dismissed:
    """Who was done with a file when, and why."""

    why: Dismissal
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuarantinedLetter:
    """A letter that could not be read; name and path only for who may see unread letters."""

    letter_id: int
    sha256: str
    name: str
    path: Path | None
    door: str
    received_at: datetime
    attempts: int
    reason: Reason
    media_type: str
    size_bytes: int
    may_dismiss: bool
    dismissed: Dismissed | None = None


class Quarantine:
    """The files set aside. Whoever keeps the register knows of each; only the registrar looks into one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def held(self, viewer: Viewer) -> tuple[QuarantinedLetter, ...]:
        """Return what waits for somebody, oldest first."""
        query = (
            select(LetterRow)
            .where(
                LetterRow.office_id == self._database.office_id,
                in_quarantine(),
                not_(dismissed()),
            )
            .order_by(LetterRow.received_at, LetterRow.id)
        )
        with self._database.reading() as session:
            return tuple(_shown(session, row, viewer) for row in session.scalars(query))

    def dismissed(self, viewer: Viewer) -> tuple[QuarantinedLetter, ...]:
        """Return what somebody is done with, of `LATEST_DISMISSED` files that came last."""
        query = (
            select(LetterRow)
            .where(LetterRow.office_id == self._database.office_id, dismissed())
            .order_by(LetterRow.received_at.desc(), LetterRow.id.desc())
            .limit(LATEST_DISMISSED)
        )
        with self._database.reading() as session:
            rows = session.scalars(query).all()
            return tuple(_shown(session, row, viewer, _dismissed(session, row)) for row in rows)

    def find(self, viewer: Viewer, letter_id: int) -> QuarantinedLetter:
        """Return one file, dismissed or not, to who may look into it; for others there is none."""
        with self._database.reading() as session:
            row = _quarantined(session, self._database.office_id, letter_id)
            if not may_see_unread(viewer):
                raise _none(letter_id)
            return _shown(session, row, viewer)

    def dismiss(self, viewer: Viewer, letter_id: int, why: Dismissal, *, now: datetime) -> None:
        """Say that nothing more is done with a file. It stays where it lies, and may be taken back.

        One that came by a secret door is dismissed by who may look into it; for others there is none.
        """
        self._note(viewer, letter_id, DISMISSED, now, {"dismissal": why.value})

    def reinstate(self, viewer: Viewer, letter_id: int, *, now: datetime) -> None:
        """Let a dismissed file wait for somebody again."""
        self._note(viewer, letter_id, REINSTATED, now)

    def _note(
        self,
        viewer: Viewer,
        letter_id: int,
        action: str,
        now: datetime,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write into the trail what somebody did with a file, if she may; for others there is none."""
        with self._database.writing() as session:
            row = _quarantined(session, self._database.office_id, letter_id)
            if not _may_dismiss(viewer, row):
                raise _none(letter_id)
            append_entry(
                session,
                row.office_id,
                at=now,
                who=viewer.name,
                action=action,
                letter_id=row.id,
                details=details,
            )


def _quarantined(session: Session, office_id: int, letter_id: int) -> LetterRow:
    row = session.get(LetterRow, letter_id)
    if row is None or row.office_id != office_id or state_of(row) is not JobState.QUARANTINED:
        raise _none(letter_id)
    return row


def _none(letter_id: int) -> NoSuchRecordError:
    return NoSuchRecordError(f"letter {letter_id} in quarantine")


def _may_dismiss(viewer: Viewer, row: LetterRow) -> bool:
    return may_see_unread(viewer) or not row.secret_door


def _dismissed(session: Session, row: LetterRow) -> Dismissed | None:
    line = session.scalar(
        select(AuditRow)
        .where(AuditRow.letter_id == row.id, AuditRow.action == DISMISSED)
        .order_by(AuditRow.sequence.desc())
        .limit(1)
    )
    return (
        None if line is None else Dismissed(Dismissal(line.details["dismissal"]), line.who, line.at)
    )


def _shown(
    session: Session, row: LetterRow, viewer: Viewer, over: Dismissed | None = None
) -> QuarantinedLetter:
    in_full = may_see_unread(viewer)
    return QuarantinedLetter(
        letter_id=row.id,
        sha256=row.sha256,
        name=row.name if in_full else UNREAD_PLACEHOLDER,
        path=place_of(session, row.work_path) if in_full else None,
        door=row.door,
        received_at=row.received_at,
        attempts=row.attempts,
        reason=Reason(
            row.reason_code,
            row.reason_thai,
            row.reason_english,
            row.reason_detail if in_full else "",
        ),
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        may_dismiss=_may_dismiss(viewer, row),
        dismissed=over,
    )
