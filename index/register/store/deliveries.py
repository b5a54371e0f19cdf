"""What is still to be told outside: made from the audit trail, kept until it is told or given up.

A delivery holds no contents, only which letter and what happened: what may be said is asked of the book
at the moment it is sent, so that a letter that turned secret meanwhile is not told of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select

from index.register.store.database import Database
from index.register.store.import_tables import DeliveryMarkRow, DeliveryRow
from index.register.store.tables import AuditRow, CopyRow, LetterRow, OfficeRow

AT_ONCE = 500  # lines of the trail in one transaction
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
MOST_ATTEMPTS = 15  # the last some two days after the first


@dataclass(frozen=True, slots=True)
class Happened:
    """A change of a letter as the audit trail has it, with the groups that have the letter now."""

    action: str
    group: str
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message for one `target`; `attempts` counts those that failed."""

    delivery_id: int
    target: str
    event: str
    letter_id: int
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Told:
    """How telling of one change stands: `way` is `hook` or `mail`, the address is not said.

    `state` is `waiting`, `sent` or `given_up`; `attempts` counts those that failed.
    """

    way: str
    event: str
    at: datetime
    state: str
    attempts: int


Wanted = Callable[[Happened], Iterable[tuple[str, str]]]
"""Says who is told of a change: (target, event) each."""


class Deliveries:
    """The deliveries of one office. One process follows the trail: the one that holds the office."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def follow(self, wanted: Wanted) -> int:
        """Make deliveries of what happened since the last call; return how many lines were looked at.

        The first call looks at nothing: what happened before anybody wanted to be told stays untold.
        """
        office_id = self._database.office_id
        with self._database.reading() as session:
            mark = session.get(DeliveryMarkRow, office_id)
            head = session.get_one(OfficeRow, office_id).audit_sequence
            if mark is not None and mark.sequence >= head:
                return 0  # asking costs no writer's lock
        with self._database.writing() as session:
            mark = session.get(DeliveryMarkRow, office_id)
            if mark is None:
                head = session.get_one(OfficeRow, office_id).audit_sequence
                session.add(DeliveryMarkRow(office_id=office_id, sequence=head))
                return 0
            lines = session.execute(
                select(AuditRow, LetterRow)
                .outerjoin(LetterRow, LetterRow.id == AuditRow.letter_id)
                .where(AuditRow.office_id == office_id, AuditRow.sequence > mark.sequence)
                .order_by(AuditRow.sequence)
                .limit(AT_ONCE)
            ).all()
            for line, letter in lines:
                mark.sequence = line.sequence
                if letter is None:
                    continue
                copies = tuple(
                    session.scalars(
                        select(CopyRow.group_code)
                        .where(CopyRow.letter_id == letter.id)
                        .order_by(CopyRow.group_code)
                    )
                )
                happened = Happened(line.action, letter.group_code, copies)
                for target, event in dict(wanted(happened)).items():
                    session.add(
                        DeliveryRow(
                            office_id=office_id,
                            target=target,
                            sequence=line.sequence,
                            event=event,
                            letter_id=letter.id,
                            at=line.at,
                            due_at=line.at,
                        )
                    )
            return len(lines)

    def stop_following(self) -> None:
        """Forget the place in the trail: nobody wants to be told."""
        office_id = self._database.office_id
        with self._database.reading() as session:
            if session.get(DeliveryMarkRow, office_id) is None:
                return
        with self._database.writing() as session:
            session.execute(delete(DeliveryMarkRow).where(DeliveryMarkRow.office_id == office_id))

    def due(self, now: datetime, *, limit: int = 20) -> tuple[Delivery, ...]:
        """Return what is to be sent now, oldest first."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(DeliveryRow)
                .where(
                    DeliveryRow.office_id == self._database.office_id,
                    DeliveryRow.state == "waiting",
                    # one that is due later than any wait was noted while the clock was ahead
                    or_(DeliveryRow.due_at <= now, DeliveryRow.due_at > now + LONGEST_WAIT),
                )
                .order_by(DeliveryRow.due_at, DeliveryRow.id)
                .limit(limit)
            )
            return tuple(
                Delivery(row.id, row.target, row.event, row.letter_id, row.at, row.attempts)
                for row in rows
            )

    def done(self, delivery: Delivery) -> None:
        """Note that it was told."""
        with self._database.writing() as session:
            session.get_one(DeliveryRow, delivery.delivery_id).state = "sent"

    def failed(self, delivery: Delivery, problem: str, now: datetime) -> bool:
        """Note that it could not be told; return whether it will be tried again, later each time."""
        with self._database.writing() as session:
            row = session.get_one(DeliveryRow, delivery.delivery_id)
            row.attempts += 1
            row.problem = problem[:500]
            row.due_at = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (row.attempts - 1))
            if row.attempts >= MOST_ATTEMPTS:
                row.state = "given_up"
            return row.state == "waiting"

    def give_up(self, delivery: Delivery, problem: str) -> None:
        """Note that it will never be told, as when its address is no longer listed."""
        with self._database.writing() as session:
            row = session.get_one(DeliveryRow, delivery.delivery_id)
            row.state, row.problem = "given_up", problem[:500]

    def give_up_all(self, problem: str) -> int:
        """Note of all that waits that this office will not tell it; return how much that is."""
        with self._database.writing() as session:
            rows = session.scalars(
                select(DeliveryRow).where(
                    DeliveryRow.office_id == self._database.office_id,
                    DeliveryRow.state == "waiting",
                )
            ).all()
            for row in rows:
                row.state, row.problem = "given_up", problem[:500]
            return len(rows)

    def of_letter(self, letter_id: int) -> tuple[Told, ...]:
        """Return what was or is to be told of a letter, oldest first; who may open it, the caller asks."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(DeliveryRow)
                .where(
                    DeliveryRow.office_id == self._database.office_id,
                    DeliveryRow.letter_id == letter_id,
                )
                .order_by(DeliveryRow.sequence, DeliveryRow.id)
            )
            return tuple(
                Told(row.target.partition(":")[0], row.event, row.at, row.state, row.attempts)
                for row in rows
            )

    def counts(self) -> dict[str, int]:
        """Count deliveries by state: waiting, sent, given_up."""
        with self._database.reading() as session:
            query = (
                select(DeliveryRow.state, func.count())
                .where(DeliveryRow.office_id == self._database.office_id)
                .group_by(DeliveryRow.state)
            )
            counts: dict[str, int] = dict(session.execute(query).all())
            return counts
