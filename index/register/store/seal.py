"""The seal: a hash over a letter's fields, or over a row beside it, kept in the audit line of every change.

The audit chain alone proves that nobody changed the trail; with the seal it also proves that nobody
changed a letter behind the desk's back. The text of the pages and the scan's hash are in it, so that a
seal cannot be turned back into a secret subject by guessing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from index.register.store.codec import dump_json
from index.register.store.states import in_quarantine
from index.register.store.tables import AuditRow, ContentRow, LetterRow, Table

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

_REASON = ("reason_code", "reason_thai", "reason_english", "reason_detail")
_SEALED_ROWS: dict[str, tuple[str, ...]] = {
    "people": (),
    "tokens": (),
    "grants": (),
    "denials": (),
    "mandates": (),
    "folder_steps": (),
    LetterRow.__tablename__: _REASON,
}
"""The tables whose rows are sealed by themselves, and which of their columns; none named means all."""


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


def seal_rows(session: Session, rows: Iterable[Table]) -> dict[str, list[list[object]]]:
    """Return the seals of rows as they stand now, for the `details` of the audit line of their change.

    Of a letter only the reason is sealed for which it was quarantined. A password is in the row as its
    hash with salt: nothing can be guessed from the seal.
    """
    session.flush()
    sealed: list[list[object]] = []
    for row in rows:
        name, row_id = row.__tablename__, getattr(row, "id")  # noqa: B009 - every one of them has it
        ((_, digest),) = _digests(session, name, Table.metadata.tables[name].c.id == row_id)
        sealed.append([name, row_id, digest])
    return {"rows": sealed}


def find_changed_rows(session: Session, office_id: int) -> list[str]:
    """Compare every sealed row with its last seal in the trail; return what differs, in English.

    Rows that were last changed before they were sealed (version 0.2.0) are not compared.
    """
    last: dict[str, dict[int, str]] = {name: {} for name in _SEALED_ROWS}
    trail = session.scalars(
        select(AuditRow.details)
        .where(AuditRow.office_id == office_id)
        .order_by(AuditRow.sequence)
        .execution_options(yield_per=1000)
    )
    for details in trail:
        for name, row_id, digest in details.get("rows", ()):
            last[name][row_id] = digest
    problems = []
    for name, seals in last.items():
        if not seals:
            continue
        known = dict(_digests(session, name, _may_be_compared(name)))
        for row_id, digest in seals.items():
            if row_id in known and known[row_id] != digest:
                problems.append(f"row {row_id} of {name} was changed past the audit trail")
            elif row_id not in known and name != LetterRow.__tablename__:
                problems.append(f"row {row_id} of {name} was removed past the audit trail")
    return problems


def _may_be_compared(name: str) -> ColumnElement[bool]:
    """Return the condition for rows that stand as they were sealed: a reason only while it is one."""
    if name != LetterRow.__tablename__:
        return true()
    return in_quarantine()


def _digests(
    session: Session, name: str, condition: ColumnElement[bool]
) -> Iterator[tuple[int, str]]:
    table = Table.metadata.tables[name]
    columns = [table.c[one] for one in _SEALED_ROWS[name]] or list(table.c)
    for row in session.execute(select(table.c.id, *columns).where(condition)):
        line = dump_json([str(value) for value in row[1:]])
        yield row[0], hashlib.sha256(line.encode()).hexdigest()
