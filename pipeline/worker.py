"""Working one job: it ends filed, or in quarantine with a reason, whatever is wrong with the file."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from classify import ClassifyError
from index.archive import Archive, hash_file
from index.book import Book
from index.choices import CopyState, JobState
from index.errors import BookUnavailableError, DiskFullError, LeaseLostError
from index.register.received.jobs import Job, Reason
from index.register.sent.sent_copies import CopyJob
from ocr import OcrError
from ocr.errors import EngineMissingError
from pipeline.carry import Workbench, carry
from pipeline.carry_copy import carry_copy
from watch_folder.claim import release
from watch_folder.errors import NoRoomError
from watch_folder.errors import Reason as FileReason
from watch_folder.quarantine import NOTE, put_in_quarantine
from watch_folder.scanned_file import ScannedFile

TOO_HEAVY = Reason(
    code="too-heavy",
    thai="ไฟล์นี้ใช้หน่วยความจำหรือเวลาในการอ่านเกินกำหนด กรุณาพิมพ์แล้วสแกนใหม่ที่ 300 dpi",
    english="the file takes more memory or time to read than any letter may. "
    "Print it and scan it at 300 dpi",
)
# The office's trouble, not the letter's: the letter waits until somebody has helped.
OFFICE_TROUBLES = (DiskFullError, NoRoomError, BookUnavailableError, EngineMissingError)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended: the state its letter has now, and the register number or the reason's code.

    Of a copy of a sent letter, which has no new number, it is the copy's state. Nothing in it gives a
    secret away; it goes to the log.
    """

    letter_id: int
    state: JobState | CopyState
    detail: str


@dataclass(frozen=True, slots=True)
class LetterErrand:
    """A leased letter that came in: it ends filed, or in quarantine."""

    job: Job

    def path(self, _archive: Archive) -> Path:
        """Return where its file lies."""
        return self.job.path

    def renewed(self, book: Book, lease_seconds: float, now: datetime) -> LetterErrand:
        """Prolong its lease. Raises LeaseLostError."""
        return LetterErrand(book.jobs.renew(self.job, lease_seconds, now))

    def release(self, book: Book, *, died: bool) -> None:
        """Let it wait again. Raises LeaseLostError."""
        book.jobs.release(self.job, died=died)

    def carry(self, bench: Workbench) -> Outcome:
        """Read and file it; raises what `pipeline.carry.carry` raises."""
        filed = carry(self.job, bench)
        return Outcome(self.job.letter_id, JobState.FILED, str(filed.register_number))

    def end_claim(self, quarantine: Path) -> None:
        """Remove the claimed file, last of all; after a retry it lay in quarantine, with its note."""
        job = self.job
        if job.path.parent == quarantine:
            job.path.with_name(job.path.name + NOTE).unlink(missing_ok=True)
        release(as_scan(job))

    def end_what_ended(self, book: Book, quarantine: Path) -> None:
        """Do the last thing for a process that died when the book had noted the end: remove the claimed file."""
        known = book.jobs.find(self.job.sha256)
        if known is None:
            return
        moved = known.state is JobState.QUARANTINED and known.path != self.job.path
        if known.state in (JobState.FILED, JobState.HELD) or moved:
            self.end_claim(quarantine)

    def set_aside(self, reason: Reason, book: Book, quarantine: Path, now: datetime) -> Outcome:
        """Move its file to quarantine with the reason beside it, and say so in the book."""
        job = self.job
        note = FileReason(reason.code, f"{reason.english}.", reason.thai)
        path: Path | None
        if job.path.parent == quarantine:  # tried again from there: only the reason is new
            job.path.with_name(job.path.name + NOTE).unlink(missing_ok=True)
        try:
            path = put_in_quarantine(
                job.path, quarantine, note, now=now, name=job.name, secret=job.secret_door
            )
        except FileNotFoundError:
            path = find_by_content(quarantine, job.sha256, job.size_bytes)
        book.jobs.quarantine(job, reason, now, path=path)
        self.end_claim(quarantine)
        return Outcome(job.letter_id, JobState.QUARANTINED, reason.code)


