"""Entering a letter in the book, and reading one back; both inside the caller's transaction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from classify.letter import Decision, Found, Letter, Secrecy, Urgency
from index.choices import BookName, JobState
from index.register.numbers.numbers import draw_number, use_reserved
from index.register.numbers.reservations import reserved_for
from index.register.store.change import note_change
from index.register.store.codec import pack_decision, pack_letter, unpack_decision, unpack_letter
from index.register.store.database import ROWS_READ
from index.register.store.tables import ContentRow, CopyRow, LetterRow, ReviewRow
from index.registered_letter import RegisteredLetter, RegisterNumber
from index.visibility import SECRECY_FIELD

T = TypeVar("T")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True, slots=True)
class Filing:
    """Everything about a read letter that goes into the book.

    `text` is all pages' text; `searchable_sha256` names the searchable PDF in the archive (None when
    there is none). `page_hash` is the perceptual hash of the first page; `hold_back` asks that a letter
    which is in the book already be given no second number (`index.register.received.same_letters`).
    """

    letter: Letter
    decision: Decision
    text: str
    page_count: int
    searchable_sha256: str | None
    page_hash: str = ""
    hold_back: bool = False


def fold_number(number: str) -> str:
    """Return the key that letter numbers are compared by: `ศธ ๐๔๐๐๑/ว. ๑๒` → `ศธ04001/ว12`."""
    folded = unicodedata.normalize("NFC", number).translate(_THAI_DIGITS)
    return re.sub(r"\s+", "", folded).replace("ว.", "ว")


def file_letter(
    session: Session, row: LetterRow, filing: Filing, *, who: str, now: datetime
) -> None:
    """Fill in the letter's row, give it its number and note it for audit and index."""
    letter, decision = filing.letter, filing.decision
    fill_fields(row, letter, decision)
    row.page_count = filing.page_count
    row.searchable_sha256 = filing.searchable_sha256
    row.is_secret = row.secret_door or letter.is_secret
    # The decision takes the letter's doubts over; one it should forget is asked all the same.
    review = tuple(dict.fromkeys((*decision.review, *letter.doubts)))
    row.suspected_secret = any(reason.field == SECRECY_FIELD for reason in review)
    row.review_count = len(review)
    session.merge(
        ContentRow(
            letter_id=row.id,
            text=filing.text,
            letter=pack_letter(letter),
            decision=pack_decision(decision),
        )
    )
    for group in sorted({*decision.copies} - {row.group_code}):  # who leads has the letter itself
        session.add(CopyRow(letter_id=row.id, group_code=group))
    for reason in review:
        session.add(
            ReviewRow(
                letter_id=row.id,
                field=reason.field,
                code=reason.code,
                thai=reason.thai,
                english=reason.english,
            )
        )
    reserved = reserved_for(session, row.office_id, row.sha256)
    _give_number(session, row, reserved, who=who, now=now)
    row.state, row.filed_at = JobState.FILED, now
    note_change(
        session,
        row,
        "filed",
        who=who,
        now=now,
        details={
            "sha256": row.sha256,
            "searchable_sha256": filing.searchable_sha256,
            "review": [[reason.field, reason.code] for reason in review],
        },
    )


def _give_number(
    session: Session, row: LetterRow, reserved: RegisterNumber | None, *, who: str, now: datetime
) -> None:
    if reserved is None:
        number = draw_number(session, row.office_id, BookName.RECEIVE, now, who, letter_id=row.id)
    else:
        number = reserved
        use_reserved(session, row.office_id, BookName.RECEIVE, number, now, letter_id=row.id)
    row.book, row.running = BookName.RECEIVE, number.running
    row.buddhist_year = number.buddhist_year


def fill_fields(row: LetterRow, letter: Letter, decision: Decision) -> None:
    """Set the row's fields to what was found and decided."""
    row.number = _text(letter.number)
    row.number_as_printed = letter.number.as_printed if letter.number else ""
    row.number_key = fold_number(row.number)
    row.date = letter.date.value if letter.date else None
    row.sender = _text(letter.sender)
    row.recipient = _text(letter.recipient)
    row.subject = _text(letter.subject)
    row.kind = letter.kind.value
    row.urgency = letter.urgency.value if letter.urgency else Urgency.NONE
    row.secrecy = letter.secrecy.value if letter.secrecy else Secrecy.NONE
    row.group_code = decision.group
    row.retention_class = decision.retention_class


def _text(found: Found[str] | None) -> str:
    return found.value if found else ""


def read_letter(session: Session, row: LetterRow) -> RegisteredLetter:
    """Turn a filed letter's rows into the type that keeping hands on, evidence and text included."""
    return _read(session, row, session.get_one(ContentRow, row.id))


def read_row(session: Session, row: LetterRow) -> RegisteredLetter:
    """Turn a filed letter's row into a line of a list: all that `may_see` asks, and little to read.

    Read once in one look at the book (`Database.one_look`), where nothing changes.
    """
    known: dict[int, RegisteredLetter] | None = session.info.get(ROWS_READ)
    if known is None:
        return _read(session, row, None)
    if row.id not in known:
        known[row.id] = _read(session, row, None)
    return known[row.id]


def _read(session: Session, row: LetterRow, content: ContentRow | None) -> RegisteredLetter:
    copies = (
        select(CopyRow.group_code).where(CopyRow.letter_id == row.id).order_by(CopyRow.group_code)
    )
    return assemble(
        row,
        copies=tuple(session.scalars(copies)),
        review=open_review_fields(session, row.id),
        content=content,
    )


def open_review_fields(session: Session, letter_id: int) -> tuple[str, ...]:
    """Return the fields with an open review reason, each once, in the order they came up."""
    fields = session.scalars(
        select(ReviewRow.field)
        .where(ReviewRow.letter_id == letter_id, ReviewRow.closed_at.is_(None))
        .order_by(ReviewRow.id)
    )
    return tuple(dict.fromkeys(fields))


def assemble(
    row: LetterRow,
    *,
    copies: tuple[str, ...],
    review: tuple[str, ...],
    content: ContentRow | None,
) -> RegisteredLetter:
    """Put a registered letter together; without `content` it is a row of a list."""
    if row.running is None or row.buddhist_year is None:
        raise ValueError(f"letter {row.id} is {row.state}, not in the book")
    return RegisteredLetter(
        letter_id=row.id,
        register_number=RegisterNumber(row.running, row.buddhist_year),
        revision=row.revision,
        received_at=row.received_at,
        number=row.number,
        date=row.date,
        sender=row.sender,
        recipient=row.recipient,
        subject=row.subject,
        kind=row.kind,
        urgency=row.urgency,
        secrecy=row.secrecy,
        group=row.group_code,
        retention_class=row.retention_class,
        text=content.text if content else "",
        sha256=row.sha256,
        is_secret=row.is_secret,
        review=review,
        letter=unpack_letter(content.letter) if content and content.letter else None,
        decision=unpack_decision(content.decision) if content and content.decision else None,
        copies=copies,
        cancelled=row.cancelled,
        step=row.step,
        erased_on=row.erased_on,
        paper_ended_on=row.paper_ended_on,
    )
