"""The server: holds an office, conducts it, shows its page, and stops cleanly."""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from index.book import Book
from index.register.letters.letters import StateCounts
from pipeline.conductor import Conductor
from pipeline.errors import PortTakenError
from pipeline.first_people import make_demo_people, make_first_administrator
from pipeline.office import Office, open_book, sole_server
from pipeline.place import first_settle
from pipeline.viewers import AT_THIS_MACHINE

log = logging.getLogger("saraban")
FAILED, INTERRUPTED = 1, 130


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the server ended."""

    exit_code: int
    counts: StateCounts


def serve(
    office: Office, host: str, port: int, say: Callable[[str], None], *, demo: bool = False
) -> Ended:
    """Conduct the office and show its page until a signal comes.

    `say` is called with each of the three lines that tell what runs where, then with how to log in
    where the first people have just been made; a `demo` has people of its own. Raises
    OfficeInUseError, OfficeElsewhereError, PortTakenError and KeepingError.
    """
    with (
        sole_server(office) as identity,
        _listening(host, port) as listener,
        open_book(office) as book,
    ):
        first_settle(office, book)
        conductor = Conductor(office, book, identity)
        make_people = make_demo_people if demo else make_first_administrator
        first_people = make_people(office, book, conductor.now())
        with _signals_stop(conductor, office.settings.work.stop_seconds):
            with _page(office, book, conductor, listener):
                conductor.start()
                for line in _describe(office, host, listener.getsockname()[1]):
                    say(line)
                if first_people:
                    say(first_people)
                conductor.stopping.wait()
            return _end(conductor, book)


def serve_once(office: Office) -> Ended:
    """Work everything in the folders and in `work/` to its end.

    Raises as `serve`, and whatever trouble of the office keeps letters from being worked.
    """
    with sole_server(office) as identity, open_book(office) as book:
        first_settle(office, book)
        conductor = Conductor(office, book, identity, gives_up=True)
        with _signals_stop(conductor, office.settings.work.stop_seconds):
            conductor.start()
            done = conductor.wait_until_done()
            ended = _end(conductor, book)
        if conductor.trouble is not None:
            raise conductor.trouble
        return ended if done or ended.exit_code else replace(ended, exit_code=INTERRUPTED)


def _end(conductor: Conductor, book: Book) -> Ended:
    failed = conductor.failed
    conductor.stop()
    return Ended(FAILED if failed else 0, book.letters.count_states(AT_THIS_MACHINE))


def _describe(office: Office, host: str, port: int) -> Iterator[str]:
    folders = ", ".join(str(office.folder_of(one)) for one in office.settings.watch.folder)
    shown = f"[{host}]" if ":" in host else host
    yield f"โฟลเดอร์สแกน / scans go here:  {folders}"
    yield f"หน้าเว็บ / the page:           http://{shown}:{port}"
    yield "หยุดโปรแกรม / to stop:         Ctrl-C"


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything is started, so that nothing is half begun without it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            raise PortTakenError(host, port) from error
        yield listener


@contextmanager
def _page(
    office: Office, book: Book, conductor: Conductor, listener: socket.socket
) -> Iterator[None]:
    """Show the web page from a thread of its own."""
    # A third of what is to be loaded; who works the folders to their end shows no page.
    import uvicorn  # noqa: PLC0415

    from pipeline.web.app import make_app  # noqa: PLC0415

    app = make_app(office, book, rules=conductor.rules, host=listener.getsockname()[0])
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, args=([listener],), name="page")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _signals_stop(conductor: Conductor, stop_seconds: float) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run in order, within `stop_seconds`; a second one ends it at once.

    The signal goes to a thread of its own, through a socket that the C library writes to: a Python
    handler would wait for the main thread, which may be deep in a library, and could not set an event
    that the main thread is just looking at.
    """
    hears, speaks = socket.socketpair()
    speaks.setblocking(False)
    before = {number: signal.signal(number, _heard) for number in (signal.SIGINT, signal.SIGTERM)}
    spoke_before = signal.set_wakeup_fd(speaks.fileno(), warn_on_full_buffer=False)
    heeding = threading.Thread(target=_heed, args=(hears, conductor, stop_seconds), daemon=True)
    heeding.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(spoke_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        speaks.close()
        heeding.join()
        hears.close()


def _heard(_number: int, _frame: object) -> None:
    """Do nothing in the main thread; that a handler is set is what makes the socket speak."""


def _heed(hears: socket.socket, conductor: Conductor, stop_seconds: float) -> None:
    """Wait for a signal, then for the end; whatever still runs when that takes too long is ended.

    Every step survives being ended: what was not finished is taken up at the next start.
    """
    if not hears.recv(1):
        return  # the run ended by itself
    conductor.stopping.set()
    hears.settimeout(stop_seconds)
    with suppress(TimeoutError):
        if not hears.recv(1):
            return
    running = ", ".join(sorted({thread.name for thread in threading.enumerate()}))
    log.error("not stopped in time, ended: %s", running)
    for process in multiprocessing.active_children():
        process.terminate()
    os._exit(INTERRUPTED)
