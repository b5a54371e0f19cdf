"""A file of several letters is cut by the journey where that is sure; where it is not, the desk is asked."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from classify import laid_out
from classify.layout import PageLayout, lay_out
from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.choices import BookName, JobState
from index.errors import DiskFullError
from index.visibility import Viewer
from ocr.document import Page
from pipeline.carry import Workbench
from pipeline.handed_in import CUT, UPLOAD, inner_folder
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.worker import LetterErrand, work
from tests.batches import BLANK, SHEET, BatchEngine, write_batch
from tests.keeping import CLERK, REGISTRAR
from tests.unit.pipeline.conftest import LETTER, SECRET
from tests.unit.pipeline.test_worker import claim, take, work_one


@pytest.fixture
def engine() -> BatchEngine:
    return BatchEngine()


def lay_in(office: Office, intake: Intake, *pages: str) -> None:
    write_batch(office.root / "inbox" / "a.pdf", pages)
    claim(intake)


def at_door(office: Office, *, secret: bool = False) -> list[Path]:
    return sorted(inner_folder(office, CUT, secret=secret).rglob("*.pdf"))


def doubts_about_pages(book: Book, letter_id: int) -> list[tuple[int, ...]]:
    return proposed_pages(book, CLERK, letter_id)


def proposed_pages(book: Book, viewer: Viewer, letter_id: int) -> list[tuple[int, ...]]:
    letter = book.letters.by_id(viewer, letter_id)
    assert letter is not None and letter.decision is not None
    return [one.pages for one in letter.decision.review if one.field == "pages"]


def test_sheets_part_letters_that_each_get_a_number_and_are_in_none_of_them(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    lay_in(office, intake, SHEET, "one", "more", SHEET, "two", SHEET, "three", "more")
    assert work_one(book, bench, office).detail == "1/2569"
    assert len(at_door(office)) == 2
    assert intake.has_pieces()
    claim(intake)
    assert not intake.has_pieces()
    assert [work_one(book, bench, office).detail for _ in range(2)] == ["2/2569", "3/2569"]
    parts = book.parts.kin(CLERK, 1).parts
    assert [(part.first_page, part.last_page) for part in parts] == [(5, 5), (7, 8)]
    archive = Archive(office.archive)
    for letter_id, page_count in ((1, 2), (2, 1), (3, 2)):
        file = book.letters.file_of(CLERK, letter_id)
        with pikepdf.open(archive.path_of(str(file.searchable_sha256), Shelf.SEARCHABLE)) as pdf:
            assert (file.page_count, len(pdf.pages)) == (page_count, page_count)
        letter = book.letters.by_id(CLERK, letter_id)
        assert letter is not None
        assert letter.text.count(LETTER[0]) == page_count
    with pikepdf.open(archive.path_of(book.letters.file_of(CLERK, 1).sha256)) as whole:
        assert len(whole.pages) == 8, "the scan stays as it came"
    assert list(check_archive(book, archive)) == []
    assert book.verify() == ()


def test_a_page_that_may_begin_a_letter_stays_and_is_asked_about(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    lay_in(office, intake, "one", "two", SHEET, "three")
    work_one(book, bench, office)
    assert len(at_door(office)) == 1
    assert doubts_about_pages(book, 1) == [(2,)]


def test_a_blank_page_before_a_head_cuts_only_a_file_said_to_be_a_batch(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    lay_in(office, intake, "one", BLANK, "two")
    job = take(book)
    work(LetterErrand(replace(job, batch=True)), bench, office.quarantine, 3)
    assert len(at_door(office)) == 1
    assert doubts_about_pages(book, 1) == []
    write_batch(office.root / "inbox" / "b.pdf", ("three", BLANK, "four"))
    claim(intake)
    for _ in range(2):
        work_one(book, bench, office)
    assert sum(len(doubts_about_pages(book, one)) for one in (1, 2, 3)) == 1
    assert at_door(office) == []


def test_a_page_is_laid_out_once_on_its_whole_way(
    intake: Intake, book: Book, bench: Workbench, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[int] = []

    def counted(page: Page) -> PageLayout:
        laid.append(page.number)
        return lay_out(page)

    monkeypatch.setattr(laid_out, "lay_out", counted)
    lay_in(office, intake, "one", "more", SHEET, "two")
    work_one(book, bench, office)
    assert laid == [1, 2, 3, 4]


def test_a_single_letter_loses_its_sheets_and_nothing_else(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    lay_in(office, intake, SHEET, "one", SHEET)
    work_one(book, bench, office)
    assert at_door(office) == []
    assert book.letters.file_of(CLERK, 1).page_count == 1
    assert [entry.action for entry in book.audit.entries(letter_id=1)].count("split") == 0


def test_a_scan_with_a_secrecy_mark_stays_whole_and_hidden(
    intake: Intake, book: Book, bench: Workbench, office: Office, engine: BatchEngine
) -> None:
    engine.lines = SECRET
    lay_in(office, intake, "one", SHEET, "two")
    work_one(book, bench, office)
    assert at_door(office) == at_door(office, secret=True) == []
    assert book.letters.file_of(REGISTRAR, 1).page_count == 3
    assert proposed_pages(book, REGISTRAR, 1) == [(3,)]


def test_what_came_through_a_secret_door_is_cut_behind_it(
    book: Book, intake: Intake, bench: Workbench, office: Office
) -> None:
    door = inner_folder(office, UPLOAD, secret=True)
    write_batch(door / "a.pdf", ("one", SHEET, "two"))
    claim(intake)
    work_one(book, bench, office)
    assert at_door(office) == []
    assert len(at_door(office, secret=True)) == 1


def test_what_a_group_scanned_in_one_go_is_proposed_to_that_group(
    book: Book, intake: Intake, bench: Workbench, office: Office
) -> None:
    door = inner_folder(office, UPLOAD, secret=False) / "finance"
    door.mkdir()
    write_batch(door / "a.pdf", ("one", SHEET, "two"))
    claim(intake)
    work_one(book, bench, office)
    assert intake.has_pieces()
    claim(intake)
    assert not intake.has_pieces()
    assert take(book).group == "finance"


def test_with_a_full_disk_the_letter_waits_whole(
    intake: Intake,
    book: Book,
    bench: Workbench,
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lay_in(office, intake, "one", SHEET, "two")
    job = take(book)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", full)
        with pytest.raises(DiskFullError):
            work(LetterErrand(job), bench, office.quarantine, 3)
    book.jobs.release(job)
    assert book.numbers.audit(BookName.RECEIVE, 2569).last == 0
    assert work_one(book, bench, office).state is JobState.FILED
    assert len(at_door(office)) == 1
