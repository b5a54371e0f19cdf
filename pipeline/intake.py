"""At the door: sweep the watched folders, note every arrival in the book, set refused files aside."""

from __future__ import annotations

import hashlib
import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from index.archive import Archive
from index.book import Book
from index.choices import JobState
from index.register.received.arrivals import Arrival
from index.register.received.jobs import Job, Reason
from pipeline.carry import SCRATCH_PREFIX
from pipeline.handed_in import CUT, INNER_FOLDERS, UPLOAD, inner_folder, remove_halves_of
from pipeline.hiding import hide_files, hide_what_lies_open
from pipeline.look import DoorLook
from pipeline.office import Office
from pipeline.page_pictures import PagePictures
from watch_folder.claim import claimed_names, recover, release
from watch_folder.errors import NoRoomError
from watch_folder.quarantine import NOTE, put_in_quarantine
from watch_folder.scanned_file import ScannedFile
from watch_folder.sweep import RefusedFile, SweepMemory, sweep
from watch_folder.watched_folder import WatchedFolder
from watch_folder.whole import HEAD_BYTES, detect_media_type

log = logging.getLogger("saraban.door")
UNKNOWN_TYPE = "application/octet-stream"
SETTLE_LOOKS, SETTLE_SECONDS = 40, 0.05
LEASE_SECONDS = 60.0  # for noting a refusal, which takes milliseconds


