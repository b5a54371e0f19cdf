"""Every change of a filed letter ends here: a new revision, its audit line with the seal, the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.errors import LetterDestroyedError
from index.register.store import outbox
from index.register.store.audit import append_entry
from index.register.store.import_tables import SameLetterRow
from index.register.store.seal import seal_letter
from index.register.store.tables import ContentRow, LetterRow
from index.registered_letter import RegisterNumber


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
        _hide_copies(session, row, who, now)


def _hide_copies(session: Session, row: LetterRow, who: str, now: datetime) -> None:
    """Let the further copies of a letter that turned secret turn with it: they say the same.

    Only the registrar takes that back, for each of them by itself. Their files are for the caller to
    move (`pipeline.hiding`).
    """
    copies = session.scalars(
        select(LetterRow)
        .join(SameLetterRow, SameLetterRow.second_id == LetterRow.id)
        .where(
            SameLetterRow.first_id == row.id,
            SameLetterRow.state.in_(("held", "joined")),
            LetterRow.is_secret.is_(False),
        )
    ).all()
    for copy in copies:
        copy.is_secret = True
        if copy.running is not None:
            note_change(session, copy, "hidden", who=who, now=now)
        else:
            append_entry(
                session, copy.office_id, at=now, who=who, action="hidden", letter_id=copy.id
            )
