"""The audit trail: append-only, each line holding the hash of the line before it.

Changing, dropping or inserting a line breaks the chain from there on; cutting the end off disagrees
with the head that the office's row keeps. Somebody who can rewrite the whole database can rewrite
the chain too: compare `AuditHead.hash` with one printed or mailed away earlier.
The details name letters by id and fields by name, never the contents: the trail is read by people
who may not open secret letters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.message import Message, message
from index.register.store.codec import dump_json
from index.register.store.database import Database
from index.register.store.tables import AuditRow, LetterRow, OfficeRow

VIEWED, VIEW_REFUSED = "viewed", "view_refused"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the trail."""

    sequence: int
    at: datetime
    who: str
    action: str
    letter_id: int | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last line's number and hash; print it with the day's book as an outside witness."""

    sequence: int
    hash: str


def append_entry(
    session: Session,
    office_id: int,
    *,
    at: datetime,
    who: str,
    action: str,
    letter_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a line inside the caller's writing transaction, which holds the office's lock."""
    office = session.get_one(OfficeRow, office_id)
    entry = AuditEntry(office.audit_sequence + 1, at, who, action, letter_id, dict(details or {}))
    digest = _hash_entry(entry, office.audit_hash)
    session.add(
        AuditRow(
            office_id=office_id,
            sequence=entry.sequence,
            at=at,
            who=who,
            action=action,
            letter_id=letter_id,
            details=dict(entry.details),
            previous_hash=office.audit_hash,
            hash=digest,
        )
    )
    office.audit_sequence = entry.sequence
    office.audit_hash = digest


def _hash_entry(entry: AuditEntry, previous_hash: str) -> str:
    line = dump_json(
        [
            previous_hash,
            entry.sequence,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.who,
            entry.action,
            entry.letter_id,
            entry.details,
        ]
    )
    return hashlib.sha256(line.encode()).hexdigest()


class AuditTrail:
    """Reading the trail, adding views to it, and proving that nobody changed it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        who: str,
        action: str,
        now: datetime,
        *,
        letter_id: int | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a line for something that changes no letter: a view, a print, a log-in."""
        with self._database.writing() as session:
            append_entry(
                session,
                self._database.office_id,
                at=now,
                who=who,
                action=action,
                letter_id=letter_id,
                details=details,
            )

    def entries(
        self, *, letter_id: int | None = None, after: int = 0, limit: int = 100
    ) -> tuple[AuditEntry, ...]:
        """Return lines in order, past the line number `after`."""
        query = (
            select(AuditRow)
            .where(AuditRow.office_id == self._database.office_id, AuditRow.sequence > after)
            .order_by(AuditRow.sequence)
            .limit(limit)
        )
        if letter_id is not None:
            query = query.where(AuditRow.letter_id == letter_id)
        with self._database.reading() as session:
            return tuple(_entry(row) for row in session.scalars(query))

    def begun_at(self) -> datetime | None:
        """Return when the office's first line was written; None where there is none."""
        query = (
            select(AuditRow.at)
            .where(AuditRow.office_id == self._database.office_id)
            .order_by(AuditRow.sequence)
            .limit(1)
        )
        with self._database.reading() as session:
            return session.scalar(query)

    def newest(
        self,
        *,
        letter_id: int | None = None,
        who: str = "",
        action: str = "",
        begin: datetime | None = None,
        end: datetime | None = None,
        before: int = 0,
        limit: int = 50,
    ) -> tuple[AuditEntry, ...]:
        """Return lines from the newest down: of one letter, person, kind or time, under the line `before`."""
        query = (
            select(AuditRow)
            .where(AuditRow.office_id == self._database.office_id)
            .order_by(AuditRow.sequence.desc())
            .limit(limit)
        )
        if letter_id is not None:
            query = query.where(AuditRow.letter_id == letter_id)
        if who:
            query = query.where(AuditRow.who == who)
        if action:
            query = query.where(AuditRow.action == action)
        if begin is not None:
            query = query.where(AuditRow.at >= begin)
        if end is not None:
            query = query.where(AuditRow.at < end)
        if before:
            query = query.where(AuditRow.sequence < before)
        with self._database.reading() as session:
            return tuple(_entry(row) for row in session.scalars(query))

    def note_view(self, who: str, letter_id: int, now: datetime, *, always: bool) -> None:
        """Note that somebody opened a letter: `always`, or once in an hour of the clock.

        A page asks for its pictures one by one and is loaded again at will; one line an hour tells
        an auditor as much as a hundred. Secret letters are noted each time.
        """
        if not always and self._is_noted(who, letter_id, now):
            return
        self.record(who, VIEWED, now, letter_id=letter_id)

    def note_refused_view(self, who: str, running: int, buddhist_year: int, now: datetime) -> None:
        """Note that somebody asked for a letter they may not open, each time; not one that is none."""
        with self._database.reading() as session:
            letter_id = session.scalar(
                select(LetterRow.id).where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.book == "receive",
                    LetterRow.buddhist_year == buddhist_year,
                    LetterRow.running == running,
                )
            )
        if letter_id is not None:
            self.record(who, VIEW_REFUSED, now, letter_id=letter_id)

    def _is_noted(self, who: str, letter_id: int, now: datetime) -> bool:
        hour = now.replace(minute=0, second=0, microsecond=0)
        noted = select(AuditRow.sequence).where(
            AuditRow.office_id == self._database.office_id,
            AuditRow.letter_id == letter_id,
            AuditRow.who == who,
            AuditRow.action == VIEWED,
            AuditRow.at >= hour,
        )
        with self._database.reading() as session:
            return session.scalar(noted.limit(1)) is not None

    @property
    def head(self) -> AuditHead:
        """The last line's number and hash."""
        with self._database.reading() as session:
            office = session.get_one(OfficeRow, self._database.office_id)
            return AuditHead(office.audit_sequence, office.audit_hash)

    def verify(self) -> tuple[Message, ...]:
        """Recompute the whole chain; return what is wrong, nothing when all is well."""
        problems: list[Message] = []
        previous, expected = "", 1
        with self._database.reading() as session:
            rows = session.scalars(
                select(AuditRow)
                .where(AuditRow.office_id == self._database.office_id)
                .order_by(AuditRow.sequence)
                .execution_options(yield_per=1000)
            )
            for row in rows:
                if row.sequence != expected:
                    problems.append(
                        message(
                            "บันทึกบรรทัดที่ %(line)s หายไป ก่อนบรรทัดที่ %(before)s",
                            line=expected,
                            before=row.sequence,
                        )
                    )
                elif row.previous_hash != previous:
                    problems.append(
                        message("บันทึกบรรทัดที่ %(line)s ไม่ต่อจากบรรทัดก่อน", line=row.sequence)
                    )
                if row.hash != _hash_entry(_entry(row), row.previous_hash):
                    problems.append(
                        message("บันทึกบรรทัดที่ %(line)s ถูกแก้หลังจากบันทึกแล้ว", line=row.sequence)
                    )
                previous, expected = row.hash, row.sequence + 1
                session.expunge(row)
            office = session.get_one(OfficeRow, self._database.office_id)
            if (office.audit_sequence, office.audit_hash) != (expected - 1, previous):
                last = office.audit_sequence
                problems.append(
                    message(
                        "บันทึกจบที่บรรทัดที่ %(end)s แต่บรรทัดสุดท้ายที่เคยบันทึกคือ %(last)s",
                        end=expected - 1,
                        last=last,
                    )
                )
        return tuple(problems)


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.sequence, row.at, row.who, row.action, row.letter_id, row.details)
