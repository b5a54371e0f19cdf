"""Wall and processor seconds of a piece of work, measured some times."""

from __future__ import annotations

import time
from collections.abc import Callable, Sized


def timed(work: Callable[[], Sized], repeats: int) -> dict[str, object]:
    """Run `work` some times; return its size, best and worst wall seconds, and the worst CPU seconds.

    What a program keeps from one run to the next counts: only its first run, the worst, is without it.
    """
    walls, cpus, size = [], [], 0
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        size = len(work())
        walls.append(round(time.perf_counter() - wall, 3))
        cpus.append(round(time.process_time() - cpu, 3))
    return {"size": size, "seconds": min(walls), "worst": max(walls), "cpu_seconds": max(cpus)}
