"""The conductor brings every letter to its end, whatever becomes of the processes that read."""

from __future__ import annotations

import hashlib
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Archive
from index.book import Book
from index.choices import CopyState
from ocr.errors import EngineMissingError
from pipeline import conductor as conducting
from pipeline import letter_process
from pipeline.conductor import Conductor
from pipeline.office import Office
from pipeline.serve import serve_once
from pipeline.viewers import PROGRAM
from pipeline.worker import Errand, Outcome
from tests import scans
from tests.keeping import CLERK, NOW, REGISTRAR, file_one, send_one
from tests.unit.pipeline.conftest import ToldEngine

DEADLY = b"deadly"


def work_or_die(errand: Errand) -> Outcome:
    """Work a letter with an engine that costs nothing; a deadly scan ends the process."""
    path = errand.path(letter_process._bench[0].archive)
    if errand.job.attempts <= 2 and path.read_bytes().endswith(DEADLY):
        os.kill(os.getpid(), signal.SIGKILL)
    letter_process._bench[0] = replace(letter_process._bench[0], engine=ToldEngine())
    return letter_process.work_letter(errand)


def find_no_engine(errand: Errand) -> Outcome:
    raise EngineMissingError("-", "nothing installed")


def drop_scans(office: Office, count: int) -> list[Path]:
    return [
        scans.write_png(office.root / "inbox" / f"{number}.png", f"scan {number}")
        for number in range(count)
    ]


def attach_copy(office: Office, book: Book) -> None:
    """Attach a scan to a sent letter, as the page does."""
    path = scans.write_png(office.root / "copy.png", "copy")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    Archive(office.archive).keep_original(path, sha256, ".png", secret=False)
    send_one(book)
    size = path.stat().st_size
    book.sent.attach(
        CLERK, 1, sha256=sha256, name="copy.png", media_type="image/png", size_bytes=size, now=NOW
    )


def test_one_scan_that_kills_its_process_does_not_stop_the_others(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conducting, "work_letter", work_or_die)
    second = drop_scans(office, 3)[1]
    second.write_bytes(second.read_bytes() + DEADLY)
    attach_copy(office, book)
    serve_once(office)
    (copy,) = book.sent.files(CLERK, 1)
    assert copy.state is CopyState.READ, "copies of sent letters are read by the same workers"
    counts = book.letters.count_states(PROGRAM)
    assert (counts.filed, counts.quarantined, counts.waiting, counts.working) == (2, 1, 0, 0)
    (held,) = book.quarantine.held(REGISTRAR)
    assert (held.name, held.reason.code) == ("1.png", "tried-too-often")
    numbers = book.letters.page(PROGRAM).letters
    assert sorted(one.register_number.running for one in numbers) == [1, 2]


def test_without_an_engine_a_single_run_ends_with_the_remedy_and_letters_wait(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conducting, "work_letter", find_no_engine)
    drop_scans(office, 1)
    with pytest.raises(EngineMissingError, match="saraban doctor"):
        serve_once(office)
    counts = book.letters.count_states(PROGRAM)
    assert (counts.waiting, counts.working, counts.quarantined) == (1, 0, 0)


def test_a_fault_in_a_thread_takes_the_program_down_loudly(
    office: Office, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    monkeypatch.setattr("threading.excepthook", said.append)
    conductor = Conductor(office, book, "test")
    monkeypatch.setattr(conductor._intake, "sweep", lambda: 1 // 0)
    conductor.start()
    assert conductor.stopping.wait(60)
    conductor.stop()
    assert conductor.failed
    assert "ZeroDivisionError" in repr(said)


def test_the_index_is_found_damaged_and_built_anew(office: Office, book: Book) -> None:
    file_one(book)
    (office.search_index / "v7").mkdir(parents=True)
    conductor = Conductor(office, book, "test")
    conductor._indexer.step()
    conductor._indexer.step()
    conductor._indexer.close()
    assert book.outbox.count() == 0
    assert (office.search_index / "active").is_file()
