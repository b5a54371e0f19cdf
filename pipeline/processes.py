"""Processes that read letters: replaced before they grow old, gone when the server goes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class LetterProcesses(Generic[T, R]):
    """Runs `task` in other processes, `workers` at the same time.

    A process is replaced after `letters_per_worker` tasks: the C libraries that decode pictures do
    not give all memory back. A broken pool (a process was killed, mostly for memory) is replaced
    by `renew`; which task broke it is not known, every future of the old pool says BrokenProcessPool.
    """

    def __init__(
        self,
        task: Callable[[T], R],
        *,
        workers: int,
        letters_per_worker: int,
        prepare: Callable[..., None],
        prepare_with: tuple[object, ...],
    ) -> None:
        self._task = task
        self.workers = workers
        self._letters_per_worker = letters_per_worker
        self._prepare = prepare
        self._prepare_with = prepare_with
        self._pool = self._start()

    def submit(self, item: T) -> Future[R]:
        """Have one item worked; raises BrokenProcessPool when the pool is already broken."""
        return self._pool.submit(self._task, item)

    def renew(self) -> None:
        """End the processes there are, if any still live, and start anew."""
        self.stop()
        self._pool = self._start()

    def stop(self) -> None:
        """Drop what has not begun, end what has: whatever is unfinished is worked again later."""
        running = list((self._pool._processes or {}).values())  # kill_workers comes with 3.14
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            process.terminate()

    def __enter__(self) -> LetterProcesses[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            max_workers=self.workers,
            # spawn: the server has threads, and a forked process would inherit the office's lock.
            mp_context=multiprocessing.get_context("spawn"),
            max_tasks_per_child=self._letters_per_worker,
            initializer=_begin,
            initargs=(self._prepare, self._prepare_with),
        )


def work_in_order(
    processes: LetterProcesses[T, R], items: Iterable[T], broken: Callable[[T], R]
) -> Iterator[R]:
    """Yield the results in the items' order; an item that kills its process becomes `broken(item)`.

    After a break the unfinished items run one at a time, so that the guilty one stands alone.
    """
    waiting = list(items)
    futures = [processes.submit(item) for item in waiting]
    done = 0
    try:
        for future in futures:
            yield future.result()
            done += 1
    except BrokenProcessPool:
        processes.renew()
    for item in waiting[done:]:
        try:
            yield processes.submit(item).result()
        except BrokenProcessPool:
            processes.renew()
            yield broken(item)


def _begin(prepare: Callable[..., None], prepare_with: tuple[object, ...]) -> None:
    """Set a new process up: quiet on Ctrl-C, one core, and not outliving its server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One letter, one core: Tesseract's own threads only get in the way of the other workers.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*prepare_with)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to take the result, and the next server works the letter anew
