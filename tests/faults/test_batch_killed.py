"""A worker dies (SIGKILL) while it cuts a batch: afterwards every letter has one number, and no page is lost."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from classify import install_default_rules, load_rules
from index.archive import Archive
from index.book import Book
from index.check import check_archive
from index.choices import BookName
from pipeline.carry import Workbench
from pipeline.handed_in import hand_in
from pipeline.intake import Intake
from pipeline.office import Office, create_office, open_book, open_office
from pipeline.worker import LetterErrand, work
from tests.batches import SHEET, BatchEngine, write_batch
from tests.keeping import CLERK, NOW
from tests.unit.pipeline.conftest import SETTINGS
from tests.unit.pipeline.test_worker import claim

KILLED = """
import sys
from pathlib import Path
from tests.faults.test_batch_killed import work_and_die
work_and_die(Path(sys.argv[1]), sys.argv[2])
"""
STEPS = ("first piece", "second piece", "before filed", "filed")


def make_intake(office: Office, book: Book) -> Intake:
    archive = Archive(office.archive)
    return Intake(office, book, archive, identity="test", clock=lambda: datetime.now(UTC))


def work_all(office: Office, book: Book) -> None:
    rules = load_rules()
    bench = Workbench(
        book=book,
        archive=Archive(office.archive),
        office=office,
        rules=lambda: rules,
        thresholds=office.settings.review,
        clock=lambda: NOW,
        engine=BatchEngine(),
    )
    while job := book.jobs.take("worker", 60, NOW):
        work(LetterErrand(job), bench, office.quarantine, 9)


def work_and_die(root: Path, step: str) -> None:
    """Claim the batch and work it; this process is killed when the step is reached."""
    steps = iter(STEPS)

    def reached() -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def after(done: Callable[..., Any]) -> Callable[..., Any]:
        def then(*told: Any, **named: Any) -> Any:
            answer = done(*told, **named)
            reached()
            return answer

        return then

    office = open_office(root)
    with open_book(office) as book:
        claim(make_intake(office, book))
        filing = after(book.jobs.file)

        def file(*told: Any, **named: Any) -> Any:
            reached()
            return filing(*told, **named)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("pipeline.cutting.hand_in", after(hand_in))
            patched.setattr(book.jobs, "file", file)
            work_all(office, book)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with a batch of three letters in its inbox."""
    root = create_office(tmp_path_factory.mktemp("batch") / "office").root
    install_default_rules(root / "rules")
    (root / "saraban.toml").write_text(SETTINGS, "utf-8")
    open_book(open_office(root)).close()
    write_batch(root / "inbox" / "a.pdf", ("one", "more", SHEET, "two", SHEET, "three"))
    return root


@pytest.mark.parametrize("step", STEPS)
def test_killed_while_cutting_no_letter_is_lost_or_numbered_twice(
    made: Path, tmp_path: Path, step: str
) -> None:
    root = Path(shutil.copytree(made, tmp_path / "office"))
    died = subprocess.run([sys.executable, "-c", KILLED, str(root), step], check=False)
    assert died.returncode == -signal.SIGKILL
    office = open_office(root)
    with open_book(office) as book:
        intake = make_intake(office, book)
        intake.recover()
        for _ in range(2):  # what was cut comes to the door when the batch is worked again
            claim(intake)
            work_all(office, book)
        numbers = book.numbers.audit(BookName.RECEIVE, 2569)
        assert (numbers.last, numbers.gaps, numbers.doubles) == (3, (), ())
        batch = book.jobs.find(hashlib.sha256((made / "inbox" / "a.pdf").read_bytes()).hexdigest())
        assert batch is not None
        parts = book.parts.kin(CLERK, batch.letter_id).parts
        assert [(one.first_page, one.last_page) for one in parts] == [(4, 4), (6, 6)]
        assert all(one.number is not None for one in parts)
        assert book.letters.file_of(CLERK, batch.letter_id).page_count == 2
        assert list(check_archive(book, Archive(office.archive))) == []
        assert book.verify() == ()
        assert list(office.work.iterdir()) == []
