"""An office that is backed up while it works, under kills of its workers, comes back whole as of that moment.

Every letter, number, decision, audit line and file of the moment is there, and `check` passes.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import scans
from tests.offices import Ran, TestOffice, make_office, saraban, wait_for

pytestmark = [pytest.mark.engine, pytest.mark.restic]
LETTERS, SEED = 8, 2569
SETTLED = (
    "SELECT l.id, l.sha256, l.state, l.book, l.buddhist_year, l.running, l.number, l.date, l.sender, "
    "l.subject, l.group_code, l.is_secret, l.searchable_sha256, c.text, c.letter, c.decision "
    "FROM letters l JOIN contents c ON c.letter_id = l.id WHERE l.state = 'filed' ORDER BY l.id"
)
TRAIL = "SELECT sequence, at, who, action, letter_id, details, hash FROM audit ORDER BY sequence"
NUMBERS = "SELECT book, buddhist_year, running, status, letter_id FROM numbers ORDER BY 1, 2, 3"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """An office that was killed in the end, its backup, and what each `saraban backup` said."""

    office: TestOffice
    place: Path
    made: list[dict[str, object]]


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackedUp]:
    place = tmp_path_factory.mktemp("backed up")
    office = make_office(place / "office")
    for number in range(LETTERS):
        scans.write_pdf(office.inbox / f"scan {number}.pdf", f"letter {number}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SARABAN_BACKUP_PASSPHRASE", "of a test")
        yield BackedUp(office, place / "kept", back_up_twice(office, place / "kept"))


def workers_of(pid: int) -> list[int]:
    """Return the processes below the server that read letters."""
    below = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for path in below for child in path.read_text("ascii").split()]
    return [one for one in children if b"spawn_main" in command_of(one)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@contextmanager
def killing(pid: int) -> Iterator[list[int]]:
    """Kill a worker again and again, at random moments, until the block ends; yield who was killed."""
    dice, ended, killed = random.Random(SEED), threading.Event(), list[int]()  # noqa: S311 - repeatable

    def kill() -> None:
        while not ended.wait(dice.uniform(0.3, 1.5)):
            for worker in workers_of(pid)[:1]:
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        ended.set()
        thread.join()


def rows(book: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{book.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def names_in(archive: Path) -> set[str]:
    return {one.name for one in archive.rglob("*") if one.is_file() and "incoming" not in one.parts}


def back_up_twice(office: TestOffice, place: Path) -> list[dict[str, object]]:
    """Serve, kill workers, back up at the first filed letter and again at a later moment."""
    made = []
    with office.serving() as server:
        assert server.stderr is not None
        next(line for line in server.stderr if "filed: 1/" in line)
        reader = threading.Thread(target=server.stderr.read)  # a full pipe would stop the server
        reader.start()
        with killing(server.pid) as killed:
            for _ in range(2):
                ran = office.saraban("backup", str(place), "--json")
                assert ran.code == 0, ran.err
                made.append(ran.json)
                time.sleep(1.0)
            wait_for(lambda: killed, "a kill")
        os.killpg(server.pid, signal.SIGKILL)
        reader.join()
    return made


def restore(place: Path, moment: str, folder: Path) -> Ran:
    return saraban("restore", str(place), str(folder), "--moment", moment, "--json")


def test_backed_up_under_kills_it_comes_back_whole(backed_up: BackedUp, tmp_path: Path) -> None:
    office, live = backed_up.office, backed_up.office.root / "saraban.db"
    for number, one in enumerate(backed_up.made):
        back = tmp_path / f"back {number}"
        ran = restore(backed_up.place, str(one["snapshot"]), back)
        assert ran.code == 0, ran.out + ran.err
        lines = rows(back / "saraban.db", TRAIL)
        kept = int(str(one["audit_lines"]))
        assert lines[:kept] == rows(live, TRAIL)[:kept]
        assert [line[3] for line in lines[kept:]] == ["restored"]
        settled = rows(back / "saraban.db", SETTLED)
        assert set(settled) <= set(rows(live, SETTLED))  # what was filed since may have come before
        in_trail = {line[4] for line in lines[:kept] if line[3] == "filed"}
        assert {row[0] for row in settled} == in_trail
        numbers = rows(back / "saraban.db", NUMBERS)
        assert numbers == rows(live, NUMBERS)[: len(numbers)]
        assert len(numbers) == len(settled) > 0
        wanted = {f"{sha}.pdf" for row in settled for sha in (row[1], row[12])}
        assert wanted <= names_in(back / "archive") <= names_in(office.root / "archive")
    assert (tmp_path / "back 1" / "saraban.toml").read_bytes() == (
        office.root / "saraban.toml"
    ).read_bytes()
