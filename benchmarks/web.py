"""The pages measured: `python benchmarks/web.py --letters 100000 --users 20 --seconds 60 --json`.

Fills a new office's book and search index with made-up letters (repeatable), starts the real server
in a process of its own, and lets `--users` clerks open pages at once, each taking 2 to 10 seconds for
what she sees (a letter is to need no more of a clerk); `--think 1` is a storm of up to one second.
Prints p50, p95 and p99 of every page in milliseconds, from asking until the last byte. With
`--folder` the office is kept there, and used again when it is there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
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
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import insert

from benchmarks.judged_queries import judged_queries
from benchmarks.search import documents, percentiles
from benchmarks.synthetic_letters import MadeLetter, make_letter
from classify import install_default_rules
from classify.letter import Decision, Found, GroupScore, Kind, Letter, Urgency
from index.archive import Archive
from index.register.book import Book
from index.register.codec import pack_decision, pack_letter
from index.register.database import Database
from index.register.number_tables import CounterRow
from index.register.people import Person
from index.register.tables import ContentRow, LetterRow, ReviewRow
from index.search import rebuild
from index.visibility import Role
from ocr.document import Box
from pipeline.demo.letters import LETTERS, save_letter
from pipeline.office import create_office, open_book, open_office

PASSWORD = "benchmark of pages 2569"  # noqa: S105 - of an office that is thrown away
PART, DISTINCT = 5_000, 1_000
GROUPS = ("plan", "finance", "hr", "admin", "dlict", "promotion", "supervision", "legal")
LEAST_THINKING, MOST_THINKING = 0.2, 10.0  # seconds: least as a share of the most
YEAR = 2569
MOST_LIMIT = 200  # milliseconds, the bar


def fill(database: Database, letters: int, searchable: str) -> None:
    """Insert letters of one year: every hundredth secret, every fiftieth in doubt, some urgent."""
    office = database.office_id
    for start in range(0, letters, PART):
        keys = range(start + 1, min(start + PART, letters) + 1)
        with database.writing() as session:
            rows = [_row(key, office, searchable, letters) for key in keys]
            session.execute(insert(LetterRow), rows)
            contents = [_content(key) for key in keys]
            session.execute(insert(ContentRow), contents)
            session.execute(insert(ReviewRow), [_review(key) for key in keys if _is_in_doubt(key)])
    with database.writing() as session:
        counter = {"office_id": office, "book": "receive", "buddhist_year": YEAR}
        session.execute(insert(CounterRow), [{**counter, "first": 1, "last": letters}])


@cache
def _made(number: int) -> MadeLetter:
    return make_letter(number)


def _is_in_doubt(key: int) -> bool:
    return key % 50 == 7


def _row(key: int, office: int, searchable: str, letters: int) -> dict[str, object]:
    letter = _made(key % DISTINCT + 1)
    minutes = key * 330 * 24 * 60 // letters
    at = datetime.fromtimestamp(datetime(2026, 1, 5, tzinfo=UTC).timestamp() + minutes * 60, UTC)
    urgent = {3: Urgency.MOST_URGENT, 4: Urgency.URGENT}.get(key % 200, Urgency.NONE)
    return {
        "id": key, "office_id": office, "sha256": f"{key:064x}", "state": "filed",
        "name": f"{key}.pdf", "door": "inbox", "received_at": at, "filed_at": at,
        "media_type": "application/pdf", "size_bytes": 1, "work_path": "", "page_count": 1,
        "searchable_sha256": searchable, "book": "receive", "buddhist_year": YEAR, "running": key,
        "revision": 1, "is_secret": key % 100 == 0, "review_count": int(_is_in_doubt(key)),
        "number": letter.number, "number_as_printed": letter.number, "number_key": letter.number,
        "date": letter.date, "sender": letter.sender, "recipient": letter.recipient,
        "subject": letter.subject, "kind": "external", "urgency": urgent.value,
        "secrecy": "ลับ" if key % 100 == 0 else "", "group_code": GROUPS[key % len(GROUPS)],
        "retention_class": "R10",
    }  # fmt: skip


def _content(key: int) -> dict[str, object]:
    made = _made(key % DISTINCT + 1)
    box = Box(300, 600, 1500, 660)
    letter = Letter(
        kind=Found(Kind.EXTERNAL, "", 0.9, None, None, "made up"),
        number=Found(made.number, made.number, 0.9, 1, box, "made up"),
        date=Found(made.date, str(made.date), 0.9, 1, None, "made up"),
        sender=Found(made.sender, made.sender, 0.9, 1, None, "made up"),
        recipient=Found(made.recipient, made.recipient, 0.9, 1, None, "made up"),
        subject=Found(made.subject, made.subject, 0.9, 1, box, "made up"),
    )
    group = GROUPS[key % len(GROUPS)]
    decision = Decision(
        group=group,
        scores=(GroupScore(group, 3.5, (("ประชุม", "subject", 2.0),)),),
        margin=0.6,
        copies=(),
        retention_class="R10",
        retention_because="57",
        review=(),
    )
    return {
        "letter_id": key, "text": made.text, "letter": pack_letter(letter),
        "decision": pack_decision(decision),
    }  # fmt: skip


def _review(key: int) -> dict[str, object]:
    return {
        "letter_id": key, "field": "number", "code": "low", "thai": "เลขที่ไม่ชัด",
        "english": "the number is unclear",
    }  # fmt: skip


def make_office(root: Path, letters: int, users: int) -> None:
    """Make the office with its letters, index and people."""
    office = create_office(root)
    install_default_rules(office.rules)
    scan = save_letter(LETTERS[0], root)
    searchable = Archive(office.archive).keep_searchable(scan, secret=False)
    scan.unlink()
    with open_book(office) as book:
        fill(_database_of(book), letters, searchable.sha256)
        roles = frozenset({Role.REGISTRY_CLERK})
        people = [
            Person(f"clerk{number}", f"ธุรการ {number}", roles, must_change_password=False)
            for number in range(users)
        ]
        book.people.put_alike(people, PASSWORD, who="benchmark", now=datetime.now(UTC))
    if not (office.search_index / "active").exists():
        fill_index(office.search_index, letters)


def _database_of(book: Book) -> Database:
    return book._database


def fill_index(folder: Path, letters: int) -> None:
    """Index as many letters as the book has; secret ones are left out."""
    index = rebuild(folder, "tantivy", ())
    batch = []
    for document in documents(letters, DISTINCT, defaultdict(float)):
        if document.letter_id % 100:
            batch.append(document)
        if len(batch) == PART:
            index.engine.write((), batch)
            batch = []
    index.engine.write((), batch)
    index.close()


@dataclass
class Clerk:
    """One user: a session, a connection kept open, and the times her pages took."""

    host: str
    port: int
    number: int
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    cookie: str = ""

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(self.host, self.port, timeout=120)

    def ask(self, method: str, path: str, body: str = "") -> http.client.HTTPResponse:
        """Ask and read to the last byte."""
        headers = {"Origin": f"http://{self.host}:{self.port}", "Cookie": self.cookie}
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
        answer.read()
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
        while time.monotonic() < until:
            time.sleep(rng.uniform(LEAST_THINKING * think, think))
            name = rng.choice(list(pages))
            path = pages[name](rng)
            start = time.perf_counter()
            answer = self.ask("GET", path)
            self.seconds[name].append(time.perf_counter() - start)
            if answer.status != http.client.OK:
                self.failures.append(f"{answer.status} {path}")


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


def measure(root: Path, letters: int, users: int, seconds: float, think: float) -> dict[str, Any]:
    """Let the clerks work and report."""
    for host, port, process in serving(root):
        clerks = [Clerk(host, port, number) for number in range(users)]
        for clerk in clerks:
            clerk.log_in()
        pages = pages_of(letters)
        rng = random.Random(0)  # noqa: S311
        statuses = {name: clerks[0].ask("GET", make(rng)).status for name, make in pages.items()}
        known = {name: make for name, make in pages.items() if statuses[name] == http.client.OK}
        used, until = cpu_seconds(process), time.monotonic() + seconds
        threads = [threading.Thread(target=one.work, args=(known, until, think)) for one in clerks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        used = cpu_seconds(process) - used
        times = {name: [s for one in clerks for s in one.seconds[name]] for name in known}
        asked = sum(map(len, times.values()))
        page_ms = {
            name: {**percentiles(one), "asked": len(one)} for name, one in times.items() if one
        }
        return {
            "letters": letters,
            "users": users,
            "seconds": seconds,
            "think_seconds_at_most": think,
            "load_average": round(os.getloadavg()[0], 1),
            "requests": asked,
            "server_cpu_ms_per_request": round(used / max(1, asked) * 1000, 1),
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
    parser.add_argument("--folder", type=Path, help="keep the office here, or use the one there")
    parser.add_argument("--json", action="store_true", help="one line of JSON only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = options.folder or Path(temporary) / "office"
        if not (root / "saraban.db").exists():
            make_office(root, options.letters, options.users)
        open_office(root)
        report = measure(root, options.letters, options.users, options.seconds, options.think)
    print(json.dumps(report, ensure_ascii=False, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
