"""Results come in the files' order, and a file that kills its process is found and named."""

from __future__ import annotations

import os
import signal

from pipeline.processes import LetterProcesses, work_in_order

_said: list[str] = []


def remember(word: str) -> None:
    _said[:] = [word]


def double(number: int) -> tuple[int, str]:
    """Double a number; 13 ends the process as the kernel does when memory runs out."""
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2, _said[0]


def start(workers: int = 2) -> LetterProcesses[int, tuple[int, str]]:
    return LetterProcesses(
        double, workers=workers, letters_per_worker=50, prepare=remember, prepare_with=("ready",)
    )


def test_results_come_in_order_and_every_process_was_prepared() -> None:
    with start() as processes:
        results = list(work_in_order(processes, [3, 1, 2], lambda _: (0, "died")))
    assert results == [(6, "ready"), (2, "ready"), (4, "ready")]


def test_only_the_guilty_file_fails() -> None:
    with start() as processes:
        results = list(work_in_order(processes, [1, 13, 2, 13, 3], lambda n: (n, "died")))
    assert results == [(2, "ready"), (13, "died"), (4, "ready"), (13, "died"), (6, "ready")]
