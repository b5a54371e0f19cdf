"""Papers: what is kept, lent and retired, received letters and sent ones alike, each under one id.

A received letter's paper id is its id in `letters`; a sent letter's, an order's or an announcement's is
its id in `sent` below zero. The two run apart, so that one number says which paper is meant in every
table, step and list of retention, where it is called `letter_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias, TypedDict

from sqlalchemy.orm import Session

from index.choices import BookName, NumberStatus
from index.errors import NoSuchRecordError
from index.register.letters.fields import set_field
from index.register.letters.letters import open_letter
from index.register.sent.sent_rows import sight_of
from index.register.store.audit import append_entry
from index.register.store.number_tables import NumberRow
from index.register.store.sent_tables import SentChangeRow, SentRow
from index.register.store.tables import BANGKOK, CorrectionRow, LetterRow
from index.registered_letter import LetterKey, LetterKind, RegisterNumber
from index.visibility import Sight, Viewer

PaperRow: TypeAlias = LetterRow | SentRow


class Named(TypedDict):
    """How a line of the audit trail names a paper; for `append_entry`."""

    letter_id: int | None
    details: Mapping[str, object]


WORDS: Mapping[BookName, str] = {
    BookName.RECEIVE: "",
    BookName.SEND: "ส่ง",
    BookName.CIRCULAR: "เวียน",
    BookName.ORDER: "คำสั่ง",
    BookName.ANNOUNCEMENT: "ประกาศ",
}
"""What stands before a number in a list of papers from several books; nothing for received letters."""


def paper_id(key: LetterKey) -> int:
    """Return the paper id of a received or a sent letter."""
    return key.id if key.kind is LetterKind.RECEIVED else -key.id


def key_of(letter_id: int) -> LetterKey:
    """Return which letter a paper id means."""
    return LetterKey.received(letter_id) if letter_id > 0 else LetterKey.sent(-letter_id)


def id_of(row: PaperRow) -> int:
    """Return the paper id of a row."""
    return row.id if isinstance(row, LetterRow) else -row.id


def label(book: BookName, number: RegisterNumber) -> str:
    """Name a paper by its number and, where it was not received, its book: `12/2569`, `คำสั่ง 12/2569`."""
    return f"{WORDS[book]} {number}".strip()


def label_of(row: PaperRow) -> str:
    """Name a row's paper, as `label`; empty for a letter without a number."""
    if row.running is None or row.buddhist_year is None:
        return ""
    return label(row.book or BookName.RECEIVE, RegisterNumber(row.running, row.buddhist_year))


def came_on(row: PaperRow) -> date:
    """Return the day a paper was received, or registered to be sent."""
    came = row.received_at if isinstance(row, LetterRow) else row.registered_at
    return came.astimezone(BANGKOK).date()


def get_paper(session: Session, letter_id: int) -> PaperRow:
    """Return the row of a paper that is known to be there."""
    if letter_id > 0:
        return session.get_one(LetterRow, letter_id)
    return session.get_one(SentRow, -letter_id)


def open_paper(session: Session, office_id: int, viewer: Viewer, letter_id: int) -> PaperRow:
    """Return a paper's row; NoSuchRecordError unless the viewer may open it."""
    if letter_id > 0:
        return open_letter(session, office_id, viewer, letter_id)
    row = session.get(SentRow, -letter_id)
    if row is None or row.office_id != office_id or sight_of(viewer, row) is not Sight.FULL:
        raise NoSuchRecordError(f"sent letter {-letter_id}")
    return row


def is_cancelled(session: Session, row: PaperRow) -> bool:
    """Tell whether the number of a paper was cancelled."""
    if isinstance(row, LetterRow):
        return row.cancelled
    number = session.get(NumberRow, (row.office_id, row.book, row.buddhist_year, row.running))
    return number is not None and number.status == NumberStatus.CANCELLED


def trail(letter_id: int | None, details: Mapping[str, object]) -> Named:
    """Return how a paper is named in a line of the audit trail: by its column, or among the details."""
    if letter_id is None or letter_id > 0:
        return {"letter_id": letter_id, "details": details}
    return {"letter_id": None, "details": {**details, "sent_id": -letter_id}}


def trailed(letter_id: int | None, details: Mapping[str, object]) -> int | None:
    """Return the paper id that `trail` wrote; None for a line about no paper."""
    sent_id = details.get("sent_id")
    return -sent_id if letter_id is None and isinstance(sent_id, int) else letter_id


def note_paper(
    session: Session,
    row: PaperRow,
    action: str,
    *,
    who: str,
    now: datetime,
    details: Mapping[str, object],
) -> None:
    """Add the audit line of what was done with a paper."""
    named = trail(id_of(row), details)
    append_entry(session, row.office_id, at=now, who=who, action=action, **named)


def set_class(
    session: Session, row: PaperRow, code: str, *, who: str, now: datetime, reason: str
) -> None:
    """Give a paper another retention class, with the old one, who and why among its corrections."""
    if isinstance(row, LetterRow):
        set_field(session, row, "retention_class", code, who=who, now=now, reason=reason)
        return
    before, row.retention_class = row.retention_class, code
    row.revision += 1
    keep_change(session, row, "retention_class", before, code, who=who, now=now, reason=reason)


def keep_change(
    session: Session,
    row: PaperRow,
    field: str,
    old: str,
    new: str,
    *,
    who: str,
    now: datetime,
    reason: str,
) -> None:
    """Keep old and new words of a paper with who changed them and why, among its corrections."""
    words = {"field": field, "old": old, "new": new, "who": who, "at": now, "reason": reason}
    if isinstance(row, LetterRow):
        session.add(CorrectionRow(letter_id=row.id, revision=row.revision, **words))
    else:
        session.add(SentChangeRow(sent_id=row.id, **words))
