"""How many files stand where: what is on its way, in the book, in doubt, or set aside."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from index.choices import JobState
from index.register.store.tables import ArrivalRow, AuditRow, LetterRow
from index.register.store.visible import fully_visible
from index.visibility import Viewer

SAME_LETTER = "same-letter"
"""The reason code under which the book keeps `JobState.HELD`; nobody but this file tells the two apart."""

QUARANTINED, RETRIED, DISMISSED, REINSTATED = "quarantined", "retried", "dismissed", "reinstated"
"""What the trail says of a file that was set aside; the last of them tells whether somebody is done with it."""


@dataclass(frozen=True, slots=True)
class StateCounts:
    """How many files stand where, as this viewer may know.

    `received` counts arrivals, duplicates included; `quarantined` the files set aside that wait for
    somebody, `dismissed` those that somebody is done with and that are kept; `review` the letters with
    an open doubt that this viewer may open; `secret` the filed letters that are or may be secret and
    that she may open, and `secret_in_doubt` those among them that wait for the registrar's word. Who
    does not keep the register counts the letters she may open, and no files.
    """

    received: int
    filed: int
    waiting: int
    working: int
    quarantined: int
    dismissed: int
    duplicates: int
    review: int
    secret: int
    secret_in_doubt: int

    @property
    def add_up(self) -> bool:
        """Tell whether every file that was dropped in is accounted for."""
        set_aside = self.quarantined + self.dismissed
        settled = self.filed + self.waiting + self.working + set_aside + self.duplicates
        return self.received == settled

    @property
    def sentence(self) -> str:
        """Say where all files that were dropped in are, as a sum, in English."""
        return (
            f"{self.received} dropped = {self.filed} filed + {self.waiting} waiting + "
            f"{self.working} working + {self.quarantined} quarantined + "
            f"{self.dismissed} dismissed + {self.duplicates} duplicates"
        )


def count_states(session: Session, office_id: int, viewer: Viewer) -> StateCounts:
    """Count files by where they stand."""
    office = LetterRow.office_id == office_id
    hidden = and_(or_(LetterRow.is_secret, LetterRow.suspected_secret), fully_visible(viewer))
    in_doubt = select(func.count(LetterRow.id)).where(office, LetterRow.review_count > 0)
    own = {
        "review": session.scalar(in_doubt.where(fully_visible(viewer))) or 0,
        "secret": session.scalar(select(func.count(LetterRow.id)).where(office, hidden)) or 0,
        "secret_in_doubt": session.scalar(
            select(func.count(LetterRow.id)).where(office, hidden, LetterRow.suspected_secret)
        )
        or 0,
    }
    if not viewer.keeps_register:
        opened = select(func.count(LetterRow.id)).where(office, fully_visible(viewer))
        filed = session.scalar(opened) or 0
        return StateCounts(filed, filed, 0, 0, 0, 0, 0, **own)
    states = dict(
        session.execute(
            select(LetterRow.state, func.count()).where(office).group_by(LetterRow.state)
        ).all()
    )
    outcomes = dict(
        session.execute(
            select(ArrivalRow.outcome, func.count())
            .where(ArrivalRow.office_id == office_id)
            .group_by(ArrivalRow.outcome)
        ).all()
    )
    copies = select(func.count(LetterRow.id)).where(office, held_back())
    copies_held = session.scalar(copies) or 0
    set_aside = states.get(JobState.QUARANTINED, 0) - copies_held
    over = 0  # most days nothing was set aside, and nothing is asked
    if set_aside:
        over = session.scalar(select(func.count(LetterRow.id)).where(office, dismissed())) or 0
    return StateCounts(
        received=sum(outcomes.values()),
        filed=states.get(JobState.FILED, 0),
        waiting=states.get(JobState.WAITING, 0),
        working=states.get(JobState.WORKING, 0),
        quarantined=set_aside - over,
        dismissed=over,
        duplicates=outcomes.get("duplicate", 0) + copies_held,
        **own,
    )


def state_of(row: LetterRow) -> JobState:
    """Return where a letter stands."""
    if row.state == JobState.QUARANTINED and row.reason_code == SAME_LETTER:
        return JobState.HELD
    return JobState(row.state)


def held_back() -> ColumnElement[bool]:
    """Return the condition for `JobState.HELD`: such scans have no number."""
    return and_(LetterRow.state == JobState.QUARANTINED, LetterRow.reason_code == SAME_LETTER)


def in_quarantine() -> ColumnElement[bool]:
    """Return the condition for `JobState.QUARANTINED`: what could not be read, dismissed or not."""
    return and_(LetterRow.state == JobState.QUARANTINED, LetterRow.reason_code != SAME_LETTER)


def dismissed() -> ColumnElement[bool]:
    """Return the condition for files set aside that somebody is done with: the trail says so last."""
    of_quarantine = (QUARANTINED, RETRIED, DISMISSED, REINSTATED)
    last = (
        select(AuditRow.action)
        .where(AuditRow.letter_id == LetterRow.id, AuditRow.action.in_(of_quarantine))
        .order_by(AuditRow.sequence.desc())
        .limit(1)
        .scalar_subquery()
    )
    return and_(LetterRow.state == JobState.QUARANTINED, last == DISMISSED)
