"""Undo: every change at the desk remembers the letter as it stood before; its maker can go back.

Nothing is erased: an undo is a change of its own, with a new revision and audit line. Only the newest
change can be taken back, then the one before it; a change by anybody else in between ends that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.errors import UndoRefusedError
from index.register.letters.fields import (
    CORRECTABLE,
    get_field,
    put_copies,
    put_field,
    refuse_lowering,
)
from index.register.letters.filing import open_review_fields
from index.register.store.change import note_change
from index.register.store.desk_tables import ChangeRow, DeadlineRow
from index.register.store.tables import AuditRow, CopyRow, CorrectionRow, LetterRow, ReviewRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisterNumber
from index.retention import closing
from index.visibility import SECRECY_FIELD, Viewer

UNDO = "undo"  # the action of a taken back change; the audit trail calls it "undone"
WITHOUT_UNDO = ("split", "joined", "join_undone", "told_apart", "retried")
"""What people do to letters elsewhere; the desk's last change is not the last thing they did then."""
UNDO_REASON = "ยกเลิกการแก้ไขครั้งก่อน"


@dataclass(frozen=True, slots=True)
class LastChange:
    """What somebody did last at the desk, and to which letter; `group` has it now.

    `revision` is the letter's after the change: only this very change is taken back by it. `together` are
    number and revision of all letters that this was done to at one stroke, this one among them.
    """

    number: RegisterNumber
    action: str
    at: datetime
    revision: int
    group: str
    together: tuple[tuple[RegisterNumber, int], ...]


def find_last_change(
    session: Session, office_id: int, viewer: Viewer, since: datetime
) -> LastChange | None:
    """Return what the viewer did last since a moment, if that can still be taken back.

    Never an earlier change: when the last one is of a letter that she no longer sees, or was of another
    kind, there is nothing to offer.
    """
    own = (
        select(ChangeRow, LetterRow, fully_visible(viewer))
        .join(LetterRow, LetterRow.id == ChangeRow.letter_id)
        .where(ChangeRow.who == viewer.name, LetterRow.office_id == office_id)
        .order_by(ChangeRow.at.desc(), ChangeRow.revision.desc())
    )
    newest = session.execute(own.where(ChangeRow.at >= since).limit(1)).first()
    if newest is None:
        return None
    change, row, is_visible = newest
    if not is_visible or change.action == UNDO or change.revision != row.revision:
        return None
    if _did_something_else(session, office_id, viewer.name, change.at):
        return None
    same = own.where(ChangeRow.at == change.at, ChangeRow.action == change.action)
    together = tuple(
        (_number_of(letter), one.revision)
        for one, letter, sees in session.execute(same)
        if sees and one.revision == letter.revision
    )
    return LastChange(
        _number_of(row), change.action, change.at, change.revision, row.group_code, together
    )


def _number_of(row: LetterRow) -> RegisterNumber:
    return RegisterNumber(row.running or 0, row.buddhist_year or 0)


def _did_something_else(session: Session, office_id: int, who: str, since: datetime) -> bool:
    later = select(AuditRow.sequence).where(
        AuditRow.office_id == office_id,
        AuditRow.who == who,
        AuditRow.at > since,
        AuditRow.action.in_(WITHOUT_UNDO),
    )
    return session.scalar(later.limit(1)) is not None


@contextmanager
def journal(
    session: Session, row: LetterRow, action: str, who: str, now: datetime
) -> Iterator[None]:
    """Remember what the letter was before the changes made inside, if there are any."""
    since, before = row.revision, _picture(session, row)
    yield
    session.flush()
    if row.revision != since:
        session.add(
            ChangeRow(
                letter_id=row.id,
                revision=row.revision,
                since=since,
                action=action,
                before=before,
                who=who,
                at=now,
            )
        )


