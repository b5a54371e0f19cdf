"""Why a letter that waits at the registry came back: which group sent it, who, when, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from index.register.store.tables import LetterRow, MovementRow
from index.register.store.visible import fully_visible
from index.visibility import Viewer

RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class CameBack:
    """A letter that was sent back and that nobody has handed on since; `who` is a log-in name."""

    group: str
    note: str
    who: str
    at: datetime


def came_back(
    session: Session, office_id: int, viewer: Viewer, letter_ids: Iterable[int]
) -> Mapping[int, CameBack]:
    """Return the newest return of each letter that stands sent back, of those the viewer may open."""
    moves = session.scalars(
        select(MovementRow)
        .join(LetterRow, LetterRow.id == MovementRow.letter_id)
        .where(MovementRow.letter_id.in_(tuple(letter_ids)), LetterRow.step == RETURNED)
        .where(LetterRow.office_id == office_id, fully_visible(viewer))
        .order_by(MovementRow.id)
    )
    found: dict[int, CameBack] = {}
    held: dict[int, str] = {}  # the group that had the letter before it came back
    for move in moves:
        if move.step == RETURNED:
            group = held.get(move.letter_id, move.group_code)
            found[move.letter_id] = CameBack(group, move.note, move.who, move.at)
        else:
            held[move.letter_id] = move.group_code
    return found
