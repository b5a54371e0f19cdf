"""Results come in the files' order, and a file that kills its process is found and named."""

from __future__ import annotations

import os
import signal
from concurrent.futures import FIRST_COMPLETED, Future, wait

from pipeline.processes import LetterProcesses, work_in_order

_said: list[str] = []


def remember(word: str) -> None:
    _said[:] = [word]


def double(number: int) -> tuple[int, str]:
    """Double a number; 13 ends the process as the kernel does when memory runs out, 17 is a fault."""
    if number == 17:
        raise KeyError(number)
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2, _said[0]


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


def test_processes_that_grew_old_are_replaced_to_the_last_file() -> None:
    with start(letters_per_worker=2) as processes:
        results = list(work_in_order(processes, range(20, 40), lambda n, error: (n, repr(error))))
    assert results == [(2 * number, "ready") for number in range(20, 40)]


def test_the_servers_way_of_submitting_outlives_old_processes() -> None:
    results = []
    with start(letters_per_worker=2) as processes:
        under_way: set[Future[tuple[int, str]]] = set()
        for number in range(20, 40):  # as the conductor does: as many as there are workers
            if len(under_way) == processes.workers:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                results += [future.result() for future in done]
            under_way.add(processes.submit(number))
        results += [future.result() for future in under_way]
    assert sorted(results) == [(2 * number, "ready") for number in range(20, 40)]


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
