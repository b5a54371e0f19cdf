"""Handing letters out to the processes that read them, so that no letter keeps the others waiting.

A letter that takes long is set apart: its process goes on beside the others, one at a time, and
another takes its place. What ended its process once is tried again only there. Where all processes
are held by slow letters while others wait, the slowest is put off until it can be worked apart.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from index.book import Book
from index.errors import KeepingError, LeaseLostError
from index.register.received.jobs import Reason
from pipeline.office import Office
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.worker import OFFICE_TROUBLES, TOO_HEAVY, CopyErrand, Errand, LetterErrand, Outcome

log = logging.getLogger("saraban")
APART_SECONDS = 20.0  # thirty pages at 300 dpi; a hostile file may keep one process so long
WAITED_OUT = (*OFFICE_TROUBLES, KeepingError)
"""What keeps letters waiting until somebody has helped; also where a process could not even begin."""
PATIENCE = 3  # times `file_seconds` until a process is ended that its own clock did not end


@dataclass(slots=True)
class _UnderWay:
    """A letter that a process works on; `put_off` when its process was ended to make room."""

    errand: Errand
    apart: bool = False
    put_off: bool = False
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
        self._quarantine = office.quarantine
        self._work = office.settings.work
        self._book = book
        self._processes = processes
        self._identity = identity
        self._now = now
        self._under_way: dict[Future[Outcome], _UnderWay] = {}
        self._put_off: deque[Errand] = deque()  # leased, and waiting to be worked apart

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
        for errand in [*(one.errand for one in self._under_way.values()), *self._put_off]:
            self._release(errand)
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
        if one.put_off:
            self._put_off.append(one.errand)
        elif death.overran or one.seconds > self._longest_seconds:
            log.error("%s took too long; its process was ended", one.errand.job.label)
            reason = Reason(TOO_HEAVY.code, TOO_HEAVY.thai, TOO_HEAVY.english, str(death))
            try:
                one.errand.set_aside(reason, self._book, self._quarantine, self._now())
            except LeaseLostError:
                one.errand.end_what_ended(self._book, self._quarantine)
        else:
            log.error("%s: its process died (%s)", one.errand.job.label, death.exit_code)
            self._release(one.errand, died=True)

    @property
    def _longest_seconds(self) -> float:
        return float(PATIENCE * self._work.file_seconds)

    def _keep_leases(self) -> None:
        """Renew the leases that are half over; end what its own clock should have ended long ago."""
        for future, one in self._under_way.items():
            one.errand = self._renewed(one.errand)
            if one.seconds > self._longest_seconds:
                self._processes.end(future)
        self._put_off = deque(self._renewed(errand) for errand in self._put_off)

    def _renewed(self, errand: Errand) -> Errand:
        now, seconds = self._now(), self._work.lease_seconds
        until = errand.job.lease_until
        if until is None or until - now > timedelta(seconds=seconds / 2):
            return errand
        with suppress(LeaseLostError):  # it ended in this moment
            return errand.renewed(self._book, seconds, now)
        return errand

    def _make_room(self) -> None:
        """Set the slowest letter apart, or put it off when one is apart and all processes are slow."""
        in_line = {future: one for future, one in self._under_way.items() if not one.apart}
        slow = {future: one for future, one in in_line.items() if one.seconds > APART_SECONDS}
        if not slow or any(one.put_off for one in in_line.values()):
            return
        slowest = max(slow, key=lambda future: slow[future].seconds)
        if len(in_line) == len(self._under_way) and not self._put_off:
            slow[slowest].apart = True
        elif len(slow) >= self._processes.workers and self._book.jobs.waits(self._now()):
            slow[slowest].put_off = True
            self._processes.end(slowest)

    def _fill(self) -> None:
        """Begin what there is room for; a letter that ended its process before only apart."""
        if self._put_off and not any(one.apart for one in self._under_way.values()):
            self._begin(self._put_off.popleft(), apart=True)
        while sum(not one.apart for one in self._under_way.values()) < self._processes.workers:
            errand = self._take()
            if errand is None:
                return
            if errand.job.attempts <= 1:
                self._begin(errand)
            elif any(one.apart for one in self._under_way.values()):
                self._put_off.append(errand)
            else:
                self._begin(errand, apart=True)

    def _begin(self, errand: Errand, *, apart: bool = False) -> None:
        future = self._processes.submit(errand)
        self._under_way[future] = _UnderWay(errand, apart, since=time.monotonic())

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
            errand.end_what_ended(self._book, self._quarantine)