class Intake:
    """The way in of one office. Only the process that holds the office may use it."""

    def __init__(
        self,
        office: Office,
        book: Book,
        archive: Archive,
        *,
        identity: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._office = office
        self._book = book
        self._archive = archive
        self._identity = identity
        self._clock = clock
        self.folders = [
            WatchedFolder(
                office.folder_of(one),
                one.profile,
                group=one.group,
                secret=one.secret,
                batch=one.batch,
                groups_below=one in INNER_FOLDERS and one.profile.startswith((UPLOAD, CUT)),
            )
            for one in (*office.settings.watch.folder, *INNER_FOLDERS)
        ]
        for inner in INNER_FOLDERS:
            office.folder_of(inner).mkdir(parents=True, exist_ok=True, mode=0o700)
        self._memories = [SweepMemory() for _ in self.folders]
        self._told: set[str] = set()
        self._noted: set[str] = set()  # names in `work/` that the book knows
        self._look = DoorLook(office.settings.work.allowance)

    def stop(self) -> None:
        """End the look that is under way, if any; nothing is taken any more."""
        self._look.stop()

    def has_pieces(self) -> bool:
        """Tell whether letters that were cut out of a scan still lie at their door."""
        return any(
            path.is_file() and not path.name.startswith(".")
            for secret in (False, True)
            for path in inner_folder(self._office, CUT, secret=secret).rglob("*")
        )

    def recover(self) -> int:
        """Take up what an earlier server left in `work/`; return how many files."""
        for scratch in self._office.work.glob(f"{SCRATCH_PREFIX}*"):
            shutil.rmtree(scratch, ignore_errors=True)
        remove_halves_of(self._office)
        # Whoever holds the office knows that every other lease is a dead worker's.
        self._book.jobs.release_all("")
        self._book.sent_copies.release_all("")
        hide_what_lies_open(self._office, self._book, self._archive)
        return self._take_up(set())

    def _take_up(self, known: set[str]) -> int:
        left = recover(self._office.work, known)
        for scan in left:
            self.receive(scan)
        return len(left)

    def _reconcile(self) -> None:
        """Note what was claimed and never noted: the disk was full between the move and the row."""
        there = claimed_names(self._office.work)
        self._noted &= there
        if there > self._noted:
            log.warning("%d claimed files are noted only now", self._take_up(self._noted))

    def sweep(self) -> int:
        """Sweep every folder once; return how many files are still to be taken or finished."""
        self._reconcile()
        watching = self._office.settings.watch
        waiting = 0
        troubles: set[str] = set()
        for folder, memory in zip(self.folders, self._memories, strict=True):
            done = sweep(
                folder,
                self._office.work,
                memory=memory,
                now=self._clock(),
                settle_seconds=watching.settle_seconds,
                patience_seconds=watching.patience_seconds,
                others=self.folders,
                look=self._look,
            )
            for scan in done.claimed:
                self.receive(scan)
            for refused in done.refused:
                self._refuse(refused)
            waiting += done.waiting
            troubles |= {f"{trouble}\n    {trouble.thai}" for trouble in done.troubles}
        for trouble in sorted(troubles - self._told):
            log.error("%s", trouble)
        self._told = troubles  # told once, and again when it comes back
        return waiting

    def receive(self, scan: ScannedFile) -> Arrival:
        """Note a claimed file in the book; the claim of a duplicate ends here."""
        arrival = self._book.jobs.record_arrival(scan)
        self._noted.add(scan.path.name)
        if arrival.hidden_now and arrival.state is JobState.FILED:
            pictures = PagePictures(self._office.pictures)
            hide_files(self._book, self._archive, pictures, arrival.letter_id)
        kind = "duplicate" if arrival.is_duplicate else "new"
        log.info("letter %d arrived (%s, %s)", arrival.letter_id, kind, arrival.state)
        if not arrival.is_duplicate and arrival.state in (JobState.WAITING, JobState.WORKING):
            return arrival  # the workers' from here on
        job = self._find_settled(scan)
        if job is None or job.state is JobState.FILED:
            release(scan)
        elif job.state in (JobState.QUARANTINED, JobState.HELD):
            # Somebody dropped it in again: a wish to have it tried again.
            self._book.jobs.retry(
                arrival.letter_id, who=f"door:{scan.door}", now=self._clock(), path=scan.path
            )
            if job.path != scan.path and job.path.parent == self._office.quarantine:
                job.path.unlink(missing_ok=True)
                job.path.with_name(job.path.name + NOTE).unlink(missing_ok=True)
        elif job.path != scan.path:
            release(scan)  # the same bytes are under way already
        return arrival

    def _find_settled(self, scan: ScannedFile) -> Job | None:
        """Return the job of these bytes, waiting for a worker that is just moving its file away."""
        for _ in range(SETTLE_LOOKS):
            job = self._book.jobs.find(scan.sha256)
            under_way = job is not None and job.state in (JobState.WAITING, JobState.WORKING)
            if job is None or not under_way or job.path.exists():
                return job
            time.sleep(SETTLE_SECONDS)
        return replace(job, path=scan.path) if job else None  # its file is lost; this one remains

    def _refuse(self, refused: RefusedFile) -> None:
        """Set a file aside that cannot become a letter, and show it on the desk."""
        now = self._clock()
        scan = self._describe(refused, now)
        job = None
        if scan is not None:
            arrival = self._book.jobs.record_arrival(scan)
            if arrival.state in (JobState.WAITING, JobState.WORKING):
                job = self._book.jobs.take(
                    self._identity, LEASE_SECONDS, now, letter_id=arrival.letter_id
                )
                if job is None:
                    return  # a worker was quicker; it sets the file aside itself
        try:
            path = put_in_quarantine(
                refused.path,
                self._office.quarantine,
                refused.reason,
                now=now,
                name=refused.name,
                secret=refused.secret_door,
            )
        except FileNotFoundError:
            path = None  # taken back by whoever dropped it
        except NoRoomError as trouble:
            log.error("%s\n    %s", trouble, trouble.thai)
            if job is not None:
                self._book.jobs.release(job)
            return  # it lies where it lay, and the next sweep tries again
        if job is not None:
            reason = Reason(
                refused.reason.code, refused.reason.thai, refused.reason.english.rstrip(".")
            )
            self._book.jobs.quarantine(job, reason, now, path=path)
        log.warning("a file was set aside: %s", refused.reason.code)

    def _describe(self, refused: RefusedFile, now: datetime) -> ScannedFile | None:
        """Return a refused file as an arrival; None for a link, a device, or one that is gone."""
        if refused.path.is_symlink() or not refused.path.is_file():
            return None
        try:
            with refused.path.open("rb") as file:
                media_type = detect_media_type(file.read(HEAD_BYTES)) or UNKNOWN_TYPE
                file.seek(0)
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                size_bytes = file.tell()
        except OSError:
            return None  # quarantine tells about it; the book has nothing to know it by
        return ScannedFile(
            path=Path(refused.path),
            name=refused.name,
            sha256=sha256,
            size_bytes=size_bytes,
            media_type=media_type,
            received_at=now,
            door=refused.door,
            secret_door=refused.secret_door,
        )
