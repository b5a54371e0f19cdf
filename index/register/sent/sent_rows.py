"""The rows of a sent letter: made, found, and handed out; inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from index.choices import BookName, CopyState
from index.errors import NoSuchRecordError
from index.register.sent.sent_letter import SentDraft, SentFile
from index.register.store.sent_tables import SentFileRow, SentRecipientRow, SentRow
from index.registered_letter import RegisterNumber
from index.visibility import Sight, Viewer, sent_sight


def make_row(office_id: int, book: BookName, number: RegisterNumber, draft: SentDraft) -> SentRow:
    """Return the row of a new entry; its number and who entered it are still to be filled in."""
    return SentRow(
        office_id=office_id,
        book=book,
        buddhist_year=number.buddhist_year,
        running=number.running,
        revision=0,
        date=draft.date,
        subject=" ".join(draft.subject.split()),
        recipient=" ".join(draft.recipient.split()),
        group_code=draft.group,
        retention_class=draft.retention_class,
        urgency=draft.urgency,
        secrecy=draft.secrecy,
        note=" ".join(draft.note.split()),
        answers_id=draft.answers,
    )


def add_rows(session: Session, sent_id: int, last: int, names: Iterable[str], way: str) -> int:
    """Add addressees past position `last`; return how many, empty and repeated ones left out."""
    cleaned = dict.fromkeys(" ".join(name.split()) for name in names)
    cleaned.pop("", None)
    for position, name in enumerate(cleaned, start=last + 1):
        session.add(SentRecipientRow(sent_id=sent_id, position=position, name=name, way=way))
    return len(cleaned)


def under(office_id: int, book: BookName, number: RegisterNumber) -> Select[SentRow]:
    """Return the query for the letter that has a number."""
    return select(SentRow).where(
        SentRow.office_id == office_id,
        SentRow.book == book,
        SentRow.buddhist_year == number.buddhist_year,
        SentRow.running == number.running,
    )


def recipient_rows(session: Session, sent_id: int) -> list[SentRecipientRow]:
    """Return the addressees in order."""
    return list(
        session.scalars(
            select(SentRecipientRow)
            .where(SentRecipientRow.sent_id == sent_id)
            .order_by(SentRecipientRow.position)
        )
    )


def chosen_rows(session: Session, sent_id: int, positions: Iterable[int]) -> list[SentRecipientRow]:
    """Return the addressees at these positions; NoSuchRecordError unless each is there."""
    wanted = set(positions)
    chosen = [one for one in recipient_rows(session, sent_id) if one.position in wanted]
    if len(chosen) != len(wanted) or not wanted:
        raise NoSuchRecordError(f"an addressee of sent letter {sent_id}")
    return chosen


def files_of(sent_id: int) -> Select[SentFileRow]:
    """Return the query for a letter's files, oldest first."""
    return (
        select(SentFileRow)
        .where(SentFileRow.sent_id == sent_id)
        .order_by(SentFileRow.attached_at, SentFileRow.sha256)
    )


def make_file(row: SentFileRow, sent: SentRow) -> SentFile:
    """Return a file as it is handed out."""
    return SentFile(
        sent_id=row.sent_id,
        sha256=row.sha256,
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        attached_at=row.attached_at,
        attached_by=row.attached_by,
        is_secret=is_hidden(sent),
        state=CopyState(row.state),
        searchable_sha256=row.searchable_sha256,
        page_count=row.page_count,
        reason=row.reason_thai,
    )


def sight_of(viewer: Viewer, sent: SentRow) -> Sight:
    """Tell how much of a sent letter the viewer is shown."""
    return sent_sight(
        viewer,
        is_secret=is_hidden(sent),
        group=sent.group_code,
        is_granted=-sent.id in viewer.granted,
    )


def is_hidden(sent: SentRow) -> bool:
    """Tell whether a letter is secret, or may be by what was read on a copy."""
    return sent.secrecy != "" or sent.suspected_secret
