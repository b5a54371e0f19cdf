"""Taking the words of a destroyed letter out of every table; what says who decided what stays."""

from __future__ import annotations

from sqlalchemy import and_, delete, update
from sqlalchemy.orm import Session

from index.register.folder.folder_tables import FolderPaperRow
from index.register.store.desk_tables import ChangeRow
from index.register.store.import_tables import DeliveryRow, ListedRow, PageHashRow
from index.register.store.tables import ArrivalRow, ContentRow, CorrectionRow, LetterRow, ReviewRow

FREE_TEXT = ("number", "date", "sender", "recipient", "subject")
"""The fields with words of the letter; the others hold codes that are decisions of the office."""


def empty_words(session: Session, row: LetterRow) -> None:
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
