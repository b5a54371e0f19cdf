"""Processes that open files from outside: each limited, replaced before it grows old, gone with its parent."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.limits import OUT_OF_MEMORY, OVERRUN, Allowance, hold_memory

T = TypeVar("T")
R = TypeVar("R")
BEGUN = "begun"
"""What a process says between being given an item and its answer, which is a pair."""
NOT_SENT = (TypeError, AttributeError, ImportError, ValueError, pickle.PickleError)
"""What a result or an exception raises that cannot go through a pipe, at either end."""


class ProcessDiedError(Exception):
    """The process that worked on an item died of it, or was ended. Never leaves this package.

    `exit_code` is negative for a signal. `overran` says that it wanted more time or memory than any
    item may have; other deaths may have come from outside.
    """

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        self.overran = exit_code in OVERRUN | OUT_OF_MEMORY
        super().__init__(exit_code)

    def __str__(self) -> str:
        return f"the process ended with {self.exit_code}"


class LetterProcesses(Generic[T, R]):
    """Runs `task` in other processes, `workers` at the same time, each with one item.

    Which item a process died of is thus always known, and the others go on. A process is replaced
    after `letters_per_worker` tasks: the C libraries that decode pictures do not give all memory
    back.
    """

    def __init__(
        self,
        task: Callable[[T], R],
        *,
        workers: int,
        letters_per_worker: int,
        prepare: Callable[..., None],
        prepare_with: tuple[object, ...] = (),
        allowance: Allowance | None = None,
    ) -> None:
        self.workers = workers
        self._letters_per_worker = letters_per_worker
        self._begin_with = (task, prepare, prepare_with, allowance or Allowance())
        self._idle: list[_Process[T, R]] = []
        self._busy: dict[Future[R], _Process[T, R]] = {}
        self._lock = threading.Lock()

    def submit(self, item: T) -> Future[R]:
        """Have one item worked, at once: it is the caller who keeps to `workers` at the same time.

        The future is `running` from when its process has loaded what it needs.
        """
        future: Future[R] = Future()
        with self._lock:
            process = self._idle.pop() if self._idle else _Process(self._begin_with)
            self._busy[future] = process
        threading.Thread(
            target=self._follow, args=(process, item, future), name="letter", daemon=True
        ).start()
        return future

    def seconds_used(self, future: Future[R]) -> float:
        """Return how long the process has kept a core busy with an item; 0 when it is not at work on it."""
        with self._lock:
            process = self._busy.get(future)
        return process.seconds_used if process is not None and future.running() else 0.0

    def end(self, future: Future[R]) -> None:
        """End the process that works on an item; its future then says ProcessDiedError."""
        with self._lock:
            process = self._busy.get(future)
        if process is not None:
            process.end()

    def stop(self) -> None:
        """End all processes: whatever is unfinished is worked again later."""
        with self._lock:
            processes = [*self._idle, *self._busy.values()]
            self._idle.clear()
        for process in processes:
            process.end()

    def __enter__(self) -> LetterProcesses[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _follow(self, process: _Process[T, R], item: T, future: Future[R]) -> None:
        """Wait for one answer; the process is free for the next item before anybody hears of it."""
        result, error = process.work(item, future.set_running_or_notify_cancel)
        died = isinstance(error, ProcessDiedError)
        with self._lock:
            del self._busy[future]
            fresh = process.worked < self._letters_per_worker
            if fresh and not died and len(self._idle) < self.workers:
                self._idle.append(process)
            else:
                process.end()
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)


class _Process(Generic[T, R]):
    """One process and the pipe to it."""

    def __init__(self, begin_with: tuple[object, ...]) -> None:
        # spawn: the server has threads, and a forked process would inherit the office's lock.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, *begin_with), daemon=True)
        self._process.start()
        theirs.close()
        self.worked = 0
        self._used_before = 0.0

    @property
    def seconds_used(self) -> float:
        """Seconds of a core since the last item was begun, those of programs it ran to their end too."""
        return _seconds_of_core(self._process.pid) - self._used_before

    def work(self, item: T, begun: Callable[[], object]) -> tuple[R, BaseException | None]:
        """Return the result, or what went wrong: the task's exception, or ProcessDiedError.

        `begun` is called when the process has loaded what it needs.
        """
        self.worked += 1
        answer: Any
        try:
            self._pipe.send(item)
            answer = self._pipe.recv()
            if answer == BEGUN:
                self._used_before = _seconds_of_core(self._process.pid)
                begun()
                answer = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()
            answer = (None, ProcessDiedError(self._process.exitcode))
        except NOT_SENT as unreadable:
            answer = (None, RuntimeError(f"the answer cannot be read: {unreadable!r}"))
        result, error = answer
        return result, error

    def end(self) -> None:
        self._process.terminate()


def _seconds_of_core(process_id: int | None) -> float:
    """Return how long a process has kept a core busy; 0 where that is not told."""
    try:
        told = Path(f"/proc/{process_id}/stat").read_text("ascii", "replace")
    except OSError:
        return 0.0
    ticks = told.rpartition(")")[2].split()[11:15]  # utime, stime, cutime, cstime; proc(5)
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def work_in_order(
    processes: LetterProcesses[T, R],
    items: Iterable[T],
    failed: Callable[[T, BaseException], R],
) -> Iterator[R]:
    """Yield the results in the items' order; an item that ends in an exception becomes `failed(item, error)`.

    No more items are in flight than there are processes.
    """
    waiting = deque(items)
    begun: deque[tuple[T, Future[R]]] = deque()  # in the items' order; the first is yielded next
    while waiting or begun:
        running = [future for _, future in begun if not future.done()]
        while waiting and len(running) < processes.workers:
            begun.append((waiting[0], processes.submit(waiting.popleft())))
            running.append(begun[-1][1])
        if not begun[0][1].done():
            wait(running, return_when=FIRST_COMPLETED)
        while begun and begun[0][1].done():
            item, future = begun.popleft()
            error = future.exception()
            yield future.result() if error is None else failed(item, error)


def _serve(
    pipe: Connection,
    task: Callable[[T], R],
    prepare: Callable[..., None],
    prepare_with: tuple[object, ...],
    allowance: Allowance,
) -> None:
    """What runs in the process: one item after another, until nobody is left who asks.

    The work is done in a thread of its own, whose future keeps whatever it ends with.
    """
    _begin(allowance)
    with ThreadPoolExecutor(1) as one, suppress(EOFError, OSError):
        ready = one.submit(prepare, *prepare_with)
        while True:
            item = pipe.recv()
            error = ready.exception()
            if error is not None:  # the office's trouble, not the item's
                _answer(pipe, None, error)
                return
            pipe.send(BEGUN)
            done = one.submit(task, item)
            error = done.exception()
            _answer(pipe, None if error else done.result(), error)


def _answer(pipe: Connection, result: object, error: BaseException | None) -> None:
    try:
        pipe.send((result, error))
    except NOT_SENT as unsendable:
        pipe.send((None, RuntimeError(f"{error or result!r} cannot be sent: {unsendable}")))


def _begin(allowance: Allowance) -> None:
    """Set a new process up: quiet on Ctrl-C, one core, limited, and not outliving its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # One letter, one core: Tesseract's own threads only get in the way of the other workers.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    threading.Thread(target=_end_with_parent, daemon=True).start()
    hold_memory(allowance)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to take the result, and the next server works the letter anew
