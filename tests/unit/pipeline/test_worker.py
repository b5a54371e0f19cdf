"""A job ends filed or set aside with a reason; the office's own trouble leaves the letter waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Archive
from index.book import Book
from index.choices import JobState
from index.errors import DiskFullError
from index.register.received.jobs import Job
from ocr.errors import EngineFailedError
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.viewers import PROGRAM
from pipeline.worker import TOO_HEAVY, LetterErrand, Outcome, work
from tests import scans
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, make_filing
from tests.unit.pipeline.conftest import SECRET, ToldEngine

pytestmark = pytest.mark.usefixtures("scan")


@pytest.fixture
def scan(office: Office) -> Path:
    """A scan in the inbox."""
    return scans.write_png(office.root / "inbox" / "นายสมมติ.png", "one")


def claim(intake: Intake) -> None:
    """Sweep until the inbox is empty: a file must have been seen unchanged once before."""
    while intake.sweep():
        time.sleep(0.002)


def take(book: Book) -> Job:
    job = book.jobs.take("test", 60, NOW)
    assert job is not None
    return job


def work_one(book: Book, bench: Workbench, office: Office) -> Outcome:
    return work(LetterErrand(take(book)), bench, office.quarantine, office.settings.work.attempts)


def test_a_letter_is_archived_and_in_the_book_and_its_claim_is_gone(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    claim(intake)
    outcome = work_one(book, bench, office)
    assert (outcome.state, outcome.detail) == (JobState.FILED, "1/2569")
    letter = book.letters.by_id(CLERK, outcome.letter_id)
    assert letter is not None
    assert letter.number == "ศธ 04006/1274"
    assert letter.group == "plan"
    assert bench.archive.path_of(letter.sha256).suffix == ".png"
    assert list(office.work.iterdir()) == []


def test_a_job_that_was_filed_before_the_crash_is_not_filed_twice(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    claim(intake)
    job = take(book)
    kept = office.root / "kept.png"
    kept.write_bytes(job.path.read_bytes())
    first = work(LetterErrand(job), bench, office.quarantine, 3)
    job.path.write_bytes(kept.read_bytes())  # the crash came before the claim was ended
    again = work(LetterErrand(job), bench, office.quarantine, 3)
    assert first.detail == again.detail == "1/2569"
    assert not job.path.exists()


def test_what_cannot_be_read_is_set_aside_with_its_reason(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    engine: ToldEngine,
) -> None:
    engine.failing = lambda: EngineFailedError(Path("-"), "no time left")
    claim(intake)
    outcome = work_one(book, bench, office)
    assert (outcome.state, outcome.detail) == (JobState.QUARANTINED, "EngineFailed")
    note = (office.quarantine / "นายสมมติ.png.txt").read_text("utf-8")
    assert "โปรแกรมอ่านตัวอักษรทำงานไม่สำเร็จ" in note
    assert "the reading engine failed" in note
    (held,) = book.quarantine.held(CLERK)
    assert "สมมติ" not in held.name + held.reason.thai + held.reason.english
    assert list(office.work.iterdir()) == []


def test_a_fault_of_ours_sets_the_letter_aside_with_the_traceback_for_the_registrar(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    engine: ToldEngine,
) -> None:
    engine.failing = lambda: ZeroDivisionError("a slip")
    claim(intake)
    detail = work_one(book, bench, office).detail
    assert detail.startswith("unexpected, ZeroDivisionError at pipeline/conftest.py:")
    assert "slip" not in detail, "what a fault says may be a secret"
    (held,) = book.quarantine.held(REGISTRAR)
    assert "ZeroDivisionError: a slip" in held.reason.detail
    assert "ZeroDivisionError" not in (office.quarantine / "นายสมมติ.png.txt").read_text("utf-8")
    assert (office.quarantine / "นายสมมติ.png").exists()


def test_a_full_disk_is_not_the_letters_fault(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object, **__: object) -> None:
        raise DiskFullError("archive")

    monkeypatch.setattr(Archive, "keep_original", full)
    claim(intake)
    job = take(book)
    with pytest.raises(DiskFullError):
        work(LetterErrand(job), bench, office.quarantine, 3)
    book.jobs.release(job)
    monkeypatch.undo()
    assert work_one(book, bench, office).state is JobState.FILED


def test_a_letter_that_was_begun_too_often_is_set_aside_unread(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    engine: ToldEngine,
) -> None:
    claim(intake)
    for _ in range(office.settings.work.attempts):
        book.jobs.release(take(book), died=True)
    assert work_one(book, bench, office).detail == "tried-too-often"
    assert engine.pages == []


def test_a_quarantined_letter_can_be_tried_again_from_where_it_lies(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    engine: ToldEngine,
) -> None:
    claim(intake)
    engine.failing = lambda: EngineFailedError(Path("-"))
    letter_id = work_one(book, bench, office).letter_id
    book.jobs.retry(letter_id, who="clerk", now=NOW)
    work_one(book, bench, office)  # fails again
    assert len(list(office.quarantine.iterdir())) == 2, "one file and its note"
    book.jobs.retry(letter_id, who="clerk", now=NOW)
    engine.failing = None
    assert work_one(book, bench, office).state is JobState.FILED
    assert list(office.quarantine.iterdir()) == []


def filed(book: Book, job: Job, _office: Office) -> None:
    book.jobs.file(job, make_filing(), NOW)


def held_back(book: Book, job: Job, _office: Office) -> None:
    book.jobs.release(job)
    file_one(book, "other")
    book.jobs.file(take(book), replace(make_filing(), hold_back=True), NOW)


def set_aside(book: Book, job: Job, office: Office) -> None:
    book.jobs.quarantine(job, TOO_HEAVY, NOW, path=office.quarantine / job.path.name)


def set_aside_where_it_lies(book: Book, job: Job, _office: Office) -> None:
    book.jobs.quarantine(job, TOO_HEAVY, NOW)


def taken_by_another(book: Book, job: Job, _office: Office) -> None:
    book.jobs.release(job)
    take(book)


@pytest.mark.parametrize(
    ("happened", "file_stays"),
    [
        (filed, False),
        (held_back, False),
        (set_aside, False),
        (set_aside_where_it_lies, True),
        (taken_by_another, True),
    ],
)
def test_for_a_process_that_died_only_the_claim_of_what_ended_is_removed(
    intake: Intake,
    book: Book,
    office: Office,
    happened: Callable[[Book, Job, Office], None],
    file_stays: bool,
) -> None:
    claim(intake)
    job = take(book)
    happened(book, job, office)
    LetterErrand(job).end_what_ended(book, office.quarantine)
    assert job.path.exists() is file_stays


def test_a_claim_that_vanished_says_so(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    claim(intake)
    job = take(book)
    job.path.unlink()
    assert work(LetterErrand(job), bench, office.quarantine, 3).detail == "FileVanished"


def test_a_secret_letters_files_lie_in_the_secret_part(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    engine: ToldEngine,
) -> None:
    engine.lines = SECRET
    claim(intake)
    outcome = work_one(book, bench, office)
    letter = book.letters.by_id(PROGRAM, outcome.letter_id)
    assert letter is not None
    path = bench.archive.path_of(letter.sha256)
    assert path.is_relative_to(office.archive / "secret")
    shown = book.letters.by_id(CLERK, outcome.letter_id)
    assert shown is not None
    assert (shown.subject, shown.number, shown.text) == ("(หนังสือลับ)", "", "")
