"""Results come in the files' order, and a file that kills its process is found and named."""

from __future__ import annotations

import pytest

from index.errors import BookTooNewError, LeaseLostError
from pipeline.processes import LetterProcesses, ProcessDiedError, work_in_order
from tests.pools import double, remember


def start(workers: int = 2, letters_per_worker: int = 50) -> LetterProcesses[int, tuple[int, str]]:
    return LetterProcesses(
        double,
        workers=workers,
        letters_per_worker=letters_per_worker,
        prepare=remember,
        prepare_with=("ready",),
    )


def test_results_come_in_order_and_every_process_was_prepared() -> None:
    with start() as processes:
        results = list(work_in_order(processes, [3, 1, 2], lambda _, error: (0, "died")))
    assert results == [(6, "ready"), (2, "ready"), (4, "ready")]


def test_a_fault_is_that_file_s_alone() -> None:
    with start() as processes:
        results = list(work_in_order(processes, [1, 17, 2], lambda n, error: (n, repr(error))))
    assert results == [(2, "ready"), (17, "KeyError(17)"), (4, "ready")]


def test_only_the_guilty_file_fails() -> None:
    with start() as processes:
        results = list(
            work_in_order(processes, [1, 13, 2, 13, 3], lambda n, error: (n, type(error).__name__))
        )
    assert results == [
        (2, "ready"),
        (13, "ProcessDiedError"),
        (4, "ready"),
        (13, "ProcessDiedError"),
        (6, "ready"),
    ]


def fail_as_told(error: BaseException) -> None:
    raise error


def test_what_a_letter_or_its_office_ends_with_comes_out_of_the_process_as_it_is() -> None:
    error = LeaseLostError("letter 7", "worker 1")
    with (
        LetterProcesses(
            fail_as_told,
            workers=1,
            letters_per_worker=9,
            prepare=remember,
            prepare_with=("",),
        ) as processes,
        pytest.raises(LeaseLostError, match="letter 7 is no longer leased to worker 1"),
    ):
        processes.submit(error).result(60)
    with (
        LetterProcesses(
            double,
            workers=1,
            letters_per_worker=9,
            prepare=fail_as_told,
            prepare_with=(BookTooNewError("saraban.db", "9999"),),
        ) as unprepared,
        pytest.raises(BookTooNewError, match="unknown revision 9999"),
    ):
        unprepared.submit(1).result(60)


def test_a_death_says_how_and_whether_its_time_was_over() -> None:
    assert str(ProcessDiedError(-9)) == "the process ended with -9"
    assert (ProcessDiedError(-9).overran, ProcessDiedError(127).overran) == (False, True)
