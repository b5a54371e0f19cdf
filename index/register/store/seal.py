"""The seal: a hash over a letter's fields, kept in the audit line of every change.

The audit chain alone proves that nobody changed the trail; with the seal it also proves that nobody
changed a letter behind the desk's back. The text of the pages and the scan's hash are in it, so that a
seal cannot be turned back into a secret subject by guessing.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.register.store.codec import dump_json
from index.register.store.tables import AuditRow, ContentRow, LetterRow

_SEALED = (
    "sha256",
    "searchable_sha256",
    "book",
    "buddhist_year",
    "running",
    "revision",
    "cancelled",
    "is_secret",
    "suspected_secret",
    "number",
    "date",
    "sender",
    "recipient",
    "subject",
    "kind",
    "urgency",
    "secrecy",
    "group_code",
    "retention_class",
)


def seal_letter(row: LetterRow, content: ContentRow) -> str:
    """Return the SHA-256 over the letter as it stands in the register, its text and evidence."""
    fields: list[Any] = [getattr(row, name) for name in _SEALED]
    line = dump_json([*map(str, fields), content.text, content.letter, content.decision])
    return hashlib.sha256(line.encode()).hexdigest()


def find_broken_seals(session: Session, office_id: int) -> list[str]:
    """Compare every filed letter with the last seal in the trail; return what differs, in English."""
    last: dict[int, str] = {}
    trail = session.execute(
        select(AuditRow.letter_id, AuditRow.details)
        .where(AuditRow.office_id == office_id, AuditRow.letter_id.is_not(None))
        .order_by(AuditRow.sequence)
        .execution_options(yield_per=1000)
    )
    for letter_id, details in trail:
        if letter_id is not None and "seal" in details:
            last[letter_id] = details["seal"]
    letters = session.execute(
        select(LetterRow, ContentRow)
        .join(ContentRow, ContentRow.letter_id == LetterRow.id)
        .where(LetterRow.office_id == office_id, LetterRow.state == "filed")
        .order_by(LetterRow.id)
        .execution_options(yield_per=200)
    )
    return [
        f"letter {row.id} ({row.running}/{row.buddhist_year}) was changed past the audit trail"
        for row, content in letters
        if last.get(row.id) != seal_letter(row, content)
    ]
