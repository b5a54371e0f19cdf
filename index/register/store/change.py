"""Every change of a filed letter ends here: a new revision, its audit line with the seal, the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from index.errors import LetterDestroyedError
from index.register.store import outbox
from index.register.store.audit import append_entry
from index.register.store.desk_tables import PartRow
from index.register.store.import_tables import SameLetterRow
from index.register.store.seal import seal_letter
from index.register.store.tables import ContentRow, LetterRow, ReviewRow
from index.registered_letter import RegisterNumber
from index.visibility import SECRECY_FIELD

DOUBT_OF_LIKE = (
    "อาจเป็นฉบับเดียวกับหนังสือที่เป็นลับ โปรดตรวจชั้นความลับ",
    "it may be the same letter as one that turned secret",
)


def note_change(
    session: Session,
    row: LetterRow,
    action: str,
    *,
    who: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    """Finish a change inside the caller's writing transaction; `row` has its new values already.

    `details` name fields and groups, never contents of the letter. Raises LetterDestroyedError for a
    letter that was destroyed before: its tombstone does not change, it can only be hidden.
    """
    number = RegisterNumber(row.running or 0, row.buddhist_year or 0)
    if row.erased_on is not None and action not in ("destroyed", "hidden"):
        raise LetterDestroyedError(str(number), row.erased_on)
    row.revision += 1
    outbox.enqueue(session, row)
    # The seal is over what the database keeps, which may be a little less than what it was given.
    session.flush()
    session.refresh(row)
    content = session.get_one(ContentRow, row.id, populate_existing=True)
    append_entry(
        session,
        row.office_id,
        at=now,
        who=who,
        action=action,
        letter_id=row.id,
        details={
            "number": str(number),
            "revision": row.revision,
            "seal": seal_letter(row, content),
            **(details or {}),
        },
    )
    if row.is_secret:
        _hide_alike(session, row, who, now)


def alike_pair(letter_id: int) -> ColumnElement[bool]:
    """Return the condition on `letters` and `same_letters` for what is, or may be, the same letter as this."""
    return and_(
        SameLetterRow.state.in_(("held", "joined", "offered")),
        or_(
            and_(SameLetterRow.first_id == letter_id, SameLetterRow.second_id == LetterRow.id),
            and_(SameLetterRow.second_id == letter_id, SameLetterRow.first_id == LetterRow.id),
        ),
    )


def _hide_alike(session: Session, row: LetterRow, who: str, now: datetime) -> None:
    """Let what says the same as a letter that turned secret be hidden with it.

    Its further copies, and what was joined to it, turn secret too; what nobody has called the same yet
    may be, and waits for the registrar's look. Only she takes that back, for each of them by itself.
    Their files are for the caller to move (`pipeline.hiding`).
    """
    parts = and_(PartRow.office_id == LetterRow.office_id, PartRow.sha256 == LetterRow.sha256)
    joined = session.scalars(
        select(LetterRow)
        .join(PartRow, parts)
        .where(
            PartRow.source_id == row.id,
            PartRow.relation == "joined",
            LetterRow.is_secret.is_(False),
            LetterRow.erased_on.is_(None),
        )
    ).all()
    for other in joined:  # its pages are shown as this letter's
        other.is_secret = True
        note_change(session, other, "hidden", who=who, now=now)
    found = session.execute(
        select(LetterRow, SameLetterRow)
        .join(SameLetterRow, alike_pair(row.id))
        .where(LetterRow.is_secret.is_(False))
    ).all()
    for other, pair in found:
        if pair.first_id == row.id and pair.state != "offered":
            other.is_secret = True
        elif other.suspected_secret or other.erased_on is not None:
            continue
        else:
            other.suspected_secret = True
            other.review_count += 1
            thai, english = DOUBT_OF_LIKE
            session.add(
                ReviewRow(
                    letter_id=other.id,
                    field=SECRECY_FIELD,
                    code="like_a_secret_one",
                    thai=thai,
                    english=english,
                )
            )
        if other.running is not None:
            note_change(session, other, "hidden", who=who, now=now)
        else:
            append_entry(
                session, other.office_id, at=now, who=who, action="hidden", letter_id=other.id
            )
