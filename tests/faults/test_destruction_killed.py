"""The machine dies (SIGKILL) at any step of a destruction: it is reported, and resumed to the same end."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.archive import Archive, Shelf
from index.book import Book
from index.check import check_archive
from index.retention.batch import Stage
from index.retention.eligibility import HoldKind
from index.retention.erasing import ErasedLetter
from index.retention.errors import StepRefusedError
from tests.destroying import EXECUTOR, MARCH, STATEMENT, MadeCopies, approve, keep_with_files
from tests.keeping import CLERK
from tests.retaining import KEEPER, LAW
from tests.stepping import Reached, listening

STEPS = [
    # (what is reached, which time)
    ("INSERT INTO executions", 1),
    ("commit", 1),  # begun, not yet on the disk
    ("INSERT INTO disposals", 1),
    ("commit", 2),  # the first intent
    ("removing", 1),  # the intent is on the disk, every file is there
    ("removing", 2),  # the original is gone, the searchable PDF is there
    ("UPDATE contents SET", 1),  # both are gone, the book does not say so yet
    ("commit", 3),
    ("removing", 3),  # between two letters
    ("forgetting", 1),  # all is erased, pictures and index are not
    ("looking", 1),
    ("commit", 6),  # seen to be gone, not yet noted
    ("UPDATE executions SET", 1),  # the certificate
    ("commit", 7),
]


class ToldArchive(Archive):
    """An archive that tells before it removes."""

    reached: Reached

    def remove(self, sha256: str, shelf: Shelf) -> int:
        self.reached("removing")
        return super().remove(sha256, shelf)


class ToldCopies(MadeCopies):
    """Copies on the disk, so that they outlive the process: one file for each letter."""

    def __init__(self, folder: Path, reached: Reached) -> None:
        super().__init__()
        self.folder, self.reached = folder, reached

    def forget(self, letters: Sequence[ErasedLetter]) -> None:
        self.reached("forgetting")
        for one in letters:
            (self.folder / f"{one.letter_id}.jpg").unlink(missing_ok=True)

    def remains(self, letters: Sequence[ErasedLetter]) -> Mapping[int, str]:
        self.reached("looking")
        there = (one.letter_id for one in letters)
        return {one: "a picture" for one in there if (self.folder / f"{one}.jpg").exists()}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with two letters in a batch that everybody gave up."""
    folder = tmp_path_factory.mktemp("approved")
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        retention, archive = book.retention(LAW), Archive(folder / "archive")
        ids = [keep_with_files(book, retention, archive, folder, key) for key in "ab"]
        assert approve(retention, ids) == "2581-1"
    for letter_id in ids:
        (folder / f"{letter_id}.jpg").touch()
    return folder


def destroy_until(folder: Path, step: str, time: int) -> int:
    """Destroy in a child process that kills itself at a step; return the signal it died of."""
    child = os.fork()
    if child == 0:
        left = [time]

        def reached(name: str) -> None:
            left[0] -= name.startswith(step)
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        archive, copies = ToldArchive(folder / "archive"), ToldCopies(folder, reached)
        archive.reached = reached
        with Book.open(f"sqlite:///{folder}/saraban.db") as book, listening(reached):
            book.retention(LAW).destruction.execute(
                EXECUTOR, "2581-1", STATEMENT, archive=archive, copies=copies, now=MARCH
            )
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize(("step", "time"), STEPS)
def test_a_killed_destruction_is_reported_and_ends_the_same(
    tmp_path: Path, approved: Path, step: str, time: int
) -> None:
    shutil.copytree(approved, tmp_path, dirs_exist_ok=True)
    assert destroy_until(tmp_path, step, time) == signal.SIGKILL
    archive, copies = Archive(tmp_path / "archive"), ToldCopies(tmp_path, lambda _name: None)
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        retention = book.retention(LAW)
        stage = retention.batches.find("2581-1").stage
        if stage is Stage.SENT:  # nothing had begun: everything is whole
            assert [*book.verify(), *check_archive(book, archive)] == []
            finish = retention.destruction.execute(
                EXECUTOR, "2581-1", STATEMENT, archive=archive, copies=copies, now=MARCH
            )
        else:
            assert any("--resume" in problem for problem in book.verify())
            finish = retention.destruction.resume(
                EXECUTOR, "2581-1", archive=archive, copies=copies, now=MARCH
            )
        assert [line.letter_id for line in finish.lines] == [1, 2]
        assert not any(list(archive.names(shelf)) for shelf in Shelf)
        assert not list(tmp_path.glob("*.jpg"))
        assert [book.letters.by_id(CLERK, one).text for one in (1, 2)] == ["", ""]  # type: ignore[union-attr]
        assert [*book.verify(), *check_archive(book, archive)] == []
        assert retention.batches.find("2581-1").stage is Stage.DESTROYED


def test_what_was_only_intended_is_taken_back_and_can_be_held(
    tmp_path: Path, approved: Path
) -> None:
    shutil.copytree(approved, tmp_path, dirs_exist_ok=True)
    destroy_until(tmp_path, "removing", 1)
    archive, copies = Archive(tmp_path / "archive"), ToldCopies(tmp_path, lambda _name: None)
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        retention = book.retention(LAW)
        with pytest.raises(StepRefusedError, match=r"68\.5"):
            retention.records.place_hold(KEEPER, 1, HoldKind.LEGAL, reason="คดี", now=MARCH)
        assert retention.destruction.roll_back(EXECUTOR, "2581-1", archive=archive, now=MARCH) == (
            1,
        )
        retention.records.place_hold(KEEPER, 1, HoldKind.LEGAL, reason="คดี", now=MARCH)
        made = retention.destruction.resume(
            EXECUTOR, "2581-1", archive=archive, copies=copies, now=MARCH
        )
        assert [line.letter_id for line in made.lines] == [2]
        kept = book.letters.by_id(CLERK, 1)
        assert kept is not None
        assert kept.text
        assert [*book.verify(), *check_archive(book, archive)] == []


def test_what_was_half_removed_is_not_taken_back(tmp_path: Path, approved: Path) -> None:
    shutil.copytree(approved, tmp_path, dirs_exist_ok=True)
    destroy_until(tmp_path, "removing", 2)
    archive = Archive(tmp_path / "archive")
    with Book.open(f"sqlite:///{tmp_path}/saraban.db") as book:
        destruction = book.retention(LAW).destruction
        assert destruction.roll_back(EXECUTOR, "2581-1", archive=archive, now=MARCH) == ()
        assert destruction.unfinished() == ("2581-1",)
