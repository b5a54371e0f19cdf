"""Conducts one office: the door, the workers and the index, each in its own thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from index.archive import Archive
from index.book import Book
from index.errors import KeepingError, LeaseLostError
from index.register.received.jobs import Job
from index.register.sent.sent_copies import CopyJob
from pipeline.courier import Courier
from pipeline.indexer import Indexer
from pipeline.intake import Intake
from pipeline.letter_process import prepare, work_letter
from pipeline.office import Office
from pipeline.processes import LetterProcesses
from pipeline.rules_in_force import RulesInForce
from pipeline.settings import FILE_NAME, refuse_unknown_groups
from pipeline.viewers import PROGRAM
from pipeline.worker import OFFICE_TROUBLES, Outcome
from watch_folder.wake import wait_for_change

Work: TypeAlias = Job | CopyJob
log = logging.getLogger("saraban")
SWEEP_SECONDS = 1.0  # at the latest; an event in a folder comes sooner
LOOK_SECONDS = 0.2
INDEX_SECONDS = 0.5
COURIER_SECONDS = 3.0
TROUBLE_SECONDS = 5.0
MOST_LEASES = 20  # with 15 minutes each, five hours: some three thousand pages


class Conductor:
    """Runs an office that this process holds; `identity` is the lease owner in the book.

    Trouble of the office (a full disk, no reading engine) is waited out; one that `gives_up`
    stops instead and keeps it in `trouble`. `failed` says that a thread ended by a fault of ours.
    """

    def __init__(
        self, office: Office, book: Book, identity: str, *, gives_up: bool = False
    ) -> None:
        self._office = office
        self._book = book
        self._identity = identity
        self.stopping = threading.Event()
        self.failed = False
        self.trouble: Exception | None = None
        self._gives_up = gives_up
        self.rules = RulesInForce(office.rules, office.kept_rules, keeps_copy=True)
        self._intake = Intake(
            office, book, Archive(office.archive), identity=identity, clock=self.now
        )
        groups = {group.code: group.name for group in self.rules.current().groups.groups}
        refuse_unknown_groups(office.root / FILE_NAME, office.settings, groups)
        self._indexer = Indexer(office.search_index, office.settings.search.engine, book, groups)
        self._courier = Courier(office, book, clock=self.now)
        self._under_way: dict[Future[Outcome], Work] = {}
        self._begun: dict[int, datetime] = {}  # letters that outlived their first half lease
        self._kept_back: Work | None = None
        self._swept_clean = threading.Event()
        self._threads: list[threading.Thread] = []

    def now(self) -> datetime:
        """Return the time on the office's clock."""
        return datetime.now(UTC).astimezone(self._office.zone)

    def start(self) -> None:
        """Take up what was left, then start the threads."""
        left = self._intake.recover()
        if left:
            log.info("%d letters were under way when the program last ended", left)
        for name, keep_doing in (
            ("door", self._watch),
            ("workers", self._hand_out),
            ("index", self._follow),
            ("courier", self._tell_outside),
        ):
            thread = threading.Thread(target=self._guard, args=(keep_doing,), name=name)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End cleanly: letters under way go back and are worked at the next start."""
        self.stopping.set()
        for thread in self._threads:
            thread.join()
        self._indexer.close()

    def wait_until_done(self) -> bool:
        """Wait until all in the folders is filed, set aside and found by search; False if stopped."""
        looks_done = False
        while not self.stopping.wait(LOOK_SECONDS):
            # Looked at twice: a letter that is filed while the first look lasts may have had others
            # cut out of it, which lie at an inner door then, or came to the book since.
            before, looks_done = looks_done, self._looks_done()
            if before and looks_done:
                return True
        return False

    def _looks_done(self) -> bool:
        if self._intake.has_pieces() or not self._swept_clean.is_set():
            return False
        counts = self._book.letters.count_states(PROGRAM)
        if self._book.sent_copies.count_unfinished():
            return False
        return counts.waiting == counts.working == self._book.outbox.count() == 0

    def _guard(self, keep_doing: Callable[[], None]) -> None:
        """Run a thread's loop; one that ends by a fault of ours takes the program down, loudly."""
        try:
            keep_doing()
        finally:
            if not self.stopping.is_set():
                self.failed = True
                self.stopping.set()

    def _watch(self) -> None:
        folders = [folder.path for folder in self._intake.folders]
        while not self.stopping.is_set():
            try:
                waiting = self._intake.sweep()
            except KeepingError as trouble:
                self._wait_for_help(trouble)
                continue
            if waiting == 0:
                self._swept_clean.set()
            else:
                self._swept_clean.clear()
            settle = min(SWEEP_SECONDS, self._office.settings.watch.settle_seconds)
            if waiting:  # events tell nothing while a file settles: the clock does
                self.stopping.wait(settle)
            else:
                wait_for_change(folders, SWEEP_SECONDS, self.stopping)

    def _hand_out(self) -> None:
        working = self._office.settings.work
        with LetterProcesses(
            work_letter,
            workers=working.workers,
            letters_per_worker=working.letters_per_worker,
            prepare=prepare,
            prepare_with=(self._office.root,),
        ) as processes:
            while not self.stopping.is_set():
                try:
                    self._collect(processes)
                    while self._fill(processes):
                        pass
                except KeepingError as trouble:
                    self._wait_for_help(trouble)
                self.stopping.wait(LOOK_SECONDS)
        kept_back = [self._kept_back] if self._kept_back else []
        self._give_back([*self._under_way.values(), *kept_back])

    def _fill(self, processes: LetterProcesses[Work, Outcome]) -> bool:
        """Give one more letter to the workers; return whether there may be room for another.

        A letter that was begun before is worked alone: it may be the one that kills its process.
        """
        suspicious = any(job.attempts > 1 for job in self._under_way.values())
        if suspicious or len(self._under_way) >= processes.workers:
            return False
        self.rules.current()  # the one process that keeps a copy of good rules
        job = self._kept_back or self._take()
        self._kept_back = None
        if job is None:
            return False
        if job.attempts > 1 and self._under_way:
            self._kept_back = job
            return False
        try:
            self._under_way[processes.submit(job)] = job
        except BrokenProcessPool:
            self._recover_pool(processes)
        return True

    def _take(self) -> Work | None:
        """Lease what waits longest: a letter that came in, else a copy of one that went out."""
        asked = (self._identity, self._office.settings.work.lease_seconds, self.now())
        return self._book.jobs.take(*asked) or self._book.sent_copies.take(*asked)

    def _collect(self, processes: LetterProcesses[Work, Outcome]) -> None:
        """Take what the workers have done."""
        broken = False
        for future in [future for future in self._under_way if future.done()]:
            job = self._under_way.pop(future)
            self._begun.pop(job.letter_id, None)
            try:
                outcome = future.result()
                log.info("%s %s: %s", job.label, outcome.state, outcome.detail)
            except BrokenProcessPool:
                broken = True
                log.error("%s: its process died", job.label)
            except LeaseLostError as lost:
                log.warning("%s", lost)
            except OFFICE_TROUBLES as trouble:
                self._give_back([job])
                self._wait_for_help(trouble)
        if broken or not self._keep_leases():
            self._recover_pool(processes)

    def _keep_leases(self) -> bool:
        """Renew the leases of what is under way; False when a letter takes longer than any may.

        A letter of hundreds of pages takes longer than one lease; a hung library takes for ever.
        """
        lease_seconds = self._office.settings.work.lease_seconds
        now = self.now()
        for future, job in self._under_way.items():
            if job.lease_until is None or job.lease_until - now > timedelta(
                seconds=lease_seconds / 2
            ):
                continue
            begun = self._begun.setdefault(job.letter_id, now)
            if now - begun > timedelta(seconds=MOST_LEASES * lease_seconds):
                log.error("%s takes too long; its process is replaced", job.label)
                return False
            if isinstance(job, CopyJob):
                self._under_way[future] = self._book.sent_copies.renew(job, lease_seconds, now)
            else:
                self._under_way[future] = self._book.jobs.renew(job, lease_seconds, now)
        return True

    def _recover_pool(self, processes: LetterProcesses[Work, Outcome]) -> None:
        """Start fresh processes; what the dead ones had waits again, its try counted."""
        processes.renew()
        self._under_way.clear()
        self._begun.clear()
        self._kept_back = None
        self._book.jobs.release_all(self._identity)
        self._book.sent_copies.release_all(self._identity)

    def _give_back(self, jobs: Iterable[Work]) -> None:
        """Let letters wait again as if they had not been begun."""
        for job in jobs:
            with suppress(LeaseLostError):  # ended in this moment
                if isinstance(job, CopyJob):
                    self._book.sent_copies.release(job)
                else:
                    self._book.jobs.release(job)

    def _wait_for_help(self, trouble: Exception) -> None:
        thai = getattr(trouble, "thai", "")
        log.error("%s\n    %s", trouble, thai)
        if self._gives_up:
            self.trouble = trouble
            self.stopping.set()
        self.stopping.wait(TROUBLE_SECONDS)

    def _tell_outside(self) -> None:
        if not self._courier.has_work:
            self._courier.rest()
            self.stopping.wait()
        while not self.stopping.is_set():
            try:
                done = self._courier.step()
            except KeepingError as trouble:
                self._wait_for_help(trouble)
                continue
            if not done:
                self.stopping.wait(COURIER_SECONDS)

    def _follow(self) -> None:
        while not self.stopping.is_set():
            try:
                behind = self._indexer.step()
            except KeepingError as trouble:
                self._wait_for_help(trouble)
                continue
            if not behind:
                self.stopping.wait(INDEX_SECONDS)
