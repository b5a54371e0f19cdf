"""The server checks everything each night within a budget, says when on the desk; what is derived is made anew."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.archive import Shelf, hash_file
from index.book import Book
from pipeline.cli import cli
from pipeline.health import examine_health
from pipeline.indexer import Indexer
from pipeline.night_check import (
    SlowReader,
    StoppedError,
    check_slowly,
    is_check_due,
    last_check,
    note_check,
)
from pipeline.office import Office
from pipeline.upkeep import Upkeep
from tests.keeping import NOW, file_one, make_filing
from tests.unit.pipeline.conftest import book, made_office, office
from tests.visiting import visiting

__all__ = ["book", "made_office", "office"]  # the fixtures
NIGHT = NOW.replace(hour=3, minute=5)


def stray(office: Office, name: str = "strange") -> None:
    """Lay a file into the archive that belongs to no letter."""
    folder = office.archive / Shelf.ORIGINAL
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"belongs to nobody")


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, NIGHT, True),
        (None, NOW, False),
        (NIGHT - timedelta(days=1), NIGHT, True),
        (NIGHT - timedelta(minutes=30), NIGHT, False),
        (NIGHT + timedelta(days=9), NIGHT, True),  # the clock was ahead
    ],
)
def test_once_a_night(office: Office, last: datetime | None, now: datetime, due: bool) -> None:
    if last is not None:
        note_check(office, last, 0)
    assert is_check_due(office, now) is due


def test_what_is_wrong_is_an_alarm_and_its_day_is_on_the_desk(office: Office, book: Book) -> None:
    upkeep = Upkeep(office, book, clock=lambda: NIGHT, stopping=threading.Event())
    upkeep.step()
    assert last_check(office).at == NIGHT
    assert not [
        one for one in examine_health(office, book, NOW).alarms if one.code == "check_found"
    ]
    stray(office)
    note_check(office, NIGHT - timedelta(days=1), 0)
    upkeep.step()
    (alarm,) = [
        one for one in examine_health(office, book, NOW).alarms if one.code == "check_found"
    ]
    assert str(last_check(office).wrong) in alarm.says.thai
    file_one(book)
    with visiting(office, book) as browser:
        browser.log_in("registry_clerk")
        page = browser.get("/?show=all").text
    assert "เข้ามา ๑ ไฟล์ = ลงทะเบียน ๑ + รออ่าน ๐ + กำลังอ่าน ๐ + กักไว้ ๐ + คัดออก ๐ + ซ้ำ ๐" in page
    assert "ตรวจความครบถ้วนเมื่อ" in page


def test_it_reads_within_the_budget_and_stops_with_the_server(
    office: Office, tmp_path: Path
) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * (3 << 20))
    waited: list[float] = []

    class Stopping(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return self.is_set()

    stopping = Stopping()
    assert SlowReader(1024, stopping)(path) == hash_file(path)
    assert sum(waited) == pytest.approx(3.0)
    stopping.set()
    with pytest.raises(StoppedError):
        SlowReader(0, stopping)(path)


def test_a_stopped_check_counts_for_nothing(office: Office, book: Book) -> None:
    stray(office, f"{'0' * 64}.pdf")
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(StoppedError):
        check_slowly(office, book, stopping)
    Upkeep(office, book, clock=lambda: NIGHT, stopping=stopping).step()
    assert last_check(office).at is None


def test_repair_makes_the_index_and_the_pictures_anew(office: Office, book: Book) -> None:
    file_one(book, 1, make_filing())
    indexer = Indexer(office.search_index, "tantivy", book, {})
    while indexer.step():
        pass
    indexer.close()
    active = office.search_index / (office.search_index / "active").read_text("utf-8")
    damaged = next(active.glob("*.store"))
    damaged.write_bytes(damaged.read_bytes()[:-30] + b"0" * 30)
    office.pictures.mkdir(parents=True)
    (office.pictures / "half.jpg").write_bytes(b"no picture")
    said = CliRunner().invoke(cli, ["check", "--office", str(office.root)])
    assert "is damaged" in said.output
    repaired = CliRunner().invoke(cli, ["check", "--repair", "--office", str(office.root)])
    assert "is damaged" not in repaired.output
    assert not office.pictures.exists()
    assert last_check(office).at is not None
