"""Jobs: a letter's row from the door to the book. The row is the job, so no queue can lose it.

waiting → working (leased) → filed, or → quarantined → waiting again. A killed worker's lease runs
out and another worker takes the letter; whoever comes back late is told so (`LeaseLostError`).
Every step may be repeated: a scan is known by its SHA-256, an arrival by its place in `work/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Select, not_, select
from sqlalchemy.orm import Session

from index.choices import JobState
from index.errors import NoSuchRecordError
from index.register.letters.filing import Filing, file_letter, read_letter
from index.register.letters.leases import Queue
from index.register.received.alike import find_alike
from index.register.received.arrivals import Arrival, Scan, hide_scan, record_arrival
from index.register.received.parts import Piece, note_pieces
from index.register.received.same_letters import hold_back, remember_page
from index.register.store.audit import append_entry
from index.register.store.database import kept_place, place_of
from index.register.store.seal import seal_rows
from index.register.store.states import QUARANTINED, RETRIED, held_back, state_of
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


class Jobs(Queue[LetterRow, Job]):
    """Arrivals, leases, filing and setting aside; what was set aside is `Quarantine`'s."""

    _table = LetterRow

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
            return None if row is None else self._job_of(session, row)

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
            rows = session.scalars(
                select(LetterRow).where(
                    LetterRow.office_id == self._database.office_id,
                    LetterRow.state != JobState.FILED,
                    not_(held_back()),
                )
            )
            return tuple(
                Place(row.id, state_of(row), place_of(session, row.work_path), row.sha256)
                for row in rows
            )

    def take(
        self, worker: str, lease_seconds: float, now: datetime, *, letter_id: int | None = None
    ) -> Job | None:
        """Lease the letter that waits longest, or the named one, for a queue that carries ids."""
        named = () if letter_id is None else (LetterRow.id == letter_id,)
        return self._take(worker, lease_seconds, now, *named)

    def _in_line(self, *conditions: ColumnElement[bool]) -> Select[LetterRow]:
        return (
            select(LetterRow)
            .where(LetterRow.office_id == self._database.office_id, *conditions)
            .order_by(LetterRow.received_at, LetterRow.id)
        )

    def _row_of(self, session: Session, job: Job) -> LetterRow | None:
        return session.get(LetterRow, job.letter_id)

    def _job_of(self, session: Session, row: LetterRow) -> Job:
        return Job(
            letter_id=row.id,
            sha256=row.sha256,
            state=state_of(row),
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
                row = self._leased(session, job)
                who = f"worker:{job.lease_owner}"
                if filing.hold_back:
                    first = hold_back(session, row, filing, who=who, now=now)
                    if first is not None:
                        row.end_lease()
                        row.state = JobState.QUARANTINED  # `held`, by its reason
                        return read_letter(session, first)
                file_letter(session, row, filing, who=who, now=now)
                if pieces:
                    note_pieces(session, row, pieces, who=who, now=now)
                    if row.secret_door:  # a copy came through the secret door meanwhile
                        hide_scan(session, row, who=who, now=now)
                row.end_lease()
                row.state = JobState.FILED
                remember_page(session, row, filing, offers, who=who, now=now)
            return read_letter(session, row)

    def quarantine(
        self, job: Job, reason: Reason, now: datetime, *, path: Path | None = None
    ) -> None:
        """Set the letter aside with the reason; `path` says where its file lies from now on."""
        with self._database.writing() as session:
            row = self._leased(session, job)
            row.end_lease()
            row.state = JobState.QUARANTINED
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
                or state_of(row) not in (JobState.QUARANTINED, JobState.HELD)
            ):
                raise NoSuchRecordError(f"letter {letter_id} in quarantine")
            row.end_lease()
            row.state = JobState.WAITING
            row.attempts = 0
            row.reason_code = row.reason_thai = row.reason_english = row.reason_detail = ""
            if path is not None:
                row.work_path = kept_place(session, path)
            append_entry(session, row.office_id, at=now, who=who, action=RETRIED, letter_id=row.id)
            return self._job_of(session, row)
