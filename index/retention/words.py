"""Taking the words of a destroyed letter out of every table; what says who decided what stays."""

from __future__ import annotations

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from index.register.folder.folder_tables import FolderPaperRow
from index.register.store.desk_tables import ChangeRow
from index.register.store.import_tables import DeliveryRow, ListedRow, PageHashRow
from index.register.store.sent_tables import SentChangeRow, SentFileRow, SentRow
from index.register.store.tables import ArrivalRow, ContentRow, CorrectionRow, LetterRow, ReviewRow
from index.retention.papers import PaperRow

FREE_TEXT = ("number", "date", "sender", "recipient", "subject")
"""The fields with words of the letter; the others hold codes that are decisions of the office."""


def has_words(session: Session, letter_id: int) -> bool:
    """Tell whether words of a paper's pages stand in the book."""
    if letter_id < 0:
        copies = select(SentFileRow.sha256).where(SentFileRow.sent_id == -letter_id)
        return session.scalar(copies.limit(1)) is not None
    content = session.get(ContentRow, letter_id)
    return content is not None and bool(content.text or content.letter)


def empty_words(session: Session, row: PaperRow) -> None:
    """Empty what the book has of a paper's pages; the fields of its line in the register stay."""
    if isinstance(row, LetterRow):
        _empty_received(session, row)
    else:
        _empty_sent(session, row)


def _empty_sent(session: Session, row: SentRow) -> None:
    """Drop the copies of a sent letter with their text, and what stood in its fields before."""
    session.execute(delete(SentFileRow).where(SentFileRow.sent_id == row.id))
    session.execute(
        update(SentChangeRow)
        .where(SentChangeRow.sent_id == row.id, SentChangeRow.field.in_(FREE_TEXT))
        .values(old="", new="", reason="")
    )


def _empty_received(session: Session, row: LetterRow) -> None:
    """Empty text, evidence, file names and earlier readings of a letter that is being destroyed.

    The fields of the register row stay, and who corrected which field when; not what stood there
    before. Nothing is left that could be undone. Of a copy without a number no field stays.
    """
    row.name, row.work_path, row.review_count = "", "", 0
    row.reason_thai = row.reason_english = row.reason_detail = ""
    if row.running is None:  # a further copy: it stands in no register
        row.number = row.number_as_printed = row.number_key = ""
        row.sender = row.recipient = row.subject = ""
        row.date = None
    content = session.get(ContentRow, row.id)
    if content is not None:
        content.text, content.letter, content.decision = "", {}, {}
    session.execute(
        update(FolderPaperRow).where(FolderPaperRow.letter_id == row.id).values(subject="", body="")
    )
    for table in (ReviewRow, PageHashRow, ChangeRow):
        session.execute(delete(table).where(table.letter_id == row.id))
    session.execute(update(ArrivalRow).where(ArrivalRow.letter_id == row.id).values(name=""))
    session.execute(update(DeliveryRow).where(DeliveryRow.letter_id == row.id).values(problem=""))
    session.execute(
        update(CorrectionRow)
        .where(CorrectionRow.letter_id == row.id, CorrectionRow.field.in_(FREE_TEXT))
        .values(old="", new="", reason="")
    )
    session.execute(
        update(ListedRow)
        .where(and_(ListedRow.office_id == row.office_id, ListedRow.sha256 == row.sha256))
        .values(number="", date=None, sender="", recipient="", subject="", urgency="")
    )
