"""Good letters that come behind many hostile files are worked within a minute, however few processes there are.

Played with the program's own door and handing out, on a clock that is turned here; how a real run went is told in
`docs/reliability.md`.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from index.book import Book
from index.choices import JobState
from pipeline.hand_out import DOUBTFUL_SECONDS, TURN_SECONDS, HandOut
from pipeline.intake import Intake
from pipeline.look import DoorLook
from pipeline.office import Office
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.viewers import PROGRAM
from pipeline.worker import Errand, LetterErrand, Outcome
from tests import scans
from tests.keeping import NOW, make_filing
from tests.unit.pipeline.conftest import book, intake, made_office, office
from watch_folder.scanned_file import ScannedFile

__all__ = ["book", "intake", "made_office", "office"]  # the fixtures
STEP_SECONDS = 0.5
START_SECONDS = 2.0
"""What a new process takes to load what it needs, on two busy cores."""
LIMIT_SECONDS = 120.0
"""When a page's time is over by the clock (`page_seconds` of a core, twice that by the clock)."""
HOSTILE = float("inf")


@dataclass
class Running:
    """A letter in a process, until both its loading and its reading are over."""

    future: Future[Outcome]
    errand: LetterErrand
    loading: float
    cost: float
    used: float = 0.0


@dataclass
class PlayedProcesses(LetterProcesses[Errand, Outcome]):
    """Processes on the play's clock; `costs` says by name how many seconds a letter takes."""

    book: Book
    costs: dict[str, float]
    workers: int
    running: list[Running] = field(default_factory=list)
    warm: int = 0
    ended_at: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def submit(self, item: Errand) -> Future[Outcome]:
        assert isinstance(item, LetterErrand)
        future: Future[Outcome] = Future()
        loading = 0.0 if self.warm else START_SECONDS
        self.warm = max(0, self.warm - 1)
        self.running.append(Running(future, item, loading, self.costs[item.job.name]))
        return future

    def seconds_used(self, future: Future[Outcome]) -> float:
        return next(one.used for one in self.running if one.future is future)

    def end(self, future: Future[Outcome]) -> None:
        self._die(next(one for one in self.running if one.future is future), signal.SIGTERM)

    def _die(self, one: Running, sign: signal.Signals) -> None:
        self.running.remove(one)
        one.future.set_exception(ProcessDiedError(-sign))

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds
        for one in list(self.running):
            one.loading -= seconds
            if one.loading > 0:
                continue
            if not one.future.running():
                one.future.set_running_or_notify_cancel()
            one.used += seconds
            if one.used >= LIMIT_SECONDS:
                self._die(one, signal.SIGXCPU)
            elif one.used >= one.cost:
                job = one.errand.job
                self.book.jobs.file(job, make_filing(), NOW)
                self.ended_at[job.name] = self.seconds
                self.running.remove(one)
                self.warm += 1
                one.future.set_result(Outcome(job.letter_id, JobState.FILED, ""))


@dataclass
class Desk:
    """An office at which letters of known cost lie in a row, worked on the play's clock."""

    office: Office
    book: Book
    monkeypatch: pytest.MonkeyPatch

    def work(self, *costs: float, workers: int, until: float = 3600.0) -> Iterator[PlayedProcesses]:
        by_name = {f"{number:03}": cost for number, cost in enumerate(costs)}
        for number, name in enumerate(by_name):
            self._arrive(name, NOW + timedelta(milliseconds=number))
        processes = PlayedProcesses(self.book, by_name, workers)

        def now() -> datetime:
            return NOW + timedelta(seconds=processes.seconds)

        self.monkeypatch.setattr("pipeline.hand_out.time.monotonic", lambda: processes.seconds)
        hand_out = HandOut(self.office, self.book, processes, identity="test", now=now)
        hand_out.step()
        while processes.running and processes.seconds < until:
            yield processes
            processes.pass_by(STEP_SECONDS)
            hand_out.step()

    def _arrive(self, name: str, at: datetime) -> None:
        path = scans.write_png(self.office.work / f"{name}.png", name)
        scan = ScannedFile(
            path=path,
            name=name,
            sha256=name * 21 + "0",
            size_bytes=path.stat().st_size,
            media_type="image/png",
            received_at=at,
            door="inbox",
            secret_door=False,
        )
        self.book.jobs.record_arrival(scan)


