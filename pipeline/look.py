"""Looking into a file from outside, in a process of its own: what harms the looker harms nothing else."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from pipeline.limits import Allowance, held_time
from pipeline.processes import LetterProcesses, ProcessDiedError
from watch_folder.durable_move import Stamp
from watch_folder.errors import HarmfulScanError
from watch_folder.whole import check_whole

LOOK_SECONDS = 15  # of a core; the clock gives twice that
QUICK_SECONDS = 3  # of a core: what takes longer at the door lets others pass
BYTES_A_SECOND = 500_000  # 500 pages of fax compression are 25 MB and take 50 s to decode
FILES_PER_PROCESS = 500
MOST_TRIES = 2  # its process may have been the one that the kernel chose when memory ran out


class Look:
    """Does what `check_whole` does, outside this process. Threads may share it; one file at a time.

    The process starts with the first file, and a new one after a death. After `stop`, whatever is
    asked says FileNotFoundError: the file is left as it lies.
    """

    def __init__(self, allowance: Allowance | None = None, *, seconds: int = LOOK_SECONDS) -> None:
        self.stopped = False
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
            return check_whole(path)  # a letter's own process: outside the server, with limits
        with self._turn:
            for _ in range(MOST_TRIES):
                if self.stopped:
                    raise FileNotFoundError(path)
                try:
                    return self.begin(path).result()
                except ProcessDiedError as death:
                    if death.overran:
                        break
        if self.stopped:
            raise FileNotFoundError(path)
        raise HarmfulScanError(path)

    def begin(self, path: Path, seconds: int | None = None) -> Future[str]:
        """Begin a look of so many seconds, else of as many as a file of this size may take."""
        if seconds is None:
            seconds = self._seconds + path.stat().st_size // BYTES_A_SECOND
        return self._processes.submit((path, seconds))

    def stop(self) -> None:
        """End the process, whatever it looks at."""
        self.stopped = True
        self._processes.stop()


@dataclass(slots=True)
class _Doubtful:
    """A file that could not be looked at quickly: its longer look, once that has begun, and how many died."""

    longer: Future[str] | None = None
    deaths: int = 0


class DoorLook:
    """The look of a door at which other files lie behind: one that takes long goes on beside it.

    One file at a time is looked at beside, in a process of its own, for as long as `Look` would.
    """

    def __init__(self, allowance: Allowance | None = None) -> None:
        self._look = Look(allowance)
        self._doubtful: dict[tuple[Path, Stamp], _Doubtful] = {}

    def __call__(self, path: Path) -> str | None:
        """Return the media type of a file that is whole; None when it is to be asked for again later.

        Raises as `Look`.
        """
        if self._look.stopped:
            raise FileNotFoundError(path)
        known = path, Stamp.of(path.stat())
        if known in self._doubtful:
            return self._look_beside(*known)
        try:
            return self._look.begin(path, QUICK_SECONDS).result()
        except ProcessDiedError:
            if self._look.stopped:
                raise FileNotFoundError(path) from None
        self._doubtful[known] = _Doubtful()
        return self._look_beside(*known)

    def stop(self) -> None:
        """End the processes, whatever they look at."""
        self._look.stop()

    def _look_beside(self, path: Path, stamp: Stamp) -> str | None:
        asked = self._doubtful[path, stamp]
        if asked.longer is None:
            self._forget_gone()
            looks = (one.longer for one in self._doubtful.values())
            if any(longer is not None and not longer.done() for longer in looks):
                return None
            asked.longer = self._look.begin(path)
        if not asked.longer.done():
            return None
        error = asked.longer.exception()
        if isinstance(error, ProcessDiedError) and not error.overran and not asked.deaths:
            asked.longer, asked.deaths = None, 1
            return None
        del self._doubtful[path, stamp]
        if self._look.stopped:
            raise FileNotFoundError(path)
        if isinstance(error, ProcessDiedError):
            raise HarmfulScanError(path)
        return asked.longer.result()

    def _forget_gone(self) -> None:
        """Forget files that were taken away or changed: nobody will ask for them again."""
        for path, stamp in list(self._doubtful):
            try:
                same = Stamp.of(path.stat()) == stamp
            except OSError:
                same = False
            if not same:
                del self._doubtful[path, stamp]


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
