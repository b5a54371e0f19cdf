"""No letter keeps the others waiting: slow ones are set apart, deadly ones tried apart, harmful ones set aside."""

from __future__ import annotations

import signal
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from index.book import Book
from index.choices import JobState
from index.errors import BookDamagedError, BookTooNewError, BookUnavailableError, DiskFullError
from pipeline import hand_out as handing
from pipeline.carry import scratch_of
from pipeline.hand_out import HandOut
from pipeline.intake import Intake
from pipeline.limits import Allowance
from pipeline.office import Office
from pipeline.processes import LetterProcesses, ProcessDiedError
from pipeline.viewers import PROGRAM
from pipeline.worker import Errand, LetterErrand, Outcome
from tests import scans
from tests.keeping import NOW, REGISTRAR, make_filing

TURN_SECONDS = handing.TURN_SECONDS * handing.CLOCK_FOR_CORE


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


def test_a_slow_letter_is_set_apart_and_another_begins(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    receive(office, intake, *"abcd")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    assert processes.running == names("a", "b")
    clocks.seconds = TURN_SECONDS + 1
    handing_out.step()
    assert processes.running == names("a", "b", "c"), "a goes on beside them, c has its place"


def test_while_others_wait_slow_ones_never_hold_all_places(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    receive(office, intake, *"abcde")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    for round_number in range(8):
        clocks.seconds = round_number * (TURN_SECONDS + 1)
        handing_out.step()
        handing_out.step()
    assert "e.png" in processes.begun, "four slow letters before it"
    assert len(processes.running) <= 3
    for _ in range(4):  # those that were put off begin again
        for name in processes.running:
            processes.begun[name].set_result(Outcome(1, JobState.FILED, ""))
        handing_out.step()
    assert not processes.running
    assert not handing_out._put_off
    counts = book.letters.count_states(PROGRAM)
    assert (counts.quarantined, counts.received) == (0, 5)


def test_a_letter_whose_process_is_still_loading_is_not_slow(
    office: Office, book: Book, intake: Intake, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(office, intake, *"abc")
    processes = HeldProcesses(workers=1)
    monkeypatch.setattr(Future, "set_running_or_notify_cancel", lambda _future: None)
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    clocks.seconds = 100
    handing_out.step()
    assert processes.running == names("a")
    processes.begun["a.png"]._state = "RUNNING"
    for seconds in (TURN_SECONDS - 1, 2):
        handing_out.step()
        clocks.seconds += seconds
    handing_out.step()
    assert processes.running == names("a", "b")


@pytest.mark.parametrize("how", [-signal.SIGXCPU, -signal.SIGALRM, -signal.SIGABRT, 127])
def test_what_took_more_than_it_may_is_set_aside_at_once(
    office: Office, book: Book, intake: Intake, clocks: Clocks, how: int
) -> None:
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    processes.begun["a.png"].set_exception(ProcessDiedError(how))
    handing_out.step()
    (held,) = book.quarantine.held(REGISTRAR)
    assert (held.reason.code, held.attempts) == ("too-heavy", 1)
    assert held.path == office.quarantine / "a.png"
    assert held.path.is_file()
    assert list(office.work.iterdir()) == []


def test_a_letter_whose_process_was_killed_is_tried_again_beside_the_others(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    receive(office, intake, *"abc")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    processes.begun["a.png"].set_exception(ProcessDiedError(-signal.SIGKILL))
    handing_out.step()
    assert processes.running == names("a", "b", "c"), "apart, so that it costs nobody a place"
    job = book.jobs.find(_sha256_of(book, "a.png"))
    assert job is not None
    assert job.attempts == 2


def test_how_a_letter_ended_is_noted_when_the_book_can_be_written_again(
    office: Office, book: Book, intake: Intake, clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(office, intake, *"ab")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    processes.begun["a.png"].set_exception(ProcessDiedError(-signal.SIGKILL))
    processes.begun["b.png"].set_exception(ProcessDiedError(-signal.SIGXCPU))

    def full(*_told: object, **_named: object) -> None:
        raise DiskFullError("saraban.db")

    with monkeypatch.context() as disk:
        disk.setattr(book.jobs, "release", full)
        disk.setattr(book.jobs, "quarantine", full)
        for _ in range(2):
            with pytest.raises(DiskFullError):
                handing_out.step()
    handing_out.step()
    (held,) = book.quarantine.held(REGISTRAR)
    assert held.reason.code == "too-heavy"
    job = book.jobs.find(_sha256_of(book, "a.png"))
    assert job is not None
    assert job.attempts == 2, "begun again at once, not when its lease has run out"


@pytest.mark.parametrize("how", [-signal.SIGKILL, -signal.SIGXCPU])
def test_what_a_dead_process_was_writing_is_removed_and_what_others_write_is_not(
    office: Office, book: Book, intake: Intake, clocks: Clocks, how: int
) -> None:
    receive(office, intake, "a", "b")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    scratch = {}
    for name in ("a.png", "b.png"):
        job = book.jobs.find(_sha256_of(book, name))
        assert job is not None
        scratch[name] = office.work / f"{scratch_of(job.label)}x1"
        scratch[name].mkdir()
        (scratch[name] / "searchable.pdf").write_bytes(b"%PDF")
    processes.begun["a.png"].set_exception(ProcessDiedError(how))
    handing_out.step()
    assert not scratch["a.png"].exists()
    assert scratch["b.png"].exists()


@pytest.mark.parametrize("kind", [BookUnavailableError, BookTooNewError, BookDamagedError])
def test_a_process_that_cannot_open_the_book_costs_no_letter_a_try(
    office: Office, book: Book, intake: Intake, clocks: Clocks, kind: type[BookTooNewError]
) -> None:
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    for _ in range(5):
        handing_out.step()
        processes.begun["a.png"].set_exception(kind("saraban.db", "7"))
        with pytest.raises(kind):
            handing_out.step()
    counts = book.letters.count_states(PROGRAM)
    assert (counts.waiting, counts.working, counts.quarantined) == (1, 0, 0)
    handing_out.step()
    assert processes.running == names("a")


def test_a_fault_of_ours_around_a_letter_does_not_end_the_server_nor_goes_on_for_ever(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    for tries in (1, 2, 3):
        handing_out.step()
        job = book.jobs.find(_sha256_of(book, "a.png"))
        assert job is not None
        assert job.attempts == tries
        processes.begun["a.png"].set_exception(RuntimeError("the answer cannot be read"))
        handing_out.step()


@pytest.mark.parametrize("how", [-signal.SIGKILL, -signal.SIGXCPU])
def test_the_claim_of_a_letter_ends_whose_process_died_after_it_was_filed(
    office: Office, book: Book, intake: Intake, clocks: Clocks, how: int
) -> None:
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    job = book.jobs.find(_sha256_of(book, "a.png"))
    assert job is not None
    book.jobs.file(job, make_filing(), NOW)
    assert job.path.exists()
    processes.begun["a.png"].set_exception(ProcessDiedError(how))
    handing_out.step()
    assert list(office.work.iterdir()) == []


def _sha256_of(book: Book, name: str) -> str:
    return next(one for one in book.jobs.known_scans() if book.jobs.find(one).name == name)  # type: ignore[union-attr]


def test_letters_under_way_when_all_ended_start_fresh(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    receive(office, intake, "a")
    for _ in range(7):  # seven power cuts
        hand_out(office, book, HeldProcesses(), clocks).step()
        book.jobs.release_all("")
    job = book.jobs.take("test", 60, NOW)
    assert job is not None
    assert job.attempts == 1


def test_a_lease_is_renewed_but_not_for_ever(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    """A book of five hundred pages is no hung process; a hung process is not waited for either."""
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    clocks.seconds = 800
    handing_out.step()
    job = book.jobs.find(_sha256_of(book, "a.png"))
    assert job is not None
    assert job.lease_until == clocks.now() + timedelta(seconds=900)
    clocks.seconds = 4 * office.settings.work.file_seconds
    handing_out.step()
    handing_out.step()
    assert [held.reason.code for held in book.quarantine.held(REGISTRAR)] == ["too-heavy"]


def test_an_allowance_grows_with_the_pages_up_to_the_file_s() -> None:
    allowance = Allowance(page_seconds=60, file_seconds=600)
    assert [allowance.seconds(pages) for pages in (0, 1, 3, 500)] == [60, 60, 180, 600]


def test_nothing_under_way_is_lost_when_the_server_stops(
    office: Office, book: Book, intake: Intake, clocks: Clocks, tmp_path: Path
) -> None:
    receive(office, intake, *"abc")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    handing_out.give_back()
    counts = book.letters.count_states(PROGRAM)
    assert (counts.waiting, counts.working) == (3, 0)
