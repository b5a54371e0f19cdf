"""Letters whose group a person set: what changed rules are tried on before they are used."""

from __future__ import annotations

from sqlalchemy import or_, select

from index.register.letters.filing import read_letter
from index.register.store.database import Database
from index.register.store.tables import CorrectionRow, LetterRow, MovementRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisteredLetter
from index.visibility import Viewer

_ROUTING_STEPS = ("routed", "returned")


def routed_by_hand(
    database: Database, viewer: Viewer, *, limit: int = 10_000
) -> tuple[RegisteredLetter, ...]:
    """Return the newest letters whose group a person corrected or routed, with their text.

    Only what the viewer may open: a secret letter's words do not come out with the rules.
    """
    corrected = select(CorrectionRow.letter_id).where(CorrectionRow.field == "group")
    moved = select(MovementRow.letter_id).where(MovementRow.step.in_(_ROUTING_STEPS))
    with database.reading() as session:
        rows = session.scalars(
            select(LetterRow)
            .where(
                LetterRow.office_id == database.office_id,
                fully_visible(viewer),
                or_(LetterRow.id.in_(corrected), LetterRow.id.in_(moved)),
            )
            .order_by(LetterRow.id.desc())
            .limit(limit)
        )
        return tuple(read_letter(session, row) for row in rows)
