"""Handing letters out to the processes that read them, so that no letter keeps the others waiting.

Each letter has a turn. One that is not done when its turn is over, while others wait, is set apart: its
process goes on beside the others, one at a time, and another takes its place. Where one is apart already,
its process is ended and the letter put off, with a turn twice as long, until it can be worked apart or
nobody waits; so slow letters share one process and every one of them comes to its end. What ended its
process once is tried again only apart.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from index.archive import Archive
from index.book import Book
from index.errors import KeepingError, LeaseLostError
from index.register.received.jobs import Reason
from pipeline.carry import scratch_of
from pipeline.handed_in import remove_halves_of
from pipeline.hiding import hide_what_lies_open
from pipeline.office import Office
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.worker import OFFICE_TROUBLES, TOO_HEAVY, CopyErrand, Errand, LetterErrand, Outcome

log = logging.getLogger("saraban")
TURN_SECONDS = 10.0
"""A letter's first turn, of a core: fifteen pages at 300 dpi; a hostile file may keep one process so long."""
DOUBTFUL_SECONDS = 5.0
"""The first turn while others were slow: where several hostile files come at once, good letters wait behind each."""
WAITED_OUT = (*OFFICE_TROUBLES, KeepingError)
"""What keeps letters waiting until somebody has helped; also where a process could not even begin."""
CLOCK_FOR_CORE = 4.0
"""By the clock a turn lasts so much longer at most: where cores are busy otherwise, no letter is put off for that."""
PATIENCE = 3  # times `file_seconds` until a process is ended that its own clock did not end


@dataclass(slots=True)
class _UnderWay:
    """A letter that a process works on, or did; `put_off` when its process was ended to make room.

    `since` is when it was given to its process, and from `begun` on when that had loaded what it needs.
    """

    errand: Errand
    turn_seconds: float
    apart: bool = False
    put_off: bool = False
    begun: bool = False
    since: float = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.since


