"""Looking into a file from outside, in a process of its own: what harms the looker harms nothing else."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

from pipeline.limits import Allowance, held_time
from pipeline.processes import LetterProcesses, ProcessDiedError
from watch_folder.errors import HarmfulScanError
from watch_folder.whole import check_whole

LOOK_SECONDS = (
    15  # of a core; the clock gives twice that, so that a harmful file delays nobody for a minute
)
BYTES_A_SECOND = 500_000  # 500 pages of fax compression are 25 MB and take 50 s to decode
FILES_PER_PROCESS = 500
MOST_TRIES = 2  # its process may have been the one that the kernel chose when memory ran out


class Look:
    """Does what `check_whole` does, outside this process. Threads may share it; one file at a time.

    The process starts with the first file, and a new one after a death. After `stop`, whatever is
    asked says FileNotFoundError: the file is left as it lies.
    """

    def __init__(self, allowance: Allowance | None = None, *, seconds: int = LOOK_SECONDS) -> None:
        self._stopped = False
        self._turn = threading.Lock()
        self._processes = LetterProcesses(
            _look,
            workers=1,
            letters_per_worker=FILES_PER_PROCESS,
            prepare=_nothing,
            allowance=allowance,
        )
        self._seconds = seconds

    def __call__(self, path: Path) -> str:
        """Return the media type of a file that is whole; raises as `check_whole`, and HarmfulScanError."""
        if multiprocessing.current_process().daemon:
            return check_whole(
                path
            )  # a letter's own process: outside the server already, with limits
        seconds = self._seconds + path.stat().st_size // BYTES_A_SECOND
        with self._turn:
            for _ in range(MOST_TRIES):
                if self._stopped:
                    raise FileNotFoundError(path)
                try:
                    return self._processes.submit((path, seconds)).result()
                except ProcessDiedError as death:
                    if death.overran:
                        break
        if self._stopped:
            raise FileNotFoundError(path)
        raise HarmfulScanError(path)

    def stop(self) -> None:
        """End the process, whatever it looks at."""
        self._stopped = True
        self._processes.stop()


def _nothing() -> None:
    """Prepare nothing."""


def _look(asked: tuple[Path, int]) -> str:
    path, seconds = asked
    with held_time(seconds):
        try:
            return check_whole(path)
        except MemoryError as error:
            raise HarmfulScanError(path, "memory") from error


OUTSIDE = Look()
"""For pages and programs that hand a file in; the door has a look of its own."""
