"""An import that is killed at any of its steps, and begun again each time, gives each letter one number.

What came to the door several times over is worked through; the copies are duplicates.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from classify import RuleSet
from index.book import Book
from index.choices import BookName, JobState
from pipeline.handed_in import IMPORT, inner_folder
from pipeline.importing.bundle import open_bundle
from pipeline.importing.taking_in import plan_import, take_in
from pipeline.office import Office, open_book
from pipeline.viewers import PROGRAM
from tests.keeping import NOW
from tests.simulator.disk import Disk, KilledError
from tests.simulator.life import Clocks, Life, Look
from tests.simulator.made_scans import Kind, MadeScan, made_up_reading
from tests.unit.pipeline.conftest import made_office, office, shipped_rules

__all__ = ["made_office", "office", "shipped_rules"]  # the fixtures
LETTERS, SEED = 5, 2569
KILLED_AFTER = range(3, 60, 5)


def import_once(office: Office, bundle: Path) -> int:
    """Import as the command does; return how many files it laid at the door."""
    with open_book(office) as book, open_bundle(bundle) as opened:
        plan = plan_import(opened, None, None, book.jobs.known_scans())
        return take_in(plan, opened, office, book, who="test", now=NOW).taken


def import_under_kills(office: Office, bundle: Path, disk: Disk, chance: random.Random) -> int:
    """Begin the import again and again, killed at a later step each time, then to its end; return the kills."""
    killed = 0
    for step in KILLED_AFTER:
        disk.kill_after(step)
        try:
            import_once(office, bundle)
        except KilledError:
            killed += 1
            if chance.random() < 0.3:
                disk.cut_power()
            disk.revive()
        disk.spare()
    import_once(office, bundle)
    return killed


def work_all(life: Life, clocks: Clocks) -> None:
    """Let the program run until nothing is left to do."""
    for _ in range(200):
        life.intake.sweep()
        life.hand_out()
        while life.under_way:
            life.work(0)
            life.hand_out()
        clocks.pass_by(3.0)
        counts = life.book.letters.count_states(PROGRAM)
        at_the_door = [*inner_folder(life.office, IMPORT, secret=False).glob("[!.]*")]
        if counts.waiting == counts.working == 0 and not at_the_door:
            return
    raise AssertionError("the office does not come to rest")


def states(book: Book, letters: list[MadeScan]) -> Counter[JobState]:
    """Return in which states the letters are, looked for by their bytes."""
    known = {book.jobs.find(sha256).name: sha256 for sha256 in book.jobs.known_scans()}  # type: ignore[union-attr]
    assert len(known) == len(letters)
    found = [book.jobs.find(sha256) for sha256 in known.values()]
    return Counter(job.state for job in found if job is not None)


def test_each_letter_has_one_number_however_often_the_import_was_killed(
    office: Office, shipped_rules: RuleSet, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    letters = [MadeScan(f"{number}", Kind.PLAIN) for number in range(LETTERS)]
    for scan in letters:
        (bundle / f"{scan.number}.jpg").write_bytes(scan.data)
    chance, clocks = random.Random(SEED), Clocks(NOW)  # noqa: S311 - repeatable
    disk = Disk(office.root, tmp_path / "shadows", chance)
    with ExitStack() as stack:
        stack.enter_context(disk.in_force())
        stack.enter_context(made_up_reading())
        for module in ("pipeline.hand_out", "pipeline.intake"):
            stack.enter_context(patch(f"{module}.time", clocks))
        stack.enter_context(patch("pipeline.intake.DoorLook", Look))
        stack.enter_context(patch("watch_folder.sweep.is_open_for_writing", lambda _path: False))
        killed = import_under_kills(office, bundle, disk, chance)
        at_the_door = len([*inner_folder(office, IMPORT, secret=False).glob("[!.]*")])
        assert killed == len(KILLED_AFTER)
        assert at_the_door > 2 * LETTERS, "what came before the kills lies there too"
        life = Life(office, shipped_rules, clocks)
        work_all(life, clocks)
        counts = life.book.letters.count_states(PROGRAM)
        assert (counts.filed, counts.quarantined) == (LETTERS, 0)
        assert counts.received == at_the_door == LETTERS + counts.duplicates
        assert life.book.numbers.audit(BookName.RECEIVE, NOW.year + 543).last == LETTERS
        assert states(life.book, letters) == {JobState.FILED: LETTERS}
        assert import_once(office, bundle) == 0, "once more adds nothing"
        life.drop()
    shutil.rmtree(tmp_path / "shadows")
