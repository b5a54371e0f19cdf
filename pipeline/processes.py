"""Processes that read letters: replaced before they grow old, gone when the server goes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class LetterProcesses(Generic[T, R]):
    """Runs `task` in other processes, `workers` at the same time.

    A process is replaced after `letters_per_worker` tasks: the C libraries that decode pictures do
    not give all memory back. Never submit more than `workers` tasks at once: the pool starts no new
    process while it believes that one is idle, and counts idle ones wrongly when tasks queue (CPython
    issue 115634), so that it stops for ever once all have grown old.

    A broken pool (a process was killed, mostly for memory) is replaced
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
    processes: LetterProcesses[T, R],
    items: Iterable[T],
    failed: Callable[[T, BaseException], R],
) -> Iterator[R]:
    """Yield the results in the items' order; an item that ends in an exception becomes `failed(item, error)`.

    No more items are in flight than there are processes. An item that kills its process breaks the
    pool for those beside it too: they run one at a time then, so that the guilty one stands alone.
    """
    waiting = deque(items)
    begun: deque[tuple[T, Future[R]]] = deque()  # in the items' order; the first is yielded next
    while waiting or begun:
        while waiting and len(_running(begun)) < processes.workers:
            item = waiting.popleft()
            begun.append((item, _submit(processes, item)))
        if not begun[0][1].done():
            wait(_running(begun), return_when=FIRST_COMPLETED)
        if any(_broke(future) for _, future in begun):
            wait(_running(begun))
            yield from _one_by_one(processes, begun, failed)
            begun.clear()
        while begun and begun[0][1].done():
            yield _result(*begun.popleft(), failed)


def _one_by_one(
    processes: LetterProcesses[T, R],
    begun: Iterable[tuple[T, Future[R]]],
    failed: Callable[[T, BaseException], R],
) -> Iterator[R]:
    """Work anew what the broken pool did not end; what was done before the break keeps its result."""
    processes.renew()
    for item, first in begun:
        future = first
        if _broke(first):
            future = _submit(processes, item)
            wait([future])
            if _broke(future):
                processes.renew()
        yield _result(item, future, failed)


def _running(begun: Iterable[tuple[T, Future[R]]]) -> list[Future[R]]:
    return [future for _, future in begun if not future.done()]


def _broke(future: Future[R]) -> bool:
    return future.done() and isinstance(future.exception(), BrokenProcessPool)


def _submit(processes: LetterProcesses[T, R], item: T) -> Future[R]:
    try:
        return processes.submit(item)
    except BrokenProcessPool as error:  # a process was killed while it waited
        future: Future[R] = Future()
        future.set_exception(error)
        return future


def _result(item: T, future: Future[R], failed: Callable[[T, BaseException], R]) -> R:
    error = future.exception()
    return future.result() if error is None else failed(item, error)


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
