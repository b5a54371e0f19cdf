"""A folder's profile goes with its files: the group they are proposed to, and that they may hold several letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.book import Book
from pipeline.carry import Workbench
from pipeline.conductor import Conductor
from pipeline.errors import SettingsRefusedError
from pipeline.intake import Intake
from pipeline.office import Office, open_office
from tests import scans
from tests.keeping import CLERK
from tests.unit.pipeline.test_worker import claim, take, work_one
from watch_folder.claim import recover
from watch_folder.watched_folder import WatchedFolder

PROFILE = (
    "[watch]\nsettle_seconds = 0.001\npatience_seconds = 0.001\n"
    '[[watch.folder]]\npath = "inbox"\nprofile = "plan"\ngroup = "hr"\nbatch = true\n'
)


@pytest.fixture
def office(made_office: Path, office: Office) -> Office:
    (office.root / "saraban.toml").write_text(PROFILE, "utf-8")
    return open_office(office.root)


def test_a_groups_own_scanner_proposes_the_group(
    intake: Intake, book: Book, bench: Workbench, office: Office
) -> None:
    scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    work_one(book, bench, office)
    letter = book.letters.by_id(CLERK, 1)
    assert letter is not None
    assert letter.group == "hr"
    assert "group" not in letter.review
    assert letter.decision is not None
    assert letter.decision.scores[0].group == "plan", "what the rules alone would have said"


def test_the_profile_survives_a_crash_before_the_arrival_was_noted(
    intake: Intake, book: Book, office: Office
) -> None:
    scans.write_png(office.root / "inbox" / "a.png")
    claim(intake)
    (scan,) = recover(office.work)
    assert (scan.group, scan.batch) == ("hr", True)
    job = take(book)
    assert (job.group, job.batch) == ("hr", True)


def test_folders_named_by_groups_propose_them(tmp_path: Path) -> None:
    folder = WatchedFolder(tmp_path, "upload", group="admin", groups_below=True)
    assert folder.group_of(tmp_path / "a.pdf") == "admin"
    assert folder.group_of(tmp_path / "plan" / "a.pdf") == "plan"
    plain = WatchedFolder(tmp_path, "inbox", group="admin")
    assert plain.group_of(tmp_path / "plan" / "a.pdf") == "admin"


def test_a_group_that_the_rules_do_not_know_is_refused_with_its_line(
    office: Office, book: Book
) -> None:
    text = PROFILE.replace('"hr"', '"sport"')
    (office.root / "saraban.toml").write_text(text, "utf-8")
    with pytest.raises(SettingsRefusedError, match=r"saraban\.toml:7: .*'sport'.*admin"):
        Conductor(open_office(office.root), book, "test")
