"""The server: holds an office, conducts it, shows its page, and stops cleanly."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import uvicorn

from index.book import Book
from index.register.letters.letters import StateCounts
from pipeline.conductor import Conductor
from pipeline.errors import PortTakenError
from pipeline.first_people import make_demo_people, make_first_administrator
from pipeline.office import Office, open_book, sole_server
from pipeline.viewers import AT_THIS_MACHINE
from pipeline.web.app import make_app

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
    OfficeInUseError, PortTakenError and KeepingError.
    """
    with (
        sole_server(office) as identity,
        _listening(host, port) as listener,
        open_book(office) as book,
    ):
        conductor = Conductor(office, book, identity)
        make_people = make_demo_people if demo else make_first_administrator
        first_people = make_people(office, book, conductor.now())
        with _signals_stop(conductor), _page(office, book, conductor, listener):
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
        conductor = Conductor(office, book, identity, gives_up=True)
        with _signals_stop(conductor):
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
def _signals_stop(conductor: Conductor) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run in order; a second one ends it at once."""

    def stop(number: int, _frame: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        conductor.stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
