"""What runs in a worker process: opened once, then one leased letter after another."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from index.archive import Archive
from index.book import Book
from index.errors import KeepingError
from ocr import Engine, choose_engine
from ocr.errors import EngineMissingError, OcrError
from ocr.pages import open_scan
from pipeline.carry import Workbench
from pipeline.limits import allow_time, held_time
from pipeline.office import Office, open_book, open_office
from pipeline.rules_in_force import RulesInForce
from pipeline.worker import Errand, Outcome, work

_office: list[Office] = []  # this process's own, set once by `prepare`
_bench: list[Workbench] = []


def prepare(root: Path) -> None:
    """Open the office in this process."""
    for noisy in ("pdfminer", "pikepdf", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    office = open_office(root)
    _office[:] = [office]
    _bench[:] = [make_bench(office, open_book(office))]


def work_letter(errand: Errand) -> Outcome:
    """Work one letter or one copy of a sent one; raises what `pipeline.worker.work` raises.

    This process ends when the letter takes longer than its pages may.
    """
    bench = _bench[0]
    if bench.engine is None:  # none was installed; perhaps somebody has helped since
        bench = _bench[0] = replace(bench, engine=_find_engine())
    settings = _office[0].settings.work
    with held_time(settings.allowance.seconds(pages=1)):
        allow_time(settings.allowance.seconds(_count_pages(errand.path(bench.archive))))
        return work(errand, bench, _office[0].quarantine, settings.attempts)


def _count_pages(path: Path) -> int:
    """Return how many pages the file has; 1 for what cannot be opened, which ends soon."""
    try:
        with open_scan(path) as scan:
            return scan.page_count
    except (OcrError, KeepingError, MemoryError):
        return 1


def make_bench(office: Office, book: Book) -> Workbench:
    """Return what it takes to carry letters in this office."""
    zone = office.zone
    return Workbench(
        book=book,
        archive=Archive(office.archive),
        office=office,
        rules=RulesInForce(office.rules, office.kept_rules).current,
        thresholds=office.settings.review,
        clock=lambda: datetime.now(UTC).astimezone(zone),
        engine=_find_engine(),
    )


def _find_engine() -> Engine | None:
    try:
        return choose_engine()
    except EngineMissingError:
        return None
