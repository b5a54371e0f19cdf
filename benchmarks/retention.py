"""Retention measured: `python benchmarks/retention.py --letters 100000`; prints JSON.

Inserts finished letters of every class over thirty years into a new book (rows only, no scans), holds
and lends some, then times the January page, the survey of a year and of everything, and a simulation.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from sqlalchemy import insert

from benchmarks.timing import timed
from index.book import Book
from index.register.store.database import Database
from index.register.store.tables import BANGKOK, ContentRow, LetterRow
from index.retention.due_list import DueFilter, Which
from index.retention.law import load_law
from index.retention.tables import ClockRow, HoldRow, PlaceRow
from index.visibility import Role, Viewer

KEEPER = Viewer("benchmark", frozenset({Role.RECORDS_OFFICER}))
CLASSES = ("R10",) * 10 + ("R05", "R05", "R05", "R01", "R01", "RF", "RF", "RSUP", "RPERM", "RLAW")
FIRST_YEAR, YEARS = 2007, 20
AS_OF = date(FIRST_YEAR + YEARS, 1, 12)
PART = 5_000


def fill(database: Database, letters: int) -> None:
    """Insert letters spread evenly over the years, every hundredth secret, every fiftieth held."""
    office = database.office_id
    for start in range(0, letters, PART):
        keys = range(start + 1, min(start + PART, letters) + 1)
        with database.writing() as session:
            session.execute(insert(LetterRow), [_letter(key, letters, office) for key in keys])
            session.execute(
                insert(ContentRow),
                [{"letter_id": key, "text": "", "letter": {}, "decision": {}} for key in keys],
            )
            session.execute(
                insert(ClockRow),
                [{"letter_id": key, "finished_on": _day(key, letters)} for key in keys],
            )
            session.execute(insert(PlaceRow), [_place(key) for key in keys])
            session.execute(insert(HoldRow), [_hold(key) for key in keys if key % 50 == 0])


def _day(key: int, letters: int) -> date:
    return date(FIRST_YEAR, 1, 1) + timedelta(days=key * 365 * YEARS // letters)


def _letter(key: int, letters: int, office: int) -> dict[str, object]:
    day = _day(key, letters)
    at = datetime(day.year, day.month, day.day, 9, tzinfo=BANGKOK)
    return {
        "id": key,
        "office_id": office,
        "sha256": f"{key:064x}",
        "state": "filed",
        "name": f"{key}.pdf",
        "door": "inbox",
        "received_at": at,
        "media_type": "application/pdf",
        "size_bytes": 1,
        "work_path": "",
        "book": "receive",
        "buddhist_year": day.year + 543,
        "running": key,
        "filed_at": at,
        "is_secret": key % 100 == 0,
        "number": f"ศธ 04{key % 1000:03}/{key}",
        "date": day,
        "sender": f"สำนักงานสมมติที่ {key % 300}",
        "subject": f"การประชุมครั้งที่ {key} เรื่องการจัดสรรงบประมาณและแผนปฏิบัติการประจำปี",
        "retention_class": CLASSES[key % len(CLASSES)],
    }


def _place(key: int) -> dict[str, object]:
    return {
        "letter_id": key,
        "shelf": f"A-{key // 5000}",
        "box": str(key // 200),
        "file_code": f"ผอ {key // 100}",
        "stored_on": date(FIRST_YEAR, 1, 1),
        "stored_by": "benchmark",
    }


def _hold(key: int) -> dict[str, object]:
    return {
        "letter_id": key,
        "kind": "audit",
        "reason": "ตรวจสอบ",
        "placed_by": "benchmark",
        "placed_on": date(FIRST_YEAR, 1, 1),
    }


def main() -> None:
    """Fill a book, measure, print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/saraban.db"
        with Book.open(url) as book:
            database = Database(url, "office")
            fill(database, asked.letters)
            database.close()
            book.tune()
            surveys = book.retention(load_law()).surveys
            year: Callable[[], list[object]] = lambda: list(  # noqa: E731
                surveys.survey(KEEPER, AS_OF, due_only=True)
            )
            everything: Callable[[], list[object]] = lambda: list(  # noqa: E731
                surveys.survey(KEEPER, AS_OF)
            )
            tried: Callable[[], list[object]] = lambda: list(  # noqa: E731
                surveys.simulate(KEEPER, "R10", 5, AS_OF).becomes_due
            )
            due = book.retention(load_law()).due_list
            january: Callable[[], list[object]] = lambda: [  # noqa: E731
                due.counts(KEEPER, AS_OF),
                due.coming(KEEPER, AS_OF.year),
                due.electronic(KEEPER, AS_OF),
                *due.page(KEEPER, AS_OF, DueFilter(), limit=50),
            ]
            turned: Callable[[], list[object]] = lambda: list(  # noqa: E731
                due.page(KEEPER, AS_OF, DueFilter(Which.FREE), limit=50, offset=1000)
            )
            result = {
                "letters": asked.letters,
                "january_page": timed(january, asked.repeats),
                "january_next_page": timed(turned, asked.repeats),
                "survey_due": timed(year, asked.repeats),
                "survey_all": timed(everything, asked.repeats),
                "simulate": timed(tried, asked.repeats),
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
