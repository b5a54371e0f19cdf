"""What a process that opens files from outside may use: memory for good, time for each file.

The kernel keeps the limits, so that they hold inside a C library that never comes back: too much
memory is refused to it, and a signal that nobody catches ends it when its time is over. A process
that it starts inherits them.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MEMORY_MB, PAGE_SECONDS, FILE_SECONDS = 3072, 60, 3600
WALL_FOR_CPU = 2.0  # other processes and the disk have their turn too
OVERRUN = frozenset({-signal.SIGXCPU, -signal.SIGALRM})
"""How a process ends whose time was over, as `multiprocessing` tells exit codes."""
OUT_OF_MEMORY = frozenset({-signal.SIGABRT, 127})
"""How one ends that is refused memory: C++ libraries abort, and the loader exits with 127."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Memory in MiB that a process may write to, seconds of a core a page, and at most a file.

    A page of 300 dpi takes 0.6 s and all processes stay under 550 MiB; the largest page that is let
    in, 100 million pixels, takes 1.6 GiB (docs/reliability.md).
    """

    memory_mb: int = MEMORY_MB
    page_seconds: int = PAGE_SECONDS
    file_seconds: int = FILE_SECONDS

    def seconds(self, pages: int) -> int:
        """Return how long a file of so many pages may keep a core busy."""
        return min(self.file_seconds, self.page_seconds * max(1, pages))


def hold_memory(allowance: Allowance) -> None:
    """Limit this process's memory from now on; no core is dumped of what it read."""
    wanted = allowance.memory_mb << 20
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def held_time(seconds: float) -> Iterator[None]:
    """End this process when what is done inside takes a core longer than `seconds`, or the clock twice that."""
    allow_time(seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


def allow_time(seconds: float) -> None:
    """Give this process so long from now on, whatever it was given before."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(used.ru_utime + used.ru_stime + seconds) + 1
    soft = until if hard == resource.RLIM_INFINITY else min(until, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
    signal.setitimer(signal.ITIMER_REAL, WALL_FOR_CPU * seconds)
