"""Backups of an office in play: made while others go on working, brought back into an empty folder."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from index.book import Book
from pipeline.backup.make import make_backup
from pipeline.backup.restic import Restic, Snapshot, Stored
from pipeline.backup.restore import RESTORED, restore
from pipeline.office import Office, open_book
from tests.simulator.promises import BrokenPromiseError, Came

KEEP_DAYS = 90
_SETTLED = (
    "SELECT l.id, l.sha256, l.running, l.number, l.subject, c.letter, c.decision FROM letters l "
    "JOIN contents c ON c.letter_id = l.id WHERE l.state = 'filed' ORDER BY l.id"
)
_TRAIL = "SELECT sequence, at, who, action, letter_id, details, hash FROM audit ORDER BY sequence"


@dataclass(frozen=True, slots=True)
class Moment:
    """A backup that was stored: its name, what had come in at its moment, when that was."""

    name: str
    came: Came
    made_at: datetime


class Kept:
    """Stands for restic: keeps whole copies of what is laid out for it in a folder beside the office.

    `beside` lets others go on: before the book is copied, and while what was laid out is read.
    """

    place = "kept"

    def __init__(self, folder: Path, beside: Callable[[], None]) -> None:
        self.folder = folder
        self.moments: list[Moment] = []
        self._beside = beside
        self._came = Came()
        self._tries = 0

    def back_up(self, office: Office, came: Came, now: datetime) -> None:
        """Do what `saraban backup` does."""
        with open_book(office) as book:
            beside = cast("Book", _Beside(book, lambda: self._look_away(came)))
            make_backup(
                office, beside, cast("Restic", self), now, keep_days=KEEP_DAYS, may_begin=True
            )

    def bring_back(self, moment: Moment, folder: Path) -> None:
        """Do what `saraban restore` does. Raises BrokenPromiseError where it found something wrong."""
        back = restore(cast("Restic", self), moment.name, folder, lambda _part: None)
        if back.wrong:
            raise BrokenPromiseError(f"restored: {back.wrong[0].where}: {back.wrong[0].what}")

    def _look_away(self, came: Came) -> None:
        self._beside()
        self._came = came.so_far()

    # What `pipeline.backup` asks of restic.

    def exists(self) -> bool:
        return self.folder.is_dir()

    def create(self) -> None:
        self.folder.mkdir()

    def store(
        self, folder: Path, at: datetime, *, office: str, keep_open: Sequence[int] = ()
    ) -> Stored | None:
        self._tries += 1  # one that was broken off lies there too, and is no moment
        name = f"moment{self._tries:03}"
        target = self.folder / name
        target.mkdir()
        for entry in sorted(folder.iterdir()):
            self._beside()
            if entry.is_dir():
                shutil.copytree(entry, target / entry.name)
            else:
                shutil.copy2(entry, target / entry.name)
        self.moments.append(Moment(name, self._came, at))
        return Stored(name, 0, 0, 0)

    def expire(self, keep_days: int) -> int:
        return 0

    def snapshots(self) -> tuple[Snapshot, ...]:
        return tuple(Snapshot(one.name, one.made_at) for one in self.moments)

    def restore(self, snapshot_id: str, target: Path) -> int:
        shutil.copytree(self.folder / snapshot_id, target, dirs_exist_ok=True)
        return 0


class _Beside:
    """A book that lets others go on just before it is copied."""

    def __init__(self, book: Book, before: Callable[[], None]) -> None:
        self._book, self._before = book, before

    def copy_to(self, target: Path, while_still: Callable[[], None]) -> None:
        self._before()
        self._book.copy_to(target, while_still)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)


def is_of_its_moment(back: Path, live: Path) -> bool:
    """Tell whether a restored book has every letter, number, decision and audit line of its moment.

    `live` is the book it was made of, which has gone on since.
    """
    letters, trail = _ask(back, _SETTLED), _ask(back, _TRAIL)  # others may have been filed since
    filed = {line[4] for line in trail if line[3] == "filed"}
    own = [line for line in trail if line[3] != RESTORED]
    return (
        set(letters) <= set(_ask(live, _SETTLED))
        and own == _ask(live, _TRAIL)[: len(own)]
        and len(trail) == len(own) + 1
        and {letter[0] for letter in letters} == filed
    )


def _ask(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as book:
        return book.execute(query).fetchall()
