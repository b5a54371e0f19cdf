"""No letter keeps the others waiting: slow ones are set apart, and what is never done is ended."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta

import pytest

from index.book import Book
from index.choices import JobState
from pipeline.intake import Intake
from pipeline.limits import Allowance
from pipeline.office import Office
from pipeline.viewers import PROGRAM
from pipeline.worker import Outcome
from tests.handing import (
    TURN_SECONDS,
    Clocks,
    HeldProcesses,
    clocks,
    hand_out,
    names,
    receive,
    sha256_of,
)
from tests.keeping import REGISTRAR

__all__ = ["clocks"]  # the fixture


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
    job = book.jobs.find(sha256_of(book, "a.png"))
    assert job is not None
    assert job.lease_until == clocks.now() + timedelta(seconds=900)
    clocks.seconds = 4 * office.settings.work.file_seconds
    handing_out.step()
    handing_out.step()
    assert [held.reason.code for held in book.quarantine.held(REGISTRAR)] == ["too-heavy"]


def test_an_allowance_grows_with_the_pages_up_to_the_file_s() -> None:
    allowance = Allowance(page_seconds=60, file_seconds=600)
    assert [allowance.seconds(pages) for pages in (0, 1, 3, 500)] == [60, 60, 180, 600]
