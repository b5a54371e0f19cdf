"""Offices for tests: a folder with quick settings, worked by the real program in its own process."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from pipeline.cli import main

if TYPE_CHECKING:
    from playwright.sync_api import Page

QUICK = """
[watch]
settle_seconds = 0.3
patience_seconds = 1.0
[work]
workers = 2
"""
LOOKING = frozenset({"status", "search", "show", "check"})
LONGEST_SECONDS = 420  # a machine with two busy cores; a hang ends here


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class TestOffice:
    """An office folder and the commands that work it."""

    __test__ = False
    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    def saraban(self, command: str, *arguments: str) -> Ran:
        """Run one command on this office; those that only look need no process of their own."""
        run = saraban_here if command in LOOKING else saraban
        return run(command, *arguments, "--office", str(self.root))

    def work_once(self) -> Ran:
        """Work everything to its end; the run itself must succeed."""
        ran = self.saraban("serve", "--once")
        assert ran.code == 0, ran.err
        return ran

    def status(self) -> dict[str, int]:
        status = self.saraban("status", "--json").json
        assert isinstance(status, dict)
        return status

    def quarantined(self) -> dict[str, str]:
        """Return the reason notes by the name of the file they are about."""
        notes = sorted((self.root / "quarantine").glob("*.txt"))
        return {note.name.removesuffix(".txt"): note.read_text("utf-8") for note in notes}

    @property
    def demo_password(self) -> str:
        """The one password of all demonstration people, once `serve --demo` has said its lines."""
        return (self.root / "first-password.txt").read_text("utf-8").split()[1]

    @contextmanager
    def serving(self, *options: str) -> Iterator[subprocess.Popen[str]]:
        """Run the server; what is left of it at the end is killed."""
        with subprocess.Popen(
            [*PROGRAM, "serve", "--office", str(self.root), "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(),
            start_new_session=True,
        ) as server:
            # Whoever reads its output would wait for ever on a server that hangs.
            watchdog = threading.Timer(LONGEST_SECONDS, os.killpg, (server.pid, signal.SIGKILL))
            watchdog.start()
            try:
                yield server
            finally:
                watchdog.cancel()
                if server.poll() is None:
                    os.killpg(server.pid, signal.SIGKILL)


PROGRAM = [sys.executable, "-m", "pipeline.cli"]


def environment() -> dict[str, str]:
    """Return an environment in which Tesseract keeps to one core."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1", "PYTHONWARNINGS": "error::ResourceWarning"}


def saraban(*arguments: str) -> Ran:
    """Run the program as a script would."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        timeout=LONGEST_SECONDS,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def saraban_here(*arguments: str) -> Ran:
    """Run the program in this process: to load it takes longer than to look."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    before, sys.argv = sys.argv, ["saraban", *arguments]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.argv = before
    assert isinstance(code, int)
    said, complained = (one.buffer.getvalue().decode() for one in (out, err))
    return Ran(code, said, complained)


def make_office(root: Path, settings: str = QUICK) -> TestOffice:
    """Make an office folder with quick settings."""
    made = saraban("init", str(root))
    assert made.code == 0, made.err
    (root / "saraban.toml").write_text(settings, encoding="utf-8")
    return TestOffice(root)


def page_address(server: subprocess.Popen[str]) -> str:
    """Read the three lines that the server says, and wait until its page answers."""
    assert server.stdout is not None
    lines = [server.stdout.readline() for _ in range(3)]
    address = next(word for line in lines for word in line.split() if word.startswith("http://"))
    wait_for(lambda: _answers(address), "the page")
    return address


def log_in(page: Page, office: TestOffice, who: str = "clerk", *, next_page: str = "/") -> None:
    """Log a browser's page in as a demonstration person (`pipeline.demo.people`).

    `office` was started with `serving("--demo")`; the page's context has the server as `base_url`.
    """
    page.goto(f"/login?next={next_page}")
    page.fill("input[name=name]", who)
    page.fill("input[name=password]", office.demo_password)
    page.click("main form button")
    page.wait_for_url(lambda url: "/login" not in url)


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
            return bool(answer.status == 200)
    except (URLError, TimeoutError):
        return False


def nearly(read: object, printed: str) -> bool:
    """Tell whether what was read is what is printed, but for a letter or two."""
    return SequenceMatcher(None, str(read), printed).ratio() > 0.93


def wait_for(condition: Any, what: str) -> None:
    """Wait until a condition holds; fail when it never does."""
    end = time.monotonic() + LONGEST_SECONDS
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.1)
