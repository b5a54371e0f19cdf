"""Conducts one office: the door, the workers and the index, each in its own thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from index.archive import Archive
from index.book import Book
from index.errors import KeepingError
from pipeline.courier import Courier
from pipeline.hand_out import WAITED_OUT, HandOut
from pipeline.indexer import Indexer
from pipeline.intake import Intake
from pipeline.letter_process import prepare, work_letter
from pipeline.office import Office
from pipeline.processes import LetterProcesses
from pipeline.rules_in_force import RulesInForce
from pipeline.settings import FILE_NAME, refuse_unknown_groups
from pipeline.upkeep import Upkeep
from pipeline.viewers import PROGRAM
from watch_folder.wake import wait_for_change

log = logging.getLogger("saraban")
SWEEP_SECONDS = 1.0  # at the latest; an event in a folder comes sooner
LOOK_SECONDS = 0.2
INDEX_SECONDS = 0.5
COURIER_SECONDS = 3.0
UPKEEP_SECONDS = 60.0
TROUBLE_SECONDS = 5.0


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
            ("upkeep", self._look_after),
        ):
            thread = threading.Thread(target=self._guard, args=(keep_doing,), name=name)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """End cleanly: letters under way go back and are worked at the next start."""
        self.stopping.set()
        self._intake.stop()
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
            allowance=working.allowance,
        ) as processes:
            hand_out = HandOut(
                self._office, self._book, processes, identity=self._identity, now=self.now
            )
            while not self.stopping.is_set():
                try:
                    self.rules.current()  # the one process that keeps a copy of good rules
                    hand_out.step()
                except WAITED_OUT as trouble:
                    self._wait_for_help(trouble)
                self.stopping.wait(LOOK_SECONDS)
        hand_out.give_back()

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

    def _look_after(self) -> None:
        if self._gives_up:  # this run ends with its letters; it is no time for a backup
            self.stopping.wait()
            return
        upkeep = Upkeep(self._office, self._book, clock=self.now, stopping=self.stopping)
        while not self.stopping.wait(UPKEEP_SECONDS):
            upkeep.step()

    def _follow(self) -> None:
        while not self.stopping.is_set():
            try:
                behind = self._indexer.step()
            except KeepingError as trouble:
                self._wait_for_help(trouble)
                continue
            if not behind:
                self.stopping.wait(INDEX_SECONDS)
