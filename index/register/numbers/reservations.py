"""Reserved receive numbers and the scans that are filed under them: one scan for a number, one number for a scan.

The scan is bound to the number by its bytes before it is handed in, so that no worker is quicker; the
number is given with the letter, as every number is. Until then it can be let go and is reserved as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.choices import BookName, JobState, NumberStatus
from index.errors import NumberRefusedError, ReservationTakenError
from index.register.store.audit import append_entry
from index.register.store.change import note_change
from index.register.store.database import Database
from index.register.store.number_tables import NumberRow
from index.register.store.tables import LetterRow
from index.registered_letter import RegisterNumber


@dataclass(frozen=True, slots=True)
class Reservation:
    """A reserved receive number; `note` says what it was reserved for, `waits` that a scan is on its way."""

    number: RegisterNumber
    note: str
    who: str
    waits: bool


def reserved_for(session: Session, office_id: int, sha256: str) -> RegisterNumber | None:
    """Return the number that a scan is to be filed under, inside the caller's transaction."""
    row = _waiting(session, office_id, sha256)
    return None if row is None else RegisterNumber(row.running, row.buddhist_year)


def free_number(session: Session, office_id: int, sha256: str) -> None:
    """Let the number of a scan go that gets none: it is a further copy of a letter that has one."""
    row = _waiting(session, office_id, sha256)
    if row is not None:
        row.waits_for = None


def give_again(session: Session, letter: LetterRow, note: str, *, who: str, now: datetime) -> None:
    """Give a letter its cancelled number back, if it was cancelled with exactly this note."""
    key = (letter.office_id, letter.book, letter.buddhist_year, letter.running)
    row = session.get_one(NumberRow, key)
    if row.status != NumberStatus.CANCELLED or row.note != note:
        return
    row.status, row.note = NumberStatus.GIVEN, ""
    letter.cancelled = False
    details = {"book": row.book}
    note_change(session, letter, "number_given_again", who=who, now=now, details=details)


def _waiting(session: Session, office_id: int, sha256: str) -> NumberRow | None:
    return session.scalar(
        select(NumberRow).where(
            NumberRow.office_id == office_id,
            NumberRow.waits_for == sha256,
            NumberRow.status == NumberStatus.RESERVED,
        )
    )


class Reservations:
    """What the registry does with reserved receive numbers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Reservation, ...]:
        """Return what is reserved in the receive book, oldest first."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(NumberRow)
                .where(
                    NumberRow.office_id == self._database.office_id,
                    NumberRow.book == BookName.RECEIVE,
                    NumberRow.status == NumberStatus.RESERVED,
                )
                .order_by(NumberRow.buddhist_year, NumberRow.running)
            )
            return tuple(
                Reservation(
                    RegisterNumber(row.running, row.buddhist_year),
                    row.note,
                    row.who,
                    row.waits_for is not None,
                )
                for row in rows
            )

    def bind(self, number: RegisterNumber, sha256: str, *, who: str, now: datetime) -> bool:
        """Say that the scan with these bytes is to be filed under a reserved number.

        False for a scan that has a number already: it keeps that one, and the reserved one stays free.
        Binding again changes nothing. Raises NumberRefusedError (it is not reserved) and
        ReservationTakenError (another scan was quicker).
        """
        office_id = self._database.office_id
        with self._database.writing() as session:
            row = self._reserved(session, number)
            if row.waits_for == sha256:
                return True
            if row.waits_for is not None:
                raise ReservationTakenError(number)
            filed = select(LetterRow.id).where(
                LetterRow.office_id == office_id,
                LetterRow.sha256 == sha256,
                LetterRow.state == JobState.FILED,
            )
            if session.scalar(filed) is not None:
                return False
            free_number(session, office_id, sha256)  # chosen for this scan before
            session.flush()
            row.waits_for = sha256
            details = {"book": row.book, "number": str(number), "sha256": sha256}
            append_entry(
                session, office_id, at=now, who=who, action="number_bound", details=details
            )
            return True

    def let_go(self, number: RegisterNumber, *, who: str, now: datetime) -> None:
        """Take the number back from its scan, which is then given the next one; it stays reserved.

        Raises NumberRefusedError when it is not reserved any more.
        """
        with self._database.writing() as session:
            row = self._reserved(session, number)
            if row.waits_for is None:
                return
            row.waits_for = None
            details = {"book": row.book, "number": str(number)}
            append_entry(
                session,
                self._database.office_id,
                at=now,
                who=who,
                action="number_let_go",
                details=details,
            )

    def _reserved(self, session: Session, number: RegisterNumber) -> NumberRow:
        key = (
            self._database.office_id,
            BookName.RECEIVE,
            number.buddhist_year,
            number.running,
        )
        row = session.get(NumberRow, key)
        if row is None or row.status != NumberStatus.RESERVED:
            raise NumberRefusedError(f"number {number} is not reserved", "choose another")
        return row
