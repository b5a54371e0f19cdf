"""Papers of the folder as rows: who may see which, and how they are handed out; inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from index.choices import FolderState, Station
from index.register.folder.folder_tables import FolderPaperRow, FolderStepRow
from index.register.folder.papers import FolderStep, Paper
from index.register.folder.seats import Seat
from index.register.letters.letters import assemble_all
from index.register.store.tables import LetterRow
from index.register.store.visible import fully_visible
from index.registered_letter import RegisteredLetter
from index.visibility import Role, Viewer

_ALL_PAPERS = frozenset({Role.SECRETARY})


def letter_allows(
    viewer: Viewer, letter_id: InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Return the condition that what hangs on a letter may be shown: there is none, or it hides nothing.

    What lies in the folder is put before who works with it, so that a letter which is not secret needs no
    further right; one that is, or may be, is for who may open it, and for nobody else.
    """
    hidden = or_(LetterRow.is_secret, LetterRow.suspected_secret)
    return or_(
        letter_id.is_(None),
        exists().where(
            LetterRow.id == letter_id,
            LetterRow.state == "filed",
            or_(~hidden, fully_visible(viewer)),
        ),
    )


def shown(viewer: Viewer, seats: Sequence[Seat]) -> ColumnElement[bool]:
    """Return the condition on `folder_papers` for what this person may see.

    Her own, those of her groups, those that come to one of her seats; the secretary and who keeps the
    register see all. The letter's secrecy is asked besides (`letter_allows`).
    """
    takes_part = [
        FolderPaperRow.made_by == viewer.name,
        FolderPaperRow.group_code.in_(viewer.own_groups),
        true() if viewer.keeps_register or viewer.roles & _ALL_PAPERS else false(),
        *(_of_seat(seat) for seat in seats),
    ]
    return and_(or_(*takes_part), letter_allows(viewer, FolderPaperRow.letter_id))


def waiting_at(viewer: Viewer, seats: Sequence[Seat]) -> ColumnElement[bool]:
    """Return the condition for the papers that this person may sign now: never her own."""
    here = [and_(FolderPaperRow.station == seat.station, _of_seat(seat)) for seat in seats]
    return and_(
        FolderPaperRow.state == FolderState.UNDER_WAY,
        FolderPaperRow.made_by != viewer.name,
        or_(false(), *here),
        letter_allows(viewer, FolderPaperRow.letter_id),
    )


def most_urgent_first() -> ColumnElement[int]:
    """Return what lists are sorted by before their age: the haste of the letter, where there is one."""
    haste = (
        select(LetterRow.haste).where(LetterRow.id == FolderPaperRow.letter_id).scalar_subquery()
    )
    return case((FolderPaperRow.letter_id.is_(None), 3), else_=haste)


def read_papers(
    session: Session, rows: Sequence[FolderPaperRow], *, with_steps: bool = False
) -> tuple[Paper, ...]:
    """Return papers with their letters; the caller has asked whether they may be shown."""
    if not rows:
        return ()
    ids = [row.letter_id for row in rows if row.letter_id is not None]
    found = session.scalars(select(LetterRow).where(LetterRow.id.in_(ids))).all()
    letters = {one.letter_id: one for one in assemble_all(session, found)}
    steps = _steps_of(session, [row.id for row in rows]) if with_steps else {}
    return tuple(
        _paper(row, letters.get(row.letter_id or 0), steps.get(row.id, ())) for row in rows
    )


def _steps_of(session: Session, paper_ids: Iterable[int]) -> dict[int, tuple[FolderStep, ...]]:
    rows = session.scalars(
        select(FolderStepRow)
        .where(FolderStepRow.paper_id.in_(list(paper_ids)))
        .order_by(FolderStepRow.id)
    )
    steps: dict[int, tuple[FolderStep, ...]] = {}
    for row in rows:
        step = FolderStep(row.deed, row.station, row.who, row.acting_for, row.words, row.at)
        steps[row.paper_id] = (*steps.get(row.paper_id, ()), step)
    return steps


def _of_seat(seat: Seat) -> ColumnElement[bool]:
    if seat.groups is None:
        return true()
    return FolderPaperRow.group_code.in_(sorted(seat.groups))


def _paper(
    row: FolderPaperRow, letter: RegisteredLetter | None, steps: tuple[FolderStep, ...]
) -> Paper:
    return Paper(
        paper_id=row.id,
        kind=row.kind,
        group=row.group_code,
        subject=row.subject or (letter.subject if letter else ""),
        body=row.body,
        state=row.state,
        station=Station(row.station),
        last=row.last,
        revision=row.revision,
        made_by=row.made_by,
        made_at=row.made_at,
        letter=letter,
        steps=steps,
    )
