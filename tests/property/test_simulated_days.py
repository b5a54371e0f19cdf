"""Office-days with deaths, power cuts, a full disk and a clock set wrong: nothing is lost, doubled or shown.

Backups are made while others work, and come back as they were; older books are brought up to date under deaths.

The play itself is `tests/simulator`; `python -m tests.simulator --days 1000` plays many more.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from classify import load_rules
from tests.simulator.__main__ import make_office
from tests.simulator.play import Play


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_office(tmp_path_factory.mktemp("play") / "made")


def play(made: Path, folder: Path, seed: int) -> Play:
    folder.mkdir()
    return Play(Path(shutil.copytree(made, folder / "office")), seed, load_rules())


@pytest.mark.parametrize(("seed", "old_books"), [(4, 1), (11, 0)])
def test_every_promise_holds_at_the_end_of_each_day(
    made: Path, tmp_path: Path, seed: int, old_books: int
) -> None:
    counts = play(made, tmp_path / "one", seed).run(4).counts
    assert counts["dropped"] > 10
    assert counts["servers killed"] + counts["power cuts"] > 0
    assert counts["old books"] == old_books
    assert counts["backups killed"] > 0
    assert counts["restored"] == 2


def test_the_same_seed_tells_the_same_story(made: Path, tmp_path: Path) -> None:
    first, second = (play(made, tmp_path / name, 7).run(2).story for name in ("one", "two"))
    assert first == second
