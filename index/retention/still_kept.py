"""Which letters may still be changed for their keeping: not one that is gone or on its way."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.message import message
from index.retention.destruction_tables import DisposalRow
from index.retention.errors import StepRefusedError
from index.retention.papers import PaperRow, id_of, open_paper
from index.visibility import Viewer


def open_kept(session: Session, office_id: int, viewer: Viewer, letter_id: int) -> PaperRow:
    """Return a paper's row to change how it is kept, lent or held.

    Raises NoSuchRecordError unless the viewer may open it; StepRefusedError when it was destroyed, or
    when its destruction was begun: that is resumed or taken back first (`Destruction.roll_back`).
    """
    row = open_paper(session, office_id, viewer, letter_id)
    if row.erased_on is not None and row.paper_ended_on is not None:
        raise StepRefusedError("ข้อ 68.5", message("ทำลายไปแล้วเมื่อ %(day)s", day=row.erased_on))
    refuse_begun(session, row)
    return row


def refuse_begun(session: Session, row: PaperRow) -> None:
    """Raise StepRefusedError when the letter's destruction was begun: it is not changed behind its back."""
    begun = select(DisposalRow.letter_id).where(
        DisposalRow.letter_id == id_of(row), DisposalRow.state == "intended"
    )
    if session.scalar(begun) is not None:
        raise StepRefusedError(
            "ข้อ 68.5", message("เริ่มทำลายหนังสือนี้แล้ว ต้องทำต่อหรือยกเลิกการเริ่มทำลายก่อน")
        )