@pytest.fixture
def desk(office: Office, book: Book, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(office, book, monkeypatch)


@pytest.mark.parametrize("workers", [1, 2])
def test_four_good_letters_behind_five_hostile_files_are_filed_within_a_minute(
    desk: Desk, workers: int
) -> None:
    good = [f"{number:03}" for number in range(5, 9)]
    for processes in desk.work(*[HOSTILE] * 5, 1.5, 3.0, 0.5, 4.0, workers=workers):
        assert len(processes.running) <= workers + 1, "one process more, and never two"
        slow = [one for one in processes.running if one.used > TURN_SECONDS + 2 * STEP_SECONDS]
        if len(processes.ended_at) < len(good):
            assert len(slow) <= 1, "never more than one goes on while good letters wait"
    assert max(processes.ended_at[name] for name in good) <= 60
    assert desk.book.letters.count_states(PROGRAM).quarantined == 5


@pytest.mark.parametrize(("workers", "hostile"), [(1, 20), (2, 20)])
def test_each_further_hostile_file_costs_a_short_turn_and_the_start_of_a_process(
    desk: Desk, workers: int, hostile: int
) -> None:
    last = f"{hostile:03}"
    for processes in desk.work(*[HOSTILE] * hostile, 1.5, workers=workers, until=200.0):
        if last in processes.ended_at:
            break
    each = DOUBTFUL_SECONDS + START_SECONDS + 2 * STEP_SECONDS
    rounds = (hostile - workers) / workers
    assert processes.ended_at[last] <= START_SECONDS + TURN_SECONDS + rounds * each + 5


def test_a_long_good_letter_is_filed_while_hostile_ones_of_many_pages_go_on_for_an_hour(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.faults.test_many_hostile_files.LIMIT_SECONDS", 3600.0)
    for processes in desk.work(*[HOSTILE] * 4, 16.0, *[4.0] * 40, workers=1):
        if "004" in processes.ended_at:
            break
    assert processes.ended_at["004"] < 180
    assert "044" not in processes.ended_at, "others wait all the while"


def test_files_that_are_long_to_look_at_do_not_keep_the_good_ones_at_the_door(
    office: Office, book: Book, intake: Intake
) -> None:
    inbox = office.root / "inbox"
    for name in ("1-hostile", "2-hostile", "3-slow", "4-good", "5-good"):
        scans.write_png(inbox / f"{name}.png", name)
    longer: dict[str, Future[str]] = {}

    def begin(path: Path, seconds: int | None = None) -> Future[str]:
        future: Future[str] = Future()
        if seconds is None:
            longer[path.stem] = future
        elif "good" in path.stem:
            future.set_result("image/png")
        else:
            future.set_exception(ProcessDiedError(-signal.SIGXCPU))
        return future

    intake._look._look.begin = begin  # type: ignore[method-assign]
    intake.sweep()
    time.sleep(0.01)
    assert intake.sweep() == 3, "still at the door"
    counts = book.letters.count_states(PROGRAM)
    assert (counts.waiting, counts.quarantined) == (2, 0), "the good ones passed at the same sweep"
    for asked, state in enumerate(("hostile", "hostile", "slow"), start=1):
        assert len(longer) == asked, "one at a time"
        if state == "hostile":
            longer[f"{asked}-hostile"].set_exception(ProcessDiedError(-signal.SIGALRM))
        else:
            longer["3-slow"].set_result("image/png")
        intake.sweep()
    counts = book.letters.count_states(PROGRAM)
    assert (counts.waiting, counts.quarantined) == (3, 2)
    assert list(inbox.iterdir()) == []


def test_a_look_beside_that_nobody_asks_for_any_more_makes_room_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = DoorLook()
    begun: list[tuple[str, Future[str]]] = []

    def begin(path: Path, seconds: int | None = None) -> Future[str]:
        future: Future[str] = Future()
        if seconds is None:
            begun.append((path.name, future))
        else:
            future.set_exception(ProcessDiedError(-signal.SIGXCPU))
        return future

    monkeypatch.setattr(look._look, "begin", begin)
    gone, kept = (scans.write_png(tmp_path / name, name) for name in ("gone", "kept"))
    assert look(gone) is None
    assert look(kept) is None
    assert [name for name, _ in begun] == ["gone"]
    gone.unlink()
    assert look(kept) is None
    begun[-1][1].set_exception(ProcessDiedError(-signal.SIGKILL))  # the kernel chose it: once more
    assert look(kept) is None
    assert look(kept) is None
    begun[-1][1].set_result("image/png")
    assert look(kept) == "image/png"
    assert [name for name, _ in begun] == ["gone", "kept", "kept"]
    look.stop()
    with pytest.raises(FileNotFoundError):
        look(kept)
