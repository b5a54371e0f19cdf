"""A letter answers only for deaths of its own: killed from outside, or under way when all ended, it is tried again.

What its process left half done goes with it, and what it did to its end is noted.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from classify.durable_file import half_file
from index.archive import Archive, Shelf
from index.book import Book
from index.choices import JobState
from index.errors import BookDamagedError, BookTooNewError, BookUnavailableError, DiskFullError
from pipeline.carry import scratch_of
from pipeline.handed_in import CUT, inner_folder
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.processes import ProcessDiedError
from pipeline.viewers import PROGRAM
from tests.handing import Clocks, HeldProcesses, clocks, hand_out, names, receive, sha256_of
from tests.keeping import NOW, REGISTRAR, MadeScan, make_filing
from tests.unit.pipeline.conftest import book, intake, made_office, office

__all__ = ["book", "clocks", "intake", "made_office", "office"]  # the fixtures


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
    job = book.jobs.find(sha256_of(book, "a.png"))
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
    job = book.jobs.find(sha256_of(book, "a.png"))
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
        job = book.jobs.find(sha256_of(book, name))
        assert job is not None
        scratch[name] = office.work / f"{scratch_of(job.label)}x1"
        scratch[name].mkdir()
        (scratch[name] / "searchable.pdf").write_bytes(b"%PDF")
    processes.begun["a.png"].set_exception(ProcessDiedError(how))
    handing_out.step()
    assert not scratch["a.png"].exists()
    assert scratch["b.png"].exists()


KILLED_HALF_WAY = """
import os, signal, sys
from pathlib import Path
from classify.durable_file import half_file

writing = [half_file(Path(half)) for half in sys.argv[1:]]
for one in writing:
    one.__enter__().write(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_dead_process_left_half_written_goes_and_what_a_live_one_writes_stays(
    office: Office, book: Book, intake: Intake, clocks: Clocks
) -> None:
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    places = (office.archive / "incoming", inner_folder(office, CUT, secret=True))
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    dead = [place / f".{'d' * 16}.part" for place in places]
    subprocess.run([sys.executable, "-c", KILLED_HALF_WAY, *map(str, dead)], check=False)
    assert all(half.exists() for half in dead)
    with ExitStack() as writing:
        live = [place / f".{'e' * 16}.part" for place in places]
        for half in live:
            writing.enter_context(half_file(half))
        processes.begun["a.png"].set_exception(ProcessDiedError(-signal.SIGKILL))
        handing_out.step()
        assert [half for half in (*dead, *live) if half.exists()] == live
    assert not any(half.exists() for half in live)


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
        job = book.jobs.find(sha256_of(book, "a.png"))
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
    job = book.jobs.find(sha256_of(book, "a.png"))
    assert job is not None
    book.jobs.file(job, make_filing(), NOW)
    assert job.path.exists()
    processes.begun["a.png"].set_exception(ProcessDiedError(how))
    handing_out.step()
    assert list(office.work.iterdir()) == []


@pytest.mark.parametrize("who", ["its process", "the server"])
def test_a_letter_that_turned_secret_while_it_was_read_lies_hidden_whoever_dies_after_the_book_noted_it(
    office: Office, book: Book, intake: Intake, clocks: Clocks, who: str
) -> None:
    receive(office, intake, "a")
    processes = HeldProcesses()
    handing_out = hand_out(office, book, processes, clocks)
    handing_out.step()
    job = book.jobs.find(sha256_of(book, "a.png"))
    assert job is not None
    archive = Archive(office.archive)
    archive.keep_original(job.path, job.sha256, ".png", secret=False)
    copy = MadeScan(office.work / "copy.png", "copy.png", job.sha256, secret_door=True)
    assert book.jobs.record_arrival(copy).state is JobState.WORKING
    assert book.jobs.file(job, make_filing(), NOW).is_secret
    assert archive.lies_open(job.sha256)
    if who == "the server":
        intake.recover()
    else:
        processes.begun["a.png"].set_exception(ProcessDiedError(-signal.SIGKILL))
        handing_out.step()
    assert not archive.lies_open(job.sha256)
    assert list(archive.names(Shelf.ORIGINAL)) == [(job.sha256, True)]


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
