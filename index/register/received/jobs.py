"""Jobs: a letter's row from the door to the book. The row is the job, so no queue can lose it.

waiting → working (leased) → filed, or → quarantined → waiting again. A killed worker's lease runs
out and another worker takes the letter; whoever comes back late is told so (`LeaseLostError`).
Every step may be repeated: a scan is known by its SHA-256, an arrival by its place in `work/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from index.errors import LeaseLostError, NoSuchRecordError
from index.register.letters.filing import Filing, file_letter, read_letter
from index.register.received.alike import find_alike
from index.register.received.arrivals import Arrival, Scan, record_arrival
from index.register.received.parts import Piece, note_pieces
from index.register.received.same_letters import hold_back, remember_page
from index.register.store.audit import append_entry
from index.register.store.database import Database, kept_place, place_of
from index.register.store.seal import seal_rows
from index.register.store.states import QUARANTINED, RETRIED, SAME_LETTER, JobState
from index.register.store.tables import LetterRow
from index.registered_letter import RegisteredLetter


@dataclass(frozen=True, slots=True)
class Job:
    """A letter on its way; `attempts` counts this try too. `name` may give a secret away.

    `group` is the code of the group that its way in proposes, `batch` that the file may hold several
    letters.
    """

    letter_id: int
    sha256: str
    state: JobState
    path: Path
    name: str
    media_type: str
    size_bytes: int
    received_at: datetime
    door: str
    secret_door: bool
    attempts: int
    lease_owner: str | None
    lease_until: datetime | None
    group: str = ""
    batch: bool = False

    @property
    def label(self) -> str:
        """Name the job in logs; nothing in it gives a secret away."""
        return f"letter {self.letter_id}"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a letter is quarantined. `thai` and `english` must not carry text or names from the file:
    clerks see them; `detail` (message, traceback) is for the registrar of secret letters only.
    """

    code: str
    thai: str
    english: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the file of a letter lies that is not filed, and the SHA-256 it came with."""

    letter_id: int
    state: JobState
    path: Path
    sha256: str


class Jobs:
    """Arrivals, leases, filing and setting aside; what was set aside is `Quarantine`'s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record_arrival(self, scan: Scan) -> Arrival:
        """Note a file that came in; make a job of it unless its contents are known already.

        Reporting the same claim twice changes nothing and answers the same.
        """
        with self._database.writing() as session:
            return record_arrival(session, self._database.office_id, scan)

    def find(self, sha256: str) -> Job | None:
        """Return the letter with these bytes, in whatever state it is."""
        with self._database.reading() as session:
            row = session.scalar(
                select(LetterRow).where(
                    LetterRow.office_id == self._database.office_id, LetterRow.sha256 == sha256
                )
            )
            return None if row is None else _job(session, row)

    def known_scans(self) -> frozenset[str]:
        """Return the SHA-256 of every scan that ever arrived, in whatever state it is."""
        with self._database.reading() as session:
            return frozenset(
                session.scalars(
                    select(LetterRow.sha256).where(LetterRow.office_id == self._database.office_id)
                )
            )

    def places(self) -> tuple[Place, ...]:
        """Return where the file of each letter lies that is not filed."""
        with self._database.reading() as session:
            rows = session.execute(
                select(LetterRow.id, LetterRow.state, LetterRow.work_path, LetterRow.sha256).where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.state != JobState.FILED,
                    LetterRow.reason_code != SAME_LETTER,
                )
            )
            return tuple(
                Place(one, JobState(state), place_of(session, path), sha256)
                for one, state, path, sha256 in rows
            )

    def take(
        self, worker: str, lease_seconds: float, now: datetime, *, letter_id: int | None = None
    ) -> Job | None:
        """Lease the letter that waits longest (or the named one, for a queue that carries ids).

        A letter whose lease ran out counts as waiting. `attempts` grows with every take: a worker
        that gets a letter for the n-th time should quarantine it instead of dying on it again.
        """
        with self._database.reading() as session:
            if session.scalar(self._next(now, letter_id)) is None:
                return None  # asking costs no writer's lock
        with self._database.writing() as session:
            found = session.scalar(self._next(now, letter_id))
            if found is None:
                return None
            row = session.get_one(LetterRow, found)
            row.state = JobState.WORKING
            row.lease_owner = worker
            row.lease_until = now + timedelta(seconds=lease_seconds)
            row.attempts += 1
            return _job(session, row)

    def waits(self, now: datetime) -> bool:
        """Tell whether a letter waits for a worker."""
        with self._database.reading() as session:
            return session.scalar(self._next(now, None)) is not None

    def _next(self, now: datetime, letter_id: int | None) -> Select[int]:
        query = (
            select(LetterRow.id)
            .where(LetterRow.office_id == self._database.office_id, _is_free(now))
            .order_by(LetterRow.received_at, LetterRow.id)
            .limit(1)
        )
        return query if letter_id is None else query.where(LetterRow.id == letter_id)

    def renew(self, job: Job, lease_seconds: float, now: datetime) -> Job:
        """Prolong the lease; raise LeaseLostError when another worker has taken the letter."""
        with self._database.writing() as session:
            row = _held(session, job)
            row.lease_until = now + timedelta(seconds=lease_seconds)
            return _job(session, row)

    def release(self, job: Job, *, died: bool = False) -> None:
        """Let the letter wait again; the try counts only when its process `died` of it."""
        with self._database.writing() as session:
            row = _held(session, job)
            _end_lease(row, JobState.WAITING)
            if not died:
                row.attempts = max(0, row.attempts - 1)

    def release_all(self, worker_prefix: str) -> int:
        """Put back what workers of that name held when all ended together; return how many.

        For a server that starts and knows that its own earlier workers are gone. A power cut or a
        killed server is no fault of the letters: their try is not counted.
        """
        with self._database.writing() as session:
            rows = session.scalars(
                select(LetterRow).where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.state == JobState.WORKING,
                    LetterRow.lease_owner.startswith(worker_prefix, autoescape=True),
                )
            ).all()
            for row in rows:
                _end_lease(row, JobState.WAITING)
                row.attempts = max(0, row.attempts - 1)
            return len(rows)

    def file(
        self, job: Job, filing: Filing, now: datetime, *, pieces: Sequence[Piece] = ()
    ) -> RegisteredLetter:
        """Enter the letter in the book: number, fields, decision, audit, outbox, in one transaction.

        `pieces` are letters that were cut out of its scan and handed in.

        A letter that is in the book already is returned as it is, with the number it has; so is the
        letter that this scan is a further copy of (`Filing.hold_back`). When the
        result `is_secret`, call `Archive.hide`: a copy may have come through the secret door while
        the letter was being read.
        Raises LeaseLostError when another worker holds the letter.
        """
        office_id = self._database.office_id
        with self._database.reading() as session:
            offers = find_alike(session, office_id, job.letter_id, filing, now)
        with self._database.writing() as session:
            row = session.get(LetterRow, job.letter_id)
            if row is None or row.state != JobState.FILED:
                row = _held(session, job)
                who = f"worker:{job.lease_owner}"
                if filing.hold_back:
                    first = hold_back(session, row, filing, who=who, now=now)
                    if first is not None:
                        _end_lease(row, JobState.QUARANTINED)
                        return read_letter(session, first)
                file_letter(session, row, filing, who=who, now=now)
                if pieces:
                    note_pieces(session, row, pieces, who=who, now=now)
                _end_lease(row, JobState.FILED)
                remember_page(session, row, filing, offers, who=who, now=now)
            return read_letter(session, row)

    def quarantine(
        self, job: Job, reason: Reason, now: datetime, *, path: Path | None = None
    ) -> None:
        """Set the letter aside with the reason; `path` says where its file lies from now on."""
        with self._database.writing() as session:
            row = _held(session, job)
            _end_lease(row, JobState.QUARANTINED)
            row.reason_code, row.reason_detail = reason.code, reason.detail
            row.reason_thai, row.reason_english = reason.thai, reason.english
            if path is not None:
                row.work_path = kept_place(session, path)
            append_entry(
                session,
                row.office_id,
                at=now,
                who=f"worker:{job.lease_owner}",
                action=QUARANTINED,
                letter_id=row.id,
                details={"reason": reason.code, **seal_rows(session, [row])},
            )

    def retry(self, letter_id: int, *, who: str, now: datetime, path: Path | None = None) -> Job:
        """Let a quarantined letter wait again, with its tries forgotten."""
        with self._database.writing() as session:
            row = session.get(LetterRow, letter_id)
            if (
                row is None
                or row.office_id != self._database.office_id
                or row.state != JobState.QUARANTINED
            ):
                raise NoSuchRecordError(f"letter {letter_id} in quarantine")
            _end_lease(row, JobState.WAITING)
            row.attempts = 0
            row.reason_code = row.reason_thai = row.reason_english = row.reason_detail = ""
            if path is not None:
                row.work_path = kept_place(session, path)
            append_entry(session, row.office_id, at=now, who=who, action=RETRIED, letter_id=row.id)
            return _job(session, row)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(
        LetterRow.state == JobState.WAITING,
        and_(LetterRow.state == JobState.WORKING, LetterRow.lease_until <= now),
    )


def _held(session: Session, job: Job) -> LetterRow:
    """Return the row if this job's lease is still its own; one that ran out untaken still is."""
    row = session.get(LetterRow, job.letter_id)
    if (
        row is None
        or row.state != JobState.WORKING
        or (row.lease_owner, row.attempts) != (job.lease_owner, job.attempts)
    ):
        raise LeaseLostError(job.letter_id, job.lease_owner or "nobody")
    return row


def _end_lease(row: LetterRow, state: JobState) -> None:
    row.state, row.lease_owner, row.lease_until = state, None, None


def _job(session: Session, row: LetterRow) -> Job:
    return Job(
        letter_id=row.id,
        sha256=row.sha256,
        state=JobState(row.state),
        path=place_of(session, row.work_path),
        name=row.name,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        received_at=row.received_at,
        door=row.door,
        secret_door=row.secret_door,
        attempts=row.attempts,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        group=row.proposed_group,
        batch=row.batch,
    )
