"""How the work goes: how long the oldest file waits, how many letters were filed of late, what piles up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, not_, select

from index.register.store.audit import AuditHead
from index.register.store.database import Database
from index.register.store.states import dismissed, in_quarantine
from index.register.store.tables import ArrivalRow, AuditRow, LetterRow

UNDER_WAY = ("waiting", "working")


@dataclass(frozen=True, slots=True)
class Pace:
    """The work as of one moment; no letter is named. Times are None where there is nothing to tell.

    `oldest_waiting` is when the file came that waits longest, `last_filed` when a letter was last filed,
    `quarantined_today` counts files that came in the last 24 hours and lie in quarantine with
    nobody done with them. `trail` is the last line of the audit trail and `trail_at` when it was written.
    """

    oldest_waiting: datetime | None
    last_filed: datetime | None
    filed_last_hour: int
    quarantined_today: int
    trail: AuditHead | None
    trail_at: datetime | None


def find_pace(database: Database, now: datetime) -> Pace:
    """Look how the work goes; five small questions, each answered from an index or a few rows."""
    office = database.office_id
    of_office = LetterRow.office_id == office
    came = (
        select(func.max(ArrivalRow.received_at))
        .where(ArrivalRow.letter_id == LetterRow.id)
        .scalar_subquery()
    )
    with database.reading() as session:
        oldest = session.scalar(
            select(func.min(came)).where(of_office, LetterRow.state.in_(UNDER_WAY))
        )
        filed = select(func.max(LetterRow.filed_at)).where(of_office)
        hour = now - timedelta(hours=1)
        count = select(func.count()).select_from(LetterRow).where(of_office)
        day = now - timedelta(days=1)
        last_line = session.scalars(
            select(AuditRow)
            .where(AuditRow.office_id == office)
            .order_by(AuditRow.sequence.desc())
            .limit(1)
        ).first()
        return Pace(
            oldest_waiting=oldest,
            last_filed=session.scalar(filed),
            filed_last_hour=session.scalar(count.where(LetterRow.filed_at >= hour)) or 0,
            quarantined_today=session.scalar(
                count.where(
                    in_quarantine(),
                    LetterRow.received_at >= day,
                    not_(dismissed()),
                )
            )
            or 0,
            trail=AuditHead(last_line.sequence, last_line.hash) if last_line else None,
            trail_at=last_line.at if last_line else None,
        )
