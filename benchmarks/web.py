"""The pages measured: `python benchmarks/web.py --letters 100000 --users 20 --seconds 60 --json`.

Fills a new office's book and search index with made-up letters (repeatable), starts the real server
in a process of its own, and lets `--users` clerks open pages at once, each taking 2 to 10 seconds for
what she sees (a letter is to need no more of a clerk); `--think 1` is a storm of up to one second.
While she looks at a list, her browser asks every few seconds whether it changed (`… again`), and
`--changes` letters a second are handed to their group, so that no count stays known for long.
Prints p50, p95 and p99 of every page in milliseconds, from asking until the last byte, and the
processor time that each page takes when one clerk works alone and nothing changes. With `--folder`
the office is kept there, and used again when it is there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.judged_queries import judged_queries
from benchmarks.large_office import GROUPS, PASSWORD, YEAR, make_office
from benchmarks.search import percentiles
from benchmarks.synthetic_letters import make_letter
from index.choices import Step
from index.visibility import Role, Viewer
from pipeline.office import open_book, open_office

LEAST_THINKING, MOST_THINKING = 0.2, 10.0  # seconds: least as a share of the most
MOST_LIMIT = 200  # milliseconds, the bar
ALONE = 20  # times each page is opened to see what it takes of the processor
LOOK_AGAIN = re.compile(rb'hx-get="([^"]+)" hx-trigger="every (\d+)s"')


@dataclass
class Clerk:
    """One user: a session, a connection kept open, and the times her pages took."""

    host: str
    port: int
    number: int
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    cookie: str = ""
    body: bytes = b""

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(self.host, self.port, timeout=120)

    def ask(self, method: str, path: str, body: str = "") -> http.client.HTTPResponse:
        """Ask and read to the last byte."""
        headers = {"Origin": f"http://{self.host}:{self.port}", "Cookie": self.cookie}
        if "&seen=" in path:
            headers["HX-Request"] = "true"
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body or None, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # the server ends what was idle for some seconds; browsers ask again too
            self._connection.close()
            self._connection.request(method, path, body or None, headers)
            answer = self._connection.getresponse()
        self.body = answer.read()
        return answer

    def log_in(self) -> None:
        """Begin a session."""
        fields = urlencode({"name": f"clerk{self.number}", "password": PASSWORD})
        answer = self.ask("POST", "/login", fields)
        self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
        if not self.cookie:
            raise SystemExit(f"clerk{self.number} could not log in: {answer.status}")

    def work(
        self, pages: dict[str, Callable[[random.Random], str]], until: float, think: float
    ) -> None:
        """Open one page after another until the time is over, thinking up to `think` seconds."""
        rng = random.Random(self.number)  # noqa: S311 - repeatable choices
        name = ""
        while time.monotonic() < until:
            self._look(name, rng.uniform(LEAST_THINKING * think, think))
            name = rng.choice(list(pages))
            self._open(name, pages[name](rng))

    def _open(self, name: str, path: str) -> None:
        start = time.perf_counter()
        answer = self.ask("GET", path)
        self.seconds[name].append(time.perf_counter() - start)
        if answer.status not in (http.client.OK, http.client.NO_CONTENT):
            self.failures.append(f"{answer.status} {path}")

    def _look(self, name: str, seconds: float) -> None:
        """Look at a page; a list asks meanwhile whether it changed, as its browser does."""
        end = time.monotonic() + seconds
        found = LOOK_AGAIN.search(self.body) if name else None
        while found:
            path, every = unescape(found[1].decode()), float(found[2])
            if time.monotonic() + every >= end:
                break
            time.sleep(every)
            self._open(f"{name} again", path)
            found = LOOK_AGAIN.search(self.body) or found
        time.sleep(max(0.0, end - time.monotonic()))


def pages_of(letters: int) -> dict[str, Callable[[random.Random], str]]:
    """Return the pages clerks open, each as what makes its address."""
    words = [query.typed for query in judged_queries([make_letter(one) for one in range(1, 301)])]

    def letter(rng: random.Random) -> str:
        running = rng.randint(1, letters)
        return f"/letters/{running + (running % 100 == 0)}/{YEAR}"

    return {
        "list": lambda rng: "/",
        "whole list": lambda rng: f"/?show=all&page={rng.randint(1, 40)}",
        "list of a group": lambda rng: f"/?show=all&group={rng.choice(GROUPS)}",
        "letter": letter,
        "search": lambda rng: f"/search?q={quote(rng.choice(words))}",
        "search by group": lambda rng: f"/search?q={quote(rng.choice(words))}&group=plan",
        "review queue": lambda rng: "/review",
        "dashboard": lambda rng: "/dashboard",
        "group": lambda rng: f"/group?group={rng.choice(GROUPS)}",
    }


def serving(root: Path) -> Iterator[tuple[str, int, int]]:
    """Run the server; yield its host, port and process id."""
    command = [sys.executable, "-m", "pipeline.cli", "serve", "--office", str(root), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = ""
        while not address:
            line = server.stdout.readline()
            if not line:
                raise SystemExit("the server did not start")
            address = next((word for word in line.split() if word.startswith("http://")), "")
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 0
        try:
            wait_for_answer(host, port)
            yield host, port, server.pid
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate()


def wait_for_answer(host: str, port: int, longest_seconds: float = 120) -> None:
    """Wait until the server takes connections."""
    end = time.monotonic() + longest_seconds
    while True:
        try:
            socket.create_connection((host, port), timeout=5).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


def hand_on(root: Path, letters: int, a_second: float, over: threading.Event) -> None:
    """Hand a letter to its group every now and then, as a clerk does, in another process."""
    rng, who = random.Random(1), Viewer("benchmark", frozenset({Role.REGISTRY_CLERK}))  # noqa: S311
    with open_book(open_office(root)) as book:
        while a_second and not over.wait(1 / a_second):
            key = rng.randint(1, letters)
            if key % 100:
                group = GROUPS[key % len(GROUPS)]
                book.desk.move(who, key, Step.ROUTED, group=group, now=datetime.now(UTC))


def cpu_of_pages(
    clerk: Clerk, pages: dict[str, Callable[[random.Random], str]], process: int
) -> dict[str, float]:
    """Return the processor time that the server takes for each page, in milliseconds."""
    used = {}
    for name, make in pages.items():
        rng = random.Random(2)  # noqa: S311
        before = cpu_seconds(process)
        for _ in range(ALONE):
            clerk.ask("GET", make(rng))
        used[name] = round((cpu_seconds(process) - before) / ALONE * 1000, 1)
    return used


def measure(root: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Let the clerks work and report."""
    letters, users, seconds = options.letters, options.users, options.seconds
    think, changes = options.think, options.changes
    for host, port, process in serving(root):
        over = threading.Event()
        clerks = [Clerk(host, port, number) for number in range(users)]
        for clerk in clerks:
            clerk.log_in()
        pages = pages_of(letters)
        rng = random.Random(0)  # noqa: S311
        statuses = {name: clerks[0].ask("GET", make(rng)).status for name, make in pages.items()}
        known = {name: make for name, make in pages.items() if statuses[name] == http.client.OK}
        used, until = cpu_seconds(process), time.monotonic() + seconds
        threads = [threading.Thread(target=one.work, args=(known, until, think)) for one in clerks]
        changing = threading.Thread(target=hand_on, args=(root, letters, changes, over))
        changing.start()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        used = cpu_seconds(process) - used
        load = round(os.getloadavg()[0], 1)
        over.set()
        changing.join()
        alone = cpu_of_pages(clerks[0], known, process)
        opened = sorted({name for one in clerks for name in one.seconds})
        times = {name: [s for one in clerks for s in one.seconds[name]] for name in opened}
        asked = sum(map(len, times.values()))
        page_ms = {
            name: {**percentiles(one), "asked": len(one)} for name, one in times.items() if one
        }
        return {
            "letters": letters,
            "users": users,
            "seconds": seconds,
            "think_seconds_at_most": think,
            "changes_a_second": changes,
            "load_average": load,
            "requests": asked,
            "server_cpu_ms_per_request": round(used / max(1, asked) * 1000, 1),
            "server_cpu_ms_alone": alone,
            "page_ms": page_ms,
            "too_slow": [name for name, one in page_ms.items() if one["p95"] > MOST_LIMIT],
            "not_there": {name: status for name, status in statuses.items() if name not in known},
            "failures": sorted({text for one in clerks for text in one.failures})[:10],
        }
    raise AssertionError


def cpu_seconds(process: int) -> float:
    """Return the CPU seconds of a process and those of its children that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=MOST_THINKING, help="seconds at most")
    parser.add_argument("--changes", type=float, default=1.0, help="letters handed on, a second")
    parser.add_argument("--folder", type=Path, help="keep the office here, or use the one there")
    parser.add_argument("--json", action="store_true", help="one line of JSON only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = options.folder or Path(temporary) / "office"
        if not (root / "saraban.db").exists():
            make_office(root, options.letters, options.users)
        open_office(root)
        report = measure(root, options)
    print(json.dumps(report, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
