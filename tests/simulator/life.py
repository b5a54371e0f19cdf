"""One life of the program: from its start to its end, orderly or not, driven a step at a time."""

from __future__ import annotations

import signal
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from classify import RuleSet
from index.archive import Archive
from index.book import Book
from pipeline.carry import Workbench
from pipeline.hand_out import HandOut
from pipeline.indexer import Indexer
from pipeline.intake import Intake
from pipeline.office import Office, open_book
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.worker import Errand, Outcome, work
from tests.simulator.disk import KilledError
from tests.simulator.made_scans import DeadlyError
from watch_folder.whole import check_whole

WORKERS = 2


@dataclass(slots=True)
class Clocks:
    """The office's clock, which may be set, and the one that only goes on."""

    now: datetime
    seconds: float = 0.0

    def pass_by(self, seconds: float) -> None:
        """Let time go on."""
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds

    def monotonic(self) -> float:
        """What `time.monotonic` tells."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """What `time.sleep` does."""
        self.pass_by(seconds)


class _Processes(LetterProcesses[Errand, Outcome]):
    """Processes that hold what they were given until the play lets one of them work."""

    def __init__(self) -> None:
        self.workers = WORKERS
        self.held: dict[Future[Outcome], Errand] = {}

    def submit(self, item: Errand) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        future.set_running_or_notify_cancel()
        self.held[future] = item
        return future

    def seconds_used(self, future: Future[Outcome]) -> float:
        return 0.0  # the clock alone counts

    def end(self, future: Future[Outcome]) -> None:
        if self.held.pop(future, None) is not None:
            future.set_exception(ProcessDiedError(-signal.SIGTERM))


class Look:
    """Looks into a file here, where a server has a process for it."""

    def __init__(self, *_told: object) -> None:
        pass

    __call__ = staticmethod(check_whole)


class Life:
    """The parts of a server, each step of which the play calls for. Starting may end in KilledError."""

    def __init__(self, office: Office, rules: RuleSet, clocks: Clocks) -> None:
        self.office = office
        self.book: Book = open_book(office)
        archive = Archive(office.archive)
        clock = partial(getattr, clocks, "now")
        self.intake = Intake(office, self.book, archive, identity="life", clock=clock)
        self.intake.recover()
        self._processes = _Processes()
        self._hand_out = HandOut(office, self.book, self._processes, identity="life", now=clock)
        names = {group.code: group.name for group in rules.groups.groups}
        self.indexer = Indexer(office.search_index, office.settings.search.engine, self.book, names)
        self._bench = Workbench(
            book=self.book,
            archive=archive,
            office=office,
            rules=lambda: rules,
            thresholds=office.settings.review,
            clock=clock,
        )

    @property
    def under_way(self) -> list[Errand]:
        """What the processes hold, the longest held first."""
        return list(self._processes.held.values())

    def hand_out(self) -> None:
        """Collect what is done and give out what waits, as the server does five times a second."""
        self._hand_out.step()

    def work(self, place: int) -> str:
        """Let the process of the job at this place work it to its end; return how it ended.

        Raises KilledError, with the job still held: `let_die` or the end of this life is to follow.
        """
        future, errand = list(self._processes.held.items())[place]
        try:
            outcome = work(
                errand, self._bench, self.office.quarantine, self.office.settings.work.attempts
            )
        except DeadlyError as death:
            self._die(future, signal.SIGXCPU if death.overran else signal.SIGSEGV)
            return "died of it"
        except KilledError:
            raise
        except Exception as trouble:  # noqa: BLE001 - a process hands every error to the server
            del self._processes.held[future]
            future.set_exception(trouble)
            return type(trouble).__name__
        del self._processes.held[future]
        future.set_result(outcome)
        return f"{outcome.state} {outcome.detail}"

    def go_on(self) -> None:
        """Sweep once and work everything that is there."""
        self.intake.sweep()
        self.hand_out()
        while self.under_way:
            self.work(0)
            self.hand_out()

    def let_die(self, place: int) -> None:
        """Say that the process of the job at this place was killed."""
        self._die(list(self._processes.held)[place], signal.SIGKILL)

    def stop(self) -> None:
        """End orderly."""
        self._hand_out.give_back()
        self.drop()

    def drop(self) -> None:
        """Close what a dead process no longer holds."""
        self.indexer.close()
        self.book.close()

    def _die(self, future: Future[Outcome], sign: signal.Signals) -> None:
        del self._processes.held[future]
        future.set_exception(ProcessDiedError(-sign))
