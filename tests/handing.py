"""Letters handed out to processes that begin what they are given and end when the test says so."""

from __future__ import annotations

import signal
from concurrent.futures import Future
from datetime import datetime, timedelta

import pytest

from index.book import Book
from pipeline import hand_out as handing
from pipeline.hand_out import HandOut
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.worker import Errand, LetterErrand, Outcome
from tests import scans
from tests.keeping import NOW

TURN_SECONDS = handing.TURN_SECONDS * handing.CLOCK_FOR_CORE
"""A first turn by the clock."""


class HeldProcesses(LetterProcesses[Errand, Outcome]):
    """Processes that begin what they are given and end when the test says so."""

    def __init__(self, workers: int = 2) -> None:
        super().__init__(len, workers=workers, letters_per_worker=9, prepare=len)  # type: ignore[arg-type]
        self.begun: dict[str, Future[Outcome]] = {}

    def submit(self, item: Errand) -> Future[Outcome]:
        assert isinstance(item, LetterErrand)
        future = self.begun[item.job.name] = Future()
        future.set_running_or_notify_cancel()
        return future

    def seconds_used(self, future: Future[Outcome]) -> float:
        return 0.0  # the clock alone counts

    def end(self, future: Future[Outcome]) -> None:
        future.set_exception(ProcessDiedError(-signal.SIGTERM))

    @property
    def running(self) -> list[str]:
        return [name for name, future in self.begun.items() if not future.done()]


class Clocks:
    """The office's clock, and the one that counts seconds; both stand until they are moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr("pipeline.hand_out.time.monotonic", clocks.monotonic)
    return clocks


def receive(office: Office, intake: Intake, *names: str) -> None:
    for name in names:
        scans.write_png(office.root / "inbox" / f"{name}.png", name)
        while intake.sweep():
            pass


def hand_out(office: Office, book: Book, processes: HeldProcesses, clocks: Clocks) -> HandOut:
    return HandOut(office, book, processes, identity="test", now=clocks.now)


def names(*stems: str) -> list[str]:
    return [f"{stem}.png" for stem in stems]


def sha256_of(book: Book, name: str) -> str:
    return next(one for one in book.jobs.known_scans() if book.jobs.find(one).name == name)  # type: ignore[union-attr]