@dataclass(frozen=True, slots=True)
class CopyErrand:
    """A leased copy of a sent letter: it ends read, or unread. Its file lies in the archive and stays there."""

    job: CopyJob

    def path(self, archive: Archive) -> Path:
        """Return where its file lies."""
        return archive.path_of(self.job.sha256)

    def renewed(self, book: Book, lease_seconds: float, now: datetime) -> CopyErrand:
        """Prolong its lease. Raises LeaseLostError."""
        return CopyErrand(book.sent_copies.renew(self.job, lease_seconds, now))

    def release(self, book: Book, *, died: bool) -> None:
        """Let it wait again. Raises LeaseLostError."""
        book.sent_copies.release(self.job, died=died)

    def carry(self, bench: Workbench) -> Outcome:
        """Read it and keep what was read; raises what `carry_copy` raises."""
        return Outcome(self.job.sent_id, carry_copy(self.job, bench), self.job.label)

    def end_claim(self, _quarantine: Path) -> None:
        """Leave the file: no claim was made of it."""

    def end_what_ended(self, _book: Book, _quarantine: Path) -> None:
        """Leave the file."""

    def set_aside(self, reason: Reason, book: Book, _quarantine: Path, now: datetime) -> Outcome:
        """Note only the reason."""
        book.sent_copies.give_up(self.job, reason.thai, reason.detail, now)
        return Outcome(self.job.sent_id, CopyState.UNREAD, reason.code)


Errand: TypeAlias = LetterErrand | CopyErrand


def work(errand: Errand, bench: Workbench, quarantine: Path, attempts: int) -> Outcome:
    """Carry one leased letter, or one copy of a sent one, to its end.

    Raises only OFFICE_TROUBLES (the letter then still waits) and LeaseLostError (another worker
    has it). `attempts` is how often a letter may be begun before it is set aside.
    """

    def aside(reason: Reason) -> Outcome:
        return errand.set_aside(reason, bench.book, quarantine, bench.clock())

    if errand.job.attempts > attempts:
        return aside(_tried_too_often(errand.job.attempts))
    try:
        outcome = errand.carry(bench)
    except (*OFFICE_TROUBLES, LeaseLostError):
        raise
    except OcrError as error:
        return aside(reason_of(error))
    except ClassifyError as error:
        reason = Reason("undecided", error.thai, "the letter could not be decided", str(error))
        return aside(reason)
    except MemoryError:
        return aside(TOO_HEAVY)
    except Exception as fault:  # noqa: BLE001 - the one broad except: no letter may stop the line
        outcome = aside(_unexpected(traceback.format_exc()))
        return replace(outcome, detail=f"{outcome.detail}, {_place_of(fault)}")
    errand.end_claim(quarantine)
    return outcome


def as_scan(job: Job) -> ScannedFile:
    """Return the claimed file a job is about."""
    return ScannedFile(
        path=job.path,
        name=job.name,
        sha256=job.sha256,
        size_bytes=job.size_bytes,
        media_type=job.media_type,
        received_at=job.received_at,
        door=job.door,
        secret_door=job.secret_door,
        group=job.group,
        batch=job.batch,
    )


def find_by_content(folder: Path, sha256: str, size_bytes: int) -> Path | None:
    """Return the file with these bytes: a crash came between moving it and noting it in the book."""
    for path in folder.iterdir():
        fits = path.is_file() and not path.is_symlink() and path.stat().st_size == size_bytes
        if fits and hash_file(path) == sha256:
            return path
    return None


def reason_of(error: OcrError) -> Reason:
    """Return why a file could not be read, without its name: the name may be a secret."""
    return Reason(
        code=type(error).__name__.removesuffix("Error"),
        thai=f"{error.thai_what} {error.thai_todo}",
        english=f"{error.what}. {error.todo}".rstrip("."),
        detail=str(error),
    )


def _tried_too_often(attempts: int) -> Reason:
    return Reason(
        code="tried-too-often",
        thai="โปรแกรมหยุดทำงานขณะอ่านไฟล์นี้หลายครั้ง กรุณาสแกนใหม่ที่ 300 dpi แล้วสั่งอ่านใหม่",
        english="the program died while reading this file, several times. "
        "Scan it again at 300 dpi, then retry",
        detail=f"begun {attempts - 1} times, never ended",
    )


def _unexpected(trace: str) -> Reason:
    return Reason(
        code="unexpected",
        thai="โปรแกรมผิดพลาดขณะอ่านไฟล์นี้ กรุณาแจ้งผู้ดูแลระบบ ไฟล์ต้นฉบับยังอยู่ครบ",
        english="a fault in the program while reading this file; the file is whole. "
        "Tell the administrator, whose log names the place in the program",
        detail=trace,
    )


def _place_of(fault: Exception) -> str:
    """Say what kind of fault it is and where in the program; its message may tell a secret."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    place = "/".join(Path(last.filename).parts[-2:])
    return f"{type(fault).__name__} at {place}:{last.lineno}"
