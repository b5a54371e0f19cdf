"""A letter's fields: which can be corrected, what each can hold, and setting one with its audit line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classify.letter import Kind, Secrecy, Urgency
from index.errors import CorrectionRefusedError
from index.register.letters.filing import fold_number, open_review_fields
from index.register.store.change import note_change
from index.register.store.tables import CopyRow, CorrectionRow, LetterRow, ReviewRow
from index.visibility import SECRECY_FIELD, Viewer


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
    old, was_secret = get_field(row, field), row.is_secret
    put_field(row, field, value)
    if field == "group":
        drop_copy(session, row)
    changed = get_field(row, field) != old or row.is_secret != was_secret
    closed = close_reviews(session, row, field, who, now)
    if not (changed or closed):
        return
    if changed:
        session.add(
            CorrectionRow(
                letter_id=row.id,
                field=field,
                old=old,
                new=get_field(row, field),
                who=who,
                at=now,
                reason=reason,
                revision=row.revision + 1,
            )
        )
    action = "corrected" if changed else "confirmed"
    note_change(session, row, action, who=who, now=now, details={"field": field})


def refuse_lowering(viewer: Viewer, row: LetterRow, field: str, value: str) -> None:
    """Only the registrar of secret letters says that a hidden letter is not secret after all."""
    hidden = row.is_secret or row.suspected_secret
    if field == SECRECY_FIELD and hidden and not viewer.is_registrar:
        raise CorrectionRefusedError(
            field, f"only the registrar of secret letters may set it to {value or 'none'!r} here"
        )


def close_reviews(session: Session, row: LetterRow, field: str, who: str, now: datetime) -> int:
    """End the field's open doubts; return how many there were."""
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


def get_field(row: LetterRow, field: str) -> str:
    """Return a field as `put_field` takes it: a date as ISO 8601, empty for absent."""
    value = getattr(row, _COLUMNS.get(field, field))
    return value.isoformat() if isinstance(value, date) else str(value or "")


def put_field(row: LetterRow, field: str, value: str) -> None:
    """Write a field without any trace; raises CorrectionRefusedError when it cannot hold the value."""
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


def put_copies(session: Session, row: LetterRow, groups: Iterable[str]) -> None:
    """Write which groups get a copy, without any trace; the one that leads has the letter itself."""
    wanted = set(groups) - {row.group_code}
    held = {
        copy.group_code: copy
        for copy in session.scalars(select(CopyRow).where(CopyRow.letter_id == row.id))
    }
    for group in held.keys() - wanted:
        session.delete(held[group])
    for group in wanted - held.keys():
        session.add(CopyRow(letter_id=row.id, group_code=group))


def drop_copy(session: Session, row: LetterRow) -> None:
    """Take the copy away from the group that leads now: it has the letter itself."""
    copy = session.get(CopyRow, (row.id, row.group_code))
    if copy is not None:
        session.delete(copy)


def _short_code(value: str) -> str:
    if not 0 < len(value) <= 32:
        raise ValueError("a code of 1 to 32 letters is needed")
    return value


def _date(value: str) -> date | None:
    day = date.fromisoformat(value) if value else None
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"years are of the common era, {FIRST_YEAR} to {LAST_YEAR}; 2569 is 2026")
    return day


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""The common-era years of letters; what lies beyond is a Buddhist year written as one, or a slip."""

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
