"""What must be true of an office that has come to rest, whatever happened to it before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from index.archive import Archive, Shelf, hash_file
from index.choices import BookName, JobState
from pipeline.audit import find_disagreements
from pipeline.carry import SCRATCH_PREFIX
from pipeline.finder import Finder
from pipeline.viewers import PROGRAM
from tests.simulator.life import Life
from tests.simulator.made_scans import Kind, MadeScan
from tests.simulator.old_office import NOTHING, Before
from watch_folder.claim import SIDECAR


class BrokenPromiseError(AssertionError):
    """Something is not true that must be; it carries the story that led to it."""


@dataclass(slots=True)
class Came:
    """All that came into an office: what its book knew `before`, and what was laid down at which door since."""

    before: Before = NOTHING
    drops: list[tuple[MadeScan, str]] = field(default_factory=list)

    @property
    def letters(self) -> dict[MadeScan, bool]:
        """Every scan that was dropped, and whether it is secret."""
        letters: dict[MadeScan, bool] = {}
        for scan, door in self.drops:
            hidden = scan.kind is Kind.SECRET or door == "secret"
            letters[scan] = letters.get(scan, False) or hidden
        return letters

    def so_far(self) -> Came:
        """Return what came until now; what comes later is not in it."""
        return Came(self.before, list(self.drops))


def promise_all(life: Life, came: Came, now: datetime, *, with_index: bool) -> None:
    """Hold an office at rest against all that came into it. Raises BrokenPromiseError."""
    counts = life.book.letters.count_states(PROGRAM)
    _must(counts.add_up, counts.sentence)
    letters, before = came.letters, came.before
    pieces = sum(scan.kind is Kind.PAIR for scan in letters)
    expected = len(came.drops) + pieces + before.received
    _must(counts.received >= expected, f"{expected} came in, {counts.sentence}")
    good = 0
    for scan, hidden in letters.items():
        good += _promise_letter(life, scan, hidden)
        if scan.kind is Kind.PAIR:
            good += _promise_letter(life, scan.piece, hidden)
    filed, bad = good + before.filed, len(letters) + pieces - good + before.unreadable
    _must(counts.filed == filed, f"{filed} good letters, {counts.sentence}")
    _must(counts.quarantined == bad, f"{bad} bad files, {counts.sentence}")
    _must(before.is_kept_in(life.office.database), "a letter of the older book is not what it was")
    numbers = life.book.numbers.audit(BookName.RECEIVE, now.year + 543)
    _must(numbers.last == filed, f"{filed} letters have the numbers up to {numbers.last}")
    # Notes of files that are gone, and what a killed process was writing: the next start removes them.
    there = [path for path in life.office.work.iterdir() if path.is_file()]
    left = sorted(path.name for path in there if path.suffix != SIDECAR)
    left += sorted(path.name for path in life.office.work.glob(f"{SCRATCH_PREFIX}*"))
    _must(not left, f"left in work: {left}")
    _check(life, with_index=with_index)


def _check(life: Life, *, with_index: bool) -> None:
    """What `saraban check` does; an index that only follows may be behind."""
    if with_index:
        while life.indexer.step():
            pass
    finder = Finder(life.office.search_index, life.office.settings.search.engine, {})
    for wrong in find_disagreements(life.office, life.book, finder, lambda _part: None):
        _must(wrong.where == "index" and not with_index, f"check: {wrong.where}: {wrong.what}")
    finder.close()


def _promise_letter(life: Life, scan: MadeScan, hidden: bool) -> int:
    """One scan is one letter, filed or set aside as its kind says, whole, and hidden where it must be."""
    name = f"{scan.kind} {scan.number}"
    path = Path(f"{life.office.root}-compare")
    path.write_bytes(scan.data)
    job = life.book.jobs.find(hash_file(path))
    if job is None:
        _broken(f"{name} is lost")
    if not scan.kind.is_good:
        _must(job.state is JobState.QUARANTINED, f"{name} is {job.state}")
        _must(job.path.read_bytes() == scan.data, f"{name} in quarantine is not as it came")
        return 0
    _must(job.state is JobState.FILED, f"{name} is {job.state}")
    archive = Archive(life.office.archive)
    kept = archive.path_of(job.sha256, Shelf.ORIGINAL)
    _must(kept.read_bytes() == scan.data, f"{name} in the archive is not as it came")
    in_the_open = (job.sha256, False) in set(archive.names(Shelf.ORIGINAL))
    _must(not (hidden and in_the_open), f"{name} is secret and lies in the open")
    return 1


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        _broken(otherwise)


def _broken(what: str) -> NoReturn:
    raise BrokenPromiseError(what)
