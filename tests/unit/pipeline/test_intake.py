"""Every file that comes in is noted once; what is known already ends as a duplicate."""

from __future__ import annotations

from pathlib import Path

from index.book import Book
from index.choices import JobState
from ocr.errors import EngineFailedError
from pipeline.carry import Workbench
from pipeline.intake import Intake
from pipeline.office import Office
from pipeline.viewers import PROGRAM
from tests import scans
from tests.unit.pipeline.conftest import ToldEngine
from tests.unit.pipeline.test_worker import claim, take, work_one
from watch_folder.claim import claim as claim_file


def counts(book: Book) -> tuple[int, int, int, int]:
    now = book.letters.count_states(PROGRAM)
    return now.waiting + now.working, now.filed, now.quarantined, now.duplicates


def test_the_same_file_twice_is_one_letter(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    inbox = office.root / "inbox"
    scans.write_png(inbox / "a.png")
    claim(intake)
    (inbox / "b.png").write_bytes(scans.write_png(office.root / "c.png").read_bytes())
    claim(intake)  # while the first one waits
    assert counts(book) == (1, 0, 0, 1)
    work_one(book, bench, office)
    scans.write_png(inbox / "d.png")
    claim(intake)  # after it was filed
    assert counts(book) == (0, 1, 0, 2)
    assert list(office.work.iterdir()) == []


def test_dropping_a_quarantined_file_again_tries_it_again(
    intake: Intake, book: Book, bench: Workbench, office: Office, engine: ToldEngine
) -> None:
    scan = scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    engine.failing = lambda: EngineFailedError(Path("-"))
    work_one(book, bench, office)
    engine.failing = None
    scans.write_png(scan)
    claim(intake)
    assert work_one(book, bench, office).state is JobState.FILED
    assert list(office.quarantine.iterdir()) == []


def test_what_was_under_way_is_taken_up_after_a_crash(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    job = take(book)  # the program is killed here
    (office.work / "letter-x").mkdir()
    assert intake.recover() == 1
    again = take(book)
    assert (again.letter_id, again.attempts) == (job.letter_id, 1), "no fault of the letter"
    assert not (office.work / "letter-x").exists()


def test_a_claim_whose_letter_is_in_the_book_already_ends_at_the_next_start(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    left = {path: path.read_bytes() for path in office.work.iterdir()}
    work_one(book, bench, office)
    for path, content in left.items():  # killed between the book and the end of the claim
        path.write_bytes(content)
    intake.recover()
    assert list(office.work.iterdir()) == []
    assert counts(book) == (0, 1, 0, 0)


def test_a_copy_through_the_secret_folder_hides_the_letter_it_is_a_copy_of(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    work_one(book, bench, office)
    again = scans.write_png(office.root / "again.png")
    job = book.jobs.find(next(iter(book.letters.files())).sha256)
    assert job is not None
    scan = claim_file(
        again,
        office.work,
        media_type="image/png",
        door="secret",
        received_at=job.received_at,
        secret_door=True,
    )
    assert scan is not None
    intake.receive(scan)
    (file,) = book.letters.files()
    assert file.is_secret
    assert bench.archive.path_of(file.sha256).is_relative_to(office.archive / "secret")


def test_a_refused_file_is_in_quarantine_and_in_the_book(
    intake: Intake, book: Book, office: Office
) -> None:
    (office.root / "inbox" / "empty.pdf").touch()
    claim(intake)
    assert counts(book) == (0, 0, 1, 0)
    (held,) = book.quarantine.held(PROGRAM)
    assert held.path == office.quarantine / "empty.pdf"
    assert held.reason.code == "empty"


def test_the_same_refused_file_again_does_not_stay_in_the_inbox(
    intake: Intake, book: Book, office: Office
) -> None:
    for _ in range(2):
        (office.root / "inbox" / "empty.pdf").touch()
        claim(intake)
    assert list((office.root / "inbox").iterdir()) == []
    assert {path.name for path in office.quarantine.glob("*.pdf")} == {
        "empty.pdf",
        "empty (2).pdf",
    }
    assert counts(book)[2] == 1
