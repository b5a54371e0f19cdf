"""Copies of sent letters on their way: each is read once, like a received scan, after those that came in.

The copy's row is the job, as a letter's row is in `jobs`: waiting → working (leased) → read, or → unread
with the reason. Its bytes lie in the archive from the start; reading adds the searchable PDF and the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from index.choices import CopyState
from index.errors import NoSuchRecordError
from index.register.letters.leases import Queue
from index.register.sent.sent_rows import is_hidden, sight_of
from index.register.store.audit import append_entry
from index.register.store.sent_tables import SentFileRow, SentRow
from index.registered_letter import RegisterNumber
from index.visibility import Sight, Viewer


@dataclass(frozen=True, slots=True)
class CopyJob:
    """A copy that is leased to be read; `attempts` counts this try too."""

    sent_id: int
    sha256: str
    is_secret: bool
    attempts: int
    lease_owner: str | None
    lease_until: datetime | None

    @property
    def label(self) -> str:
        """Name the job in logs; nothing in it gives a secret away."""
        return f"copy {self.sha256[:8]} of sent letter {self.sent_id}"


@dataclass(frozen=True, slots=True)
class ReadCopy:
    """What was read of a copy.

    `has_mark` says that a secrecy mark is on it, or may be; `doubt` what a clerk should know of its
    searchable PDF, in Thai.
    """

    text: str
    page_count: int
    searchable_sha256: str
    has_mark: bool
    doubt: str = ""


class SentCopies(Queue[SentFileRow, CopyJob]):
    """Leases on copies, and what became of them."""

    _table = SentFileRow

    def _in_line(self, *conditions: ColumnElement[bool]) -> Select[SentFileRow]:
        return (
            select(SentFileRow)
            .join(SentRow, SentRow.id == SentFileRow.sent_id)
            .where(SentRow.office_id == self._database.office_id, *conditions)
            .order_by(SentFileRow.attached_at, SentFileRow.sent_id)
        )

    def _row_of(self, session: Session, job: CopyJob) -> SentFileRow | None:
        return session.get(SentFileRow, (job.sent_id, job.sha256))

    def _job_of(self, session: Session, row: SentFileRow) -> CopyJob:
        return CopyJob(
            sent_id=row.sent_id,
            sha256=row.sha256,
            is_secret=is_hidden(session.get_one(SentRow, row.sent_id)),
            attempts=row.attempts,
            lease_owner=row.lease_owner,
            lease_until=row.lease_until,
        )

    def keep(self, job: CopyJob, read: ReadCopy, now: datetime) -> bool:
        """Note what was read, and that the index must follow; return whether the letter is hidden now.

        A mark that nobody entered hides the letter until the registrar has looked. When the result is
        true, call `Archive.hide`. Raises LeaseLostError.
        """
        with self._database.writing() as session:
            row = self._leased(session, job)
            sent = session.get_one(SentRow, row.sent_id)
            row.end_lease()
            row.state = CopyState.READ
            row.text, row.page_count = read.text, read.page_count
            row.searchable_sha256, row.reason_thai = read.searchable_sha256, read.doubt
            if read.has_mark and sent.secrecy == "":
                sent.suspected_secret = True
            details = {"searchable_sha256": read.searchable_sha256}
            who = f"worker:{job.lease_owner}"
            _note(session, row, sent, "sent_file_read", who=who, now=now, details=details)
            return is_hidden(sent)

    def give_up(self, job: CopyJob, thai: str, detail: str, now: datetime) -> None:
        """Note why a copy cannot be read; `detail` is for the log of the registrar's eyes only."""
        with self._database.writing() as session:
            row = self._leased(session, job)
            sent = session.get_one(SentRow, row.sent_id)
            row.end_lease()
            row.state = CopyState.UNREAD
            row.reason_thai, row.reason_detail = thai, detail
            who = f"worker:{job.lease_owner}"
            _note(session, row, sent, "sent_file_unread", who=who, now=now)

    def retry(self, viewer: Viewer, sent_id: int, sha256: str, now: datetime) -> None:
        """Let a copy that could not be read wait again. Raises NoSuchRecordError."""
        with self._database.writing() as session:
            row = session.get(SentFileRow, (sent_id, sha256))
            sent = session.get(SentRow, sent_id)
            if (
                row is None
                or sent is None
                or sent.office_id != self._database.office_id
                or row.state != CopyState.UNREAD
                or sight_of(viewer, sent) is not Sight.FULL
            ):
                raise NoSuchRecordError(f"an unread copy of sent letter {sent_id}")
            row.state, row.attempts = CopyState.WAITING, 0
            row.reason_thai = row.reason_detail = ""
            _note(session, row, sent, "sent_file_retried", who=viewer.name, now=now)

    def count_unfinished(self) -> int:
        """Return how many copies wait or are being read."""
        with self._database.reading() as session:
            query = (
                select(func.count())
                .select_from(SentFileRow)
                .join(SentRow, SentRow.id == SentFileRow.sent_id)
                .where(
                    SentRow.office_id == self._database.office_id,
                    SentFileRow.state.in_((CopyState.WAITING, CopyState.WORKING)),
                )
            )
            return session.scalar(query) or 0


def _note(
    session: Session,
    row: SentFileRow,
    sent: SentRow,
    action: str,
    *,
    who: str,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> None:
    sent.revision += 1
    append_entry(
        session,
        sent.office_id,
        at=now,
        who=who,
        action=action,
        details={
            "book": sent.book,
            "number": str(RegisterNumber(sent.running, sent.buddhist_year)),
            "revision": sent.revision,
            "sha256": row.sha256,
            **(details or {}),
        },
    )
