"""A file that lies for a day under a name that says "being written" is told of, by number and not by name."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from index.book import Book
from pipeline.health import examine_health
from pipeline.office import Office
from tests.keeping import NOW
from tests.unit.pipeline.conftest import book, made_office, office

__all__ = ["book", "made_office", "office"]  # the fixtures
A_DAY = timedelta(days=1)


def lay(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"half a letter")
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))


@pytest.mark.parametrize(
    "name",
    [
        "ลับ.pdf.part",
        "x.TMP",
        "~$หนังสือ.docx",
        "below/x.crdownload",
        ".0a1b.part",
        ".ลับ.PDF",
        "..jpg",
    ],
)
def test_it_is_told_of_after_a_day(office: Office, book: Book, name: str) -> None:
    lay(office.root / "inbox" / name)
    told = [
        [
            one
            for one in examine_health(office, book, NOW + age).alarms
            if one.code.startswith("unf")
        ]
        for age in (A_DAY - timedelta(seconds=1), A_DAY + timedelta(seconds=1), timedelta(-9))
    ]
    assert [len(alarms) for alarms in told] == [0, 1, 0]
    (alarm,) = told[1]
    assert "1" in alarm.says.thai
    assert Path(name).stem.strip(".") not in alarm.says.thai or not Path(name).stem.strip(".")
    assert not alarm.stops


@pytest.mark.parametrize("name", ["letter.pdf", "Thumbs.db", ".DS_Store", "._letter.pdf"])
def test_what_is_none_is_not(office: Office, book: Book, name: str) -> None:
    lay(office.root / "inbox" / name)
    assert examine_health(office, book, NOW + 9 * A_DAY).unfinished == 0
