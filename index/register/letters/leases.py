"""Leases: a row is the job, and one worker at a time has it, until its lease runs out.

waiting → working (leased) → whatever the job ends as. A killed worker's lease runs out and another takes
the row; whoever comes back late is told so (`LeaseLostError`): owner and number of tries are the proof.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import Session

from index.choices import JobState
from index.errors import LeaseLostError
from index.register.store.database import Database
from index.register.store.sent_tables import SentFileRow
from index.register.store.tables import LetterRow


class Lease(Protocol):
    """What a job knows of its lease; `attempts` counts this try too."""

    @property
    def label(self) -> str:
        """What the job is called in logs."""

    @property
    def attempts(self) -> int:
        """How often it was taken."""

    @property
    def lease_owner(self) -> str | None:
        """The worker that has it."""


Row = TypeVar("Row", LetterRow, SentFileRow)
Job = TypeVar("Job", bound=Lease)


class Queue(ABC, Generic[Row, Job]):
    """The jobs of one office that are rows of one table; what the rows are of, its two kinds know."""

    _table: type[Row]

    def __init__(self, database: Database) -> None:
        self._database = database

    @abstractmethod
    def _in_line(self, *conditions: ColumnElement[bool]) -> Select[Row]:
        """Return the office's rows of these conditions, the one that waits longest first."""

    @abstractmethod
    def _row_of(self, session: Session, job: Job) -> Row | None:
        """Return the row of a job that was taken."""

    @abstractmethod
    def _job_of(self, session: Session, row: Row) -> Job:
        """Return the row as a job."""

    def take(self, worker: str, lease_seconds: float, now: datetime) -> Job | None:
        """Lease the row that waits longest; one whose lease ran out counts as waiting.

        `attempts` grows with every take: a worker that gets a letter for the n-th time should set it
        aside instead of dying on it again.
        """
        return self._take(worker, lease_seconds, now)

    def _take(
        self, worker: str, lease_seconds: float, now: datetime, *conditions: ColumnElement[bool]
    ) -> Job | None:
        free = self._in_line(self._is_free(now), *conditions).limit(1)
        with self._database.reading() as session:
            if session.scalar(free) is None:
                return None  # asking costs no writer's lock
        with self._database.writing() as session:
            row = session.scalar(free)
            if row is None:
                return None
            row.state, row.lease_owner = JobState.WORKING, worker
            row.lease_until = now + timedelta(seconds=lease_seconds)
            row.attempts += 1
            return self._job_of(session, row)

    def waits(self, now: datetime) -> bool:
        """Tell whether a row waits for a worker."""
        with self._database.reading() as session:
            return session.scalar(self._in_line(self._is_free(now)).limit(1)) is not None

    def renew(self, job: Job, lease_seconds: float, now: datetime) -> Job:
        """Prolong the lease; raise LeaseLostError when another worker has taken the row."""
        with self._database.writing() as session:
            row = self._leased(session, job)
            row.lease_until = now + timedelta(seconds=lease_seconds)
            return self._job_of(session, row)

    def release(self, job: Job, *, died: bool = False) -> None:
        """Let the row wait again; the try counts only when its process `died` of it."""
        with self._database.writing() as session:
            row = self._leased(session, job)
            row.end_lease()
            row.state = JobState.WAITING
            if not died:
                row.attempts = max(0, row.attempts - 1)

    def release_all(self, worker_prefix: str) -> int:
        """Put back what workers of that name held when all ended together; return how many.

        For a server that starts and knows that its own earlier workers are gone. A power cut or a
        killed server is no fault of the letters: their try is not counted.
        """
        with self._database.writing() as session:
            rows = session.scalars(
                self._in_line(
                    self._table.state == JobState.WORKING,
                    self._table.lease_owner.startswith(worker_prefix, autoescape=True),
                )
            ).all()
            for row in rows:
                row.end_lease()
                row.state = JobState.WAITING
                row.attempts = max(0, row.attempts - 1)
            return len(rows)

    def _leased(self, session: Session, job: Job) -> Row:
        """Return the row if this job's lease is still its own; one that ran out untaken still is."""
        row = self._row_of(session, job)
        if (
            row is None
            or row.state != JobState.WORKING
            or (row.lease_owner, row.attempts) != (job.lease_owner, job.attempts)
        ):
            raise LeaseLostError(job.label, job.lease_owner or "nobody")
        return row

    def _is_free(self, now: datetime) -> ColumnElement[bool]:
        return or_(
            self._table.state == JobState.WAITING,
            and_(self._table.state == JobState.WORKING, self._table.lease_until <= now),
        )