def undo_last(
    session: Session, row: LetterRow, viewer: Viewer, now: datetime, revision: int | None = None
) -> str:
    """Restore the letter as it stood before the viewer's last change; return what that change was.

    With a `revision` (`LastChange.revision`) only that change. Raises UndoRefusedError when she made none,
    or somebody changed the letter since.
    """
    if revision is not None and row.revision != revision:
        raise UndoRefusedError(row.id, changed_since=True)
    change = _last_standing(session, row)
    if change is None or change.who != viewer.name:
        made_one = session.scalar(
            select(ChangeRow.revision)
            .where(ChangeRow.letter_id == row.id, ChangeRow.who == viewer.name)
            .where(ChangeRow.action != UNDO)
            .limit(1)
        )
        raise UndoRefusedError(row.id, changed_since=made_one is not None)
    if change.before["is_secret"] != row.is_secret:
        refuse_lowering(viewer, row, SECRECY_FIELD, change.before["fields"][SECRECY_FIELD])
    before = _picture(session, row)
    _restore(session, row, change.before, viewer.name, now)
    note_change(session, row, "undone", who=viewer.name, now=now, details={"undone": change.action})
    session.add(
        ChangeRow(
            letter_id=row.id,
            revision=row.revision,
            since=change.since,
            action=UNDO,
            before=before,
            who=viewer.name,
            at=now,
        )
    )
    return change.action


def _last_standing(session: Session, row: LetterRow) -> ChangeRow | None:
    """Return the change that made the letter what it is, looking through what was undone."""
    change = session.get(ChangeRow, (row.id, row.revision))
    while change is not None and change.action == UNDO:
        change = session.get(ChangeRow, (row.id, change.since))
    return change


def _picture(session: Session, row: LetterRow) -> dict[str, Any]:
    """Return everything of a letter that the desk can change, as plain JSON values."""
    copies = session.scalars(select(CopyRow.group_code).where(CopyRow.letter_id == row.id))
    doubts = session.scalars(
        select(ReviewRow.id).where(ReviewRow.letter_id == row.id, ReviewRow.closed_at.is_(None))
    )
    finished = closing.finished_on(session, row.id)
    return {
        "fields": {field: get_field(row, field) for field in CORRECTABLE},
        "copies": sorted(copies),
        "step": row.step,
        "is_secret": row.is_secret,
        "doubts": sorted(doubts),
        "deadline": _deadline(session, row),
        "finished_on": finished.isoformat() if finished else None,
    }


def _deadline(session: Session, row: LetterRow) -> dict[str, str] | None:
    due = session.get(DeadlineRow, row.id)
    if due is None:
        return None
    facts = {"due_on": due.due_on.isoformat(), "note": due.note}
    return {**facts, "who": due.who, "at": due.at.isoformat()}


def _restore_deadline(session: Session, row: LetterRow, before: dict[str, str] | None) -> None:
    if before == _deadline(session, row):
        return
    now_there = session.get(DeadlineRow, row.id)
    if now_there is not None:
        session.delete(now_there)
        session.flush()
    if before is not None:
        session.add(
            DeadlineRow(
                letter_id=row.id,
                due_on=date.fromisoformat(before["due_on"]),
                note=before["note"],
                who=before["who"],
                at=datetime.fromisoformat(before["at"]),
            )
        )


def _restore(
    session: Session, row: LetterRow, before: dict[str, Any], who: str, now: datetime
) -> None:
    for field, value in before["fields"].items():
        old = get_field(row, field)
        if old == value:
            continue
        put_field(row, field, value)
        # The rules are tested against corrections: what was taken back must not stand as the truth.
        session.add(
            CorrectionRow(
                letter_id=row.id,
                field=field,
                old=old,
                new=value,
                who=who,
                at=now,
                reason=UNDO_REASON,
                revision=row.revision + 1,
            )
        )
    put_copies(session, row, before["copies"])
    if "deadline" in before:  # remembered by later versions only
        _restore_deadline(session, row, before["deadline"])
    if "finished_on" in before:
        was = before["finished_on"]
        closing.restore(session, row, date.fromisoformat(was) if was else None, who=who, now=now)
    row.step, row.is_secret = before["step"], before["is_secret"]
    for doubt in session.scalars(select(ReviewRow).where(ReviewRow.letter_id == row.id)):
        if doubt.id in before["doubts"]:
            doubt.closed_at = doubt.closed_by = None
    session.flush()
    row.review_count = len(before["doubts"])
    row.suspected_secret = SECRECY_FIELD in open_review_fields(session, row.id)
