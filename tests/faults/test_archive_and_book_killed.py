"""A worker dies (SIGKILL) at any step between the door and the book: the next one ends with the same state."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.choices import BookName
from tests.keeping import CLERK, NOW, MadeScan, make_filing
from tests.stepping import listening

BYTES = b"%PDF-1.7 made up\n" * 500
SHA256 = hashlib.sha256(BYTES).hexdigest()

KILLED = """
import os, signal, sys
from pathlib import Path
from tests.faults.test_archive_and_book_killed import carry

def die(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

carry(Path(sys.argv[1]), "killed", 0, die)
"""
STEPS = [
    "before arrival",
    "arrived",
    "taken",
    "original kept",
    "searchable kept",
    "BEGIN IMMEDIATE",
    "INSERT INTO counters",
    "INSERT INTO contents",
    "INSERT INTO audit",
    "commit",
    "filed",
]


def carry(folder: Path, worker: str, late_seconds: int, reached: Callable[[str], object]) -> None:
    """Go the journey as a worker does; `reached` is told each step, those inside the commit too."""
    now = NOW + timedelta(seconds=late_seconds)
    archive = Archive(folder / "archive")
    scan = MadeScan(folder / "work.pdf", "scan.pdf", SHA256)
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        reached("before arrival")
        book.jobs.record_arrival(scan)
        reached("arrived")
        job = book.jobs.take(worker, 60, now)
        reached("taken")
        if job is None:
            return
        archive.keep_original(job.path, SHA256, ".pdf", secret=False)
        reached("original kept")
        kept = archive.keep_searchable(job.path, secret=False)
        reached("searchable kept")
        filing = replace(make_filing(), searchable_sha256=kept.sha256)
        with listening(reached):
            book.jobs.file(job, filing, now)
        reached("filed")


@pytest.fixture(scope="module")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "empty.db"
    Book.open(f"sqlite:///{path}").close()
    return path


@pytest.mark.parametrize("death", STEPS)
def test_a_worker_killed_at_any_step_loses_and_doubles_nothing(
    tmp_path: Path, empty_book: Path, death: str
) -> None:
    shutil.copy(empty_book, tmp_path / "saraban.db")
    (tmp_path / "work.pdf").write_bytes(BYTES)
    command = [sys.executable, "-c", KILLED, str(tmp_path), death]
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    killed = subprocess.run(command, check=False, env=environment)
    assert killed.returncode == -signal.SIGKILL
    carry(tmp_path, "second", 61, lambda _step: None)  # the lease has run out by then
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        counts = book.letters.count_states(CLERK)
        assert (counts.received, counts.filed, counts.waiting, counts.working) == (1, 1, 0, 0)
        assert counts.duplicates == 0
        audit = book.numbers.audit(BookName.RECEIVE, 2569)
        assert (audit.last, audit.gaps, audit.doubles) == (1, (), ())
        assert [item.key.id for item in book.outbox.pending()] == [1]
        assert book.verify() == ()
        archive = Archive(tmp_path / "archive")
        assert list(check_archive(book, archive)) == []
        assert archive.path_of(SHA256).read_bytes() == BYTES
        assert archive.path_of(SHA256, Shelf.SEARCHABLE).read_bytes() == BYTES
        late = NOW + timedelta(days=1)
        assert book.jobs.take("w9", 60, late) is None
