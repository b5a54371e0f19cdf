"""Fifty people, and several programs, write to one SQLite book at once: no gap, no double, nobody is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from index.book import Book
from index.choices import BookName
from tests.keeping import CLERK, check_two_years, make_scan, register_by_many


def test_fifty_people_on_both_sides_of_new_year_leave_no_gap_and_no_double(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/saraban.db"
    check_two_years(url, register_by_many(url, people=50, letters=100), 100)


WORKER = """
import os, signal, sys
from index.book import Book
from tests.keeping import NOW, make_filing
name, dies_after = sys.argv[2], int(sys.argv[3])
book = Book.open(sys.argv[1])
done = 0
while (job := book.jobs.take(name, 600, NOW)) is not None:
    if done == dies_after:
        os.kill(os.getpid(), signal.SIGKILL)
    book.jobs.file(job, make_filing(), NOW)
    done += 1
"""


def test_killed_workers_leave_nothing_half_and_others_finish(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/saraban.db"
    with Book.open(url) as book:
        for key in range(40):
            book.jobs.record_arrival(make_scan(key))
        for lives in ((3, 5, -1), (0, 2), (-1,)):
            workers = [
                subprocess.Popen([sys.executable, "-c", WORKER, url, f"host/{n}", str(life)])
                for n, life in enumerate(lives)
            ]
            for worker in workers:
                worker.wait()
            book.jobs.release_all("host/")
        counts = book.letters.count_states(CLERK)
        assert (counts.filed, counts.waiting, counts.working) == (40, 0, 0)
        audit = book.numbers.audit(BookName.RECEIVE, 2569)
        assert (audit.last, audit.gaps, audit.doubles) == (40, (), ())
        assert book.verify() == ()
