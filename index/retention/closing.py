"""A matter is closed once: what the desk notes as done is finished for the clock of its keeping.

Called inside the desk's writing transaction. A step that gives somebody work with the letter takes the
finishing back, and lets the letter leave its open destruction batch: it can come up again when it is due.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.message import message
from index.register.store.tables import BANGKOK, AuditRow, LetterRow
from index.retention.batches import open_batch_of, take_out
from index.retention.errors import StepRefusedError
from index.retention.papers import PaperRow, came_on, keep_change, note_paper
from index.retention.still_kept import refuse_begun
from index.retention.tables import ClockRow

FINISHED = "finished_on"
"""The column, the action in the audit trail, and the field in a letter's corrections."""


def finished_on(session: Session, letter_id: int) -> date | None:
    """Return the day a letter's matter was closed, None while it is worked on."""
    clock = session.get(ClockRow, letter_id)
    return None if clock is None else clock.finished_on


def check_day(row: PaperRow, on: date, *, reason: str, now: datetime) -> None:
    """Refuse a day on which the matter cannot have been closed (ข้อ 57).

    A day before the letter came in is odd (an old paper registered late, or a slip): it needs a reason.
    Raises StepRefusedError.
    """
    refuse_future(on, now)
    refuse_before_letter(row, on)
    received = came_on(row)
    if on < received and not reason.strip():
        raise StepRefusedError(
            "ข้อ 57",
            message(
                "วันที่เสร็จ %(day)s อยู่ก่อนวันรับ (%(received)s) ต้องระบุเหตุผล",
                day=on,
                received=received,
            ),
        )


def refuse_future(day: date, now: datetime, clause: str = "ข้อ 57") -> None:
    """Refuse a day that has not come."""
    if day > now.astimezone(BANGKOK).date():
        raise StepRefusedError(clause, message("วันที่ %(day)s ยังมาไม่ถึง", day=day))


def refuse_before_letter(row: PaperRow, on: date) -> None:
    """Refuse a day before the letter was written."""
    if row.date is not None and on < row.date:
        raise StepRefusedError(
            "ข้อ 57",
            message(
                "วันที่ %(day)s อยู่ก่อนวันที่ของหนังสือ (%(written)s)",
                day=on,
                written=row.date,
            ),
        )


def keep_reason(
    session: Session, row: PaperRow, on: date, *, reason: str, who: str, now: datetime
) -> None:
    """Keep why a matter was closed before its letter came in, among the letter's corrections."""
    why = " ".join(reason.split())
    keep_change(session, row, FINISHED, "", on.isoformat(), who=who, now=now, reason=why)


def close(
    session: Session, row: LetterRow, *, who: str, now: datetime, on: date | None, reason: str
) -> None:
    """Finish the matter of a letter that is done: on the day named, else today.

    A day that the records officer noted before stays. Without a named day nothing is noted for a letter
    dated later than today: its date is wrong, and it waits among what was never closed.
    """
    if finished_on(session, row.id) is not None:
        return
    if on is not None:
        check_day(row, on, reason=reason, now=now)
        if reason.strip():
            keep_reason(session, row, on, reason=reason, who=who, now=now)
    today = now.astimezone(BANGKOK).date()
    if on is None and row.date is not None and row.date > today:
        return
    _put(session, row, on or today, who=who, now=now)


def reopen(session: Session, row: LetterRow, *, who: str, now: datetime) -> None:
    """Take the finishing back: somebody works on the matter again."""
    if finished_on(session, row.id) is not None:
        _put(session, row, None, who=who, now=now)


def restore(session: Session, row: LetterRow, was: date | None, *, who: str, now: datetime) -> None:
    """Put back the day that stood before a step of the desk which is taken back.

    Not where the records officer noted a day since, and never an earlier day than stands there.
    """
    stands = finished_on(session, row.id)
    if stands == was or (stands is not None and was is not None and was < stands):
        return
    newest = session.scalar(
        select(AuditRow.details)
        .where(AuditRow.letter_id == row.id, AuditRow.action == FINISHED)
        .order_by(AuditRow.sequence.desc())
        .limit(1)
    )
    if newest is not None and newest.get("with_step"):
        _put(session, row, was, who=who, now=now)


def _put(session: Session, row: LetterRow, on: date | None, *, who: str, now: datetime) -> None:
    refuse_begun(session, row)
    clock = session.get(ClockRow, row.id) or ClockRow(letter_id=row.id)
    was, clock.finished_on = clock.finished_on, on
    session.add(clock)
    details = {"from": was and was.isoformat(), "to": on and on.isoformat(), "with_step": True}
    note_paper(session, row, FINISHED, who=who, now=now, details=details)
    session.flush()
    batch = open_batch_of(session, row.id)
    if batch is not None:
        take_out(session, batch, row.id, "open" if on is None else "not_due", who=who, now=now)
