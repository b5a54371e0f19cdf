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
from typing import TypeAlias

from index.book import Book
from index.errors import LeaseLostError
from index.register.received.jobs import Job, Reason
from index.register.sent.sent_copies import CopyJob
from pipeline.office import Office
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.worker import OFFICE_TROUBLES, TOO_HEAVY, Outcome, set_aside

Work: TypeAlias = Job | CopyJob
log = logging.getLogger("saraban")
APART_SECONDS = 20.0  # thirty pages at 300 dpi; a hostile file may keep one process so long
PATIENCE = 3  # times `file_seconds` until a process is ended that its own clock did not end


@dataclass(slots=True)
class _UnderWay:
    """A letter that a process works on; `put_off` when its process was ended to make room."""

    job: Work
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
        processes: LetterProcesses[Work, Outcome],
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
        self._put_off: deque[Work] = deque()  # leased, and waiting to be worked apart

    def step(self) -> None:
        """Take what is done, renew leases, give out what there is room for.

        Raises one of OFFICE_TROUBLES or KeepingError; the letters then wait, and the next step goes on.
        """
        try:
            self._collect()
        finally:
            self._keep_leases()
        self._make_room()
        self._fill()

    def give_back(self) -> None:
        """Let what is under way wait again as if it had not been begun."""
        for job in [*(one.job for one in self._under_way.values()), *self._put_off]:
            self._release(job)
        self._under_way.clear()
        self._put_off.clear()

    def _collect(self) -> None:
        for future in [future for future in self._under_way if future.done()]:
            one = self._under_way.pop(future)
            try:
                outcome = future.result()
                log.info("%s %s: %s", one.job.label, outcome.state, outcome.detail)
            except ProcessDiedError as death:
                self._note_death(one, death)
            except LeaseLostError as lost:
                log.warning("%s", lost)
            except OFFICE_TROUBLES:
                self._release(one.job)
                raise

    def _note_death(self, one: _UnderWay, death: ProcessDiedError) -> None:
        """Judge a letter whose process ended: its time was over, or it died of it, or we ended it."""
        if one.put_off:
            self._put_off.append(one.job)
        elif death.overran or one.seconds > self._longest_seconds:
            log.error("%s took too long; its process was ended", one.job.label)
            reason = Reason(TOO_HEAVY.code, TOO_HEAVY.thai, TOO_HEAVY.english, str(death))
            try:
                set_aside(one.job, reason, self._book, self._quarantine, self._now())
            except LeaseLostError as lost:
                log.warning("%s", lost)
            except OFFICE_TROUBLES:
                self._release(one.job)
                raise
        else:
            log.error("%s: its process died (%s)", one.job.label, death.exit_code)
            self._release(one.job, died=True)

    @property
    def _longest_seconds(self) -> float:
        return float(PATIENCE * self._work.file_seconds)

    def _keep_leases(self) -> None:
        """Renew the leases that are half over; end what its own clock should have ended long ago."""
        for future, one in self._under_way.items():
            one.job = self._renewed(one.job)
            if one.seconds > self._longest_seconds:
                self._processes.end(future)
        self._put_off = deque(self._renewed(job) for job in self._put_off)

    def _renewed(self, job: Work) -> Work:
        now, seconds = self._now(), self._work.lease_seconds
        half = timedelta(seconds=seconds / 2)
        if job.lease_until is None or job.lease_until - now > half:
            return job
        with suppress(LeaseLostError):  # it ended in this moment
            if isinstance(job, CopyJob):
                return self._book.sent_copies.renew(job, seconds, now)
            return self._book.jobs.renew(job, seconds, now)
        return job

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
            job = self._take()
            if job is None:
                return
            if job.attempts <= 1:
                self._begin(job)
            elif any(one.apart for one in self._under_way.values()):
                self._put_off.append(job)
            else:
                self._begin(job, apart=True)

    def _begin(self, job: Work, *, apart: bool = False) -> None:
        self._under_way[self._processes.submit(job)] = _UnderWay(job, apart, since=time.monotonic())

    def _take(self) -> Work | None:
        """Lease what waits longest: a letter that came in, else a copy of one that went out."""
        asked = (self._identity, self._work.lease_seconds, self._now())
        return self._book.jobs.take(*asked) or self._book.sent_copies.take(*asked)

    def _release(self, job: Work, *, died: bool = False) -> None:
        with suppress(LeaseLostError):  # ended in this moment
            if isinstance(job, CopyJob):
                self._book.sent_copies.release(job, died=died)
            else:
                self._book.jobs.release(job, died=died)