class HandOut:
    """The letters under way in one office; `now` is its clock, `identity` the owner of its leases."""

    def __init__(
        self,
        office: Office,
        book: Book,
        processes: LetterProcesses[Errand, Outcome],
        *,
        identity: str,
        now: Callable[[], datetime],
    ) -> None:
        self._office = office
        self._quarantine, self._folder = office.quarantine, office.work
        self._work = office.settings.work
        self._book = book
        self._processes = processes
        self._identity = identity
        self._now = now
        self._under_way: dict[Future[Outcome], _UnderWay] = {}
        self._put_off: list[_UnderWay] = []  # leased, and waiting to be worked on

    def step(self) -> None:
        """Take what is done, renew leases, give out what there is room for.

        Raises one of WAITED_OUT; the letters then wait, and the next step goes on.
        """
        try:
            self._collect()
        finally:
            self._keep_leases()
        self._make_room()
        self._fill()

    def give_back(self) -> None:
        """Let what is under way wait again as if it had not been begun."""
        for one in [*self._under_way.values(), *self._put_off]:
            self._release(one.errand)
        self._under_way.clear()
        self._put_off.clear()

    def _collect(self) -> None:
        for future in [future for future in self._under_way if future.done()]:
            one = self._under_way.pop(future)
            try:
                trouble = self._settle(one, future)
            except WAITED_OUT:
                self._under_way[future] = one  # the book could not note it: the next step will
                raise
            if trouble is not None:
                raise trouble

    def _settle(self, one: _UnderWay, future: Future[Outcome]) -> Exception | None:
        """Note how a letter's work ended; return the office's trouble that it ended with, if any.

        Raises one of WAITED_OUT when the book cannot note it.
        """
        label, error = one.errand.job.label, future.exception()
        if error is None:
            outcome = future.result()
            log.info("%s %s: %s", label, outcome.state, outcome.detail)
        elif isinstance(error, ProcessDiedError):
            self._note_death(one, error)
        elif isinstance(error, LeaseLostError):
            log.warning("%s", error)
        elif isinstance(error, WAITED_OUT):
            self._release(one.errand)
            return error
        else:  # a fault of ours outside of the letter's own work: tried again, not for ever
            log.error("%s: %r", label, error)
            self._release(one.errand, died=True)
        return None

    def _note_death(self, one: _UnderWay, death: ProcessDiedError) -> None:
        """Judge a letter whose process ended: its time was over, or it died of it, or we ended it."""
        for scratch in self._folder.glob(f"{scratch_of(one.errand.job.label)}*"):
            shutil.rmtree(scratch, ignore_errors=True)
        remove_halves_of(self._office)
        if one.put_off:
            self._put_off.append(one)
        elif death.overran or one.seconds > self._longest_seconds:
            log.error("%s took too long; its process was ended", one.errand.job.label)
            reason = Reason(TOO_HEAVY.code, TOO_HEAVY.thai, TOO_HEAVY.english, str(death))
            try:
                one.errand.set_aside(reason, self._book, self._quarantine, self._now())
            except LeaseLostError:
                self._end_what_ended(one.errand)
        else:
            log.error("%s: its process died (%s)", one.errand.job.label, death.exit_code)
            self._release(one.errand, died=True)

    @property
    def _longest_seconds(self) -> float:
        return float(PATIENCE * self._work.file_seconds)

    def _keep_leases(self) -> None:
        """Renew the leases that are half over; end what its own clock should have ended long ago."""
        for one in self._put_off:
            one.errand = self._renewed(one.errand)
        for future, one in self._under_way.items():
            one.errand = self._renewed(one.errand)
            if not one.begun and future.running():
                one.begun, one.since = True, time.monotonic()
            if one.seconds > self._longest_seconds:
                self._processes.end(future)

    def _renewed(self, errand: Errand) -> Errand:
        now, seconds = self._now(), self._work.lease_seconds
        until = errand.job.lease_until
        if until is None or until - now > timedelta(seconds=seconds / 2):
            return errand
        with suppress(LeaseLostError):  # it ended in this moment
            return errand.renewed(self._book, seconds, now)
        return errand

    def _make_room(self) -> None:
        """End the turn that is over for longest, where another letter waits for the place."""
        if any(one.put_off for one in self._under_way.values()):
            return  # its process is just ending
        over = [each for each in self._under_way.items() if self._is_over(*each)]
        for future, one in sorted(over, key=lambda each: -each[1].seconds):
            if not (one.apart or self._one_is_apart or self._put_off):
                one.apart = True
            elif self._put_off if one.apart else self._one_waits:
                one.put_off = True
                self._processes.end(future)
            else:
                continue
            one.turn_seconds *= 2
            return

    def _is_over(self, future: Future[Outcome], one: _UnderWay) -> bool:
        """Tell whether a letter's turn is over; loading what a new process needs is not its fault."""
        used = max(self._processes.seconds_used(future), one.seconds / CLOCK_FOR_CORE)
        return one.begun and used > one.turn_seconds

    @property
    def _one_is_apart(self) -> bool:
        return any(one.apart for one in self._under_way.values())

    @property
    def _one_waits(self) -> bool:
        now = self._now()
        return self._book.jobs.waits(now) or self._book.sent_copies.waits(now)

    def _fill(self) -> None:
        """Begin what there is room for: new letters first, those that were put off apart or when no new ones wait."""
        if self._put_off and not self._one_is_apart:
            self._begin_put_off(apart=True)
        while sum(not one.apart for one in self._under_way.values()) < self._processes.workers:
            errand = self._take()
            if errand is None:
                if not self._begin_put_off():
                    return
            elif errand.job.attempts <= 1:
                self._begin(_UnderWay(errand, self._first_turn))
            else:
                one = _UnderWay(errand, TURN_SECONDS, apart=not self._one_is_apart)
                if one.apart:
                    self._begin(one)
                else:
                    self._put_off.append(one)

    @property
    def _first_turn(self) -> float:
        doubtful = self._put_off or self._one_is_apart
        if doubtful or any(self._is_over(*each) for each in self._under_way.items()):
            return DOUBTFUL_SECONDS
        return TURN_SECONDS

    def _begin_put_off(self, *, apart: bool = False) -> bool:
        """Begin again the one that had the shortest turn; False when there is none for this place."""
        fit = [one for one in self._put_off if apart or one.errand.job.attempts <= 1]
        if not fit:
            return False
        one = min(fit, key=lambda each: each.turn_seconds)
        self._put_off.remove(one)
        self._begin(_UnderWay(one.errand, one.turn_seconds, apart))
        return True

    def _begin(self, one: _UnderWay) -> None:
        future = self._processes.submit(one.errand)
        one.begun, one.since = future.running(), time.monotonic()
        self._under_way[future] = one

    def _take(self) -> Errand | None:
        """Lease what waits longest: a letter that came in, else a copy of one that went out."""
        asked = (self._identity, self._work.lease_seconds, self._now())
        if (letter := self._book.jobs.take(*asked)) is not None:
            return LetterErrand(letter)
        copy = self._book.sent_copies.take(*asked)
        return None if copy is None else CopyErrand(copy)

    def _release(self, errand: Errand, *, died: bool = False) -> None:
        try:
            errand.release(self._book, died=died)
        except LeaseLostError:
            self._end_what_ended(errand)

    def _end_what_ended(self, errand: Errand) -> None:
        """Do what was left after the book had noted the end: hide the files, then remove the claimed one."""
        hide_what_lies_open(self._office, self._book, Archive(self._office.archive))
        errand.end_what_ended(self._book, self._quarantine)
