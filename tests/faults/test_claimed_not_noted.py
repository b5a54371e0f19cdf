"""A disk that fills up between a claim and its row strands no scan: the next sweep notes it, and check tells."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from index.book import Book
from index.errors import DiskFullError
from index.register.received.arrivals import Arrival, Scan
from pipeline.audit import Disagreement, find_disagreements
from pipeline.finder import Finder
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.viewers import PROGRAM
from tests import scans
from tests.keeping import NOW
from tests.unit.pipeline.conftest import book, intake, made_office, office

SETTLE_SECONDS = 0.001  # of the office of these tests

__all__ = ["book", "intake", "made_office", "office"]  # the fixtures


def fail_at(book: Book, monkeypatch: pytest.MonkeyPatch, *calls: int) -> None:
    """Let the n-th notings of an arrival meet a full disk."""
    note: Callable[[Scan], Arrival] = book.jobs.record_arrival
    noted: list[Scan] = []

    def record(scan: Scan) -> Arrival:
        noted.append(scan)
        if len(noted) in calls:
            raise DiskFullError("saraban.db")
        return note(scan)

    monkeypatch.setattr(book.jobs, "record_arrival", record)


def drop(office: Office, count: int) -> None:
    for number in range(count):
        scans.write_png(office.root / "inbox" / f"{number}.png", f"scan {number}")


def sweep_all(intake: Intake) -> None:
    for _ in range(12):
        time.sleep(2 * SETTLE_SECONDS)
        try:
            intake.sweep()
        except DiskFullError:
            continue


def wrong_folders(office: Office, book: Book) -> list[Disagreement]:
    finder = Finder(office.search_index, office.settings.search.engine, {})
    found = list(find_disagreements(office, book, finder, lambda _: None))
    finder.close()
    return [one for one in found if one.where == "folders"]


@pytest.mark.parametrize("calls", [(1,), (2, 3), (5,), (1, 2, 3, 4)])
def test_the_next_sweeps_note_what_lies_in_work(
    office: Office,
    book: Book,
    intake: Intake,
    monkeypatch: pytest.MonkeyPatch,
    calls: tuple[int, ...],
) -> None:
    drop(office, 5)
    fail_at(book, monkeypatch, *calls)
    sweep_all(intake)
    counts = book.letters.count_states(PROGRAM)
    assert (counts.received, counts.waiting) == (5, 5)
    assert counts.add_up
    assert wrong_folders(office, book) == []


def test_check_names_a_stray_until_it_is_noted(
    office: Office, book: Book, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(office, 1)
    with monkeypatch.context() as full:
        fail_at(book, full, 1)
        for _ in range(4):
            time.sleep(2 * SETTLE_SECONDS)  # a file that has just changed is not taken
            try:
                intake.sweep()
            except DiskFullError:
                break
    (stray,) = wrong_folders(office, book)
    assert "belongs to no letter" in stray.what
    assert stray.remedy == "run: saraban serve"
    intake.sweep()
    assert wrong_folders(office, book) == []


@pytest.mark.parametrize("where", ["quarantine", "work"])
def test_check_tells_that_a_letter_has_lost_its_file(
    office: Office, book: Book, intake: Intake, where: str
) -> None:
    if where == "work":
        drop(office, 1)
    else:
        (office.root / "inbox" / "none.pdf").write_text("no pdf, but long enough to be looked at")
    sweep_all(intake)
    (lost,) = [path for path in (office.root / where).iterdir() if path.suffix in (".pdf", ".png")]
    lost.unlink()
    (told,) = wrong_folders(office, book)
    assert "has lost its file" in told.what
    assert lost.name not in told.what, "a name may be a secret"


def test_a_file_that_was_moved_to_quarantine_and_not_noted_yet_is_not_lost(
    office: Office, book: Book, intake: Intake
) -> None:
    """Its process died in between: the next try finds it there. A restored office may stand so."""
    drop(office, 1)
    sweep_all(intake)
    (moved,) = [path for path in office.work.iterdir() if path.suffix in (".pdf", ".png")]
    moved.rename(office.quarantine / "moved.png")
    assert wrong_folders(office, book) == []
    (office.quarantine / "moved.png").write_bytes(b"another")
    assert len(wrong_folders(office, book)) == 1


def test_the_counts_are_a_sum_that_holds(office: Office, book: Book, intake: Intake) -> None:
    drop(office, 3)
    scans.write_png(office.root / "inbox" / "again.png", "scan 1")
    (office.root / "inbox" / "none.pdf").write_text("no pdf, but long enough to be looked at")
    sweep_all(intake)
    book.jobs.take("test", 60, NOW)
    counts = book.letters.count_states(PROGRAM)
    assert counts.add_up
    assert counts.sentence == (
        "5 dropped = 0 filed + 2 waiting + 1 working + 1 quarantined + 0 dismissed + 1 duplicates"
    )
