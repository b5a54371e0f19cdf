"""A file made to harm ends in quarantine at its first try; it costs its own process, and good letters go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr import OcrError, read
from pipeline.limits import Allowance, held_time
from pipeline.look import Look
from pipeline.processes import LetterProcesses, ProcessDiedError
from tests import hostile
from tests.offices import make_office
from tests.scans import write_pdf, write_png, write_tiff
from watch_folder.errors import HarmfulScanError, OversizedScanError, RefusedScanError
from watch_folder.whole import check_whole

SMALL = """
[watch]
settle_seconds = 0.3
patience_seconds = 1.0
[work]
workers = 1
page_seconds = 12
memory_mb = 1536
"""


def test_a_look_that_takes_too_long_ends_its_own_process_and_the_next_file_is_looked_at(
    tmp_path: Path,
) -> None:
    harmful = hostile.many_huge_frames(tmp_path / "frames.tif")
    look = Look(seconds=1)
    with pytest.raises(HarmfulScanError) as refused:
        look(harmful)
    assert not refused.value.may_still_change, "no more bytes would help"
    assert look(write_pdf(tmp_path / "good.pdf")) == "application/pdf"
    assert look(write_tiff(tmp_path / "good.tif")) == "image/tiff"
    look.stop()


def test_a_look_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    harmful = hostile.many_huge_frames(tmp_path / "frames.tif", frames=1)
    look = Look(Allowance(memory_mb=90))
    with pytest.raises(RefusedScanError) as refused:
        look(harmful)
    assert refused.value.code in ("too-heavy", "too-large")
    look.stop()


def test_the_look_under_way_ends_when_the_server_stops(tmp_path: Path) -> None:
    look = Look()
    slow = hostile.many_huge_frames(tmp_path / "frames.tif")
    ending = threading.Timer(1.0, look.stop)
    ending.start()
    begun = time.monotonic()
    with pytest.raises(FileNotFoundError):  # it lies there as before
        look(slow)
    assert time.monotonic() - begun < 10
    ending.join()
    assert slow.is_file()


@pytest.mark.parametrize(
    "make",
    [
        hostile.many_huge_pictures,
        lambda path: hostile.many_huge_pictures(path, pictures=300),
        lambda path: hostile.many_huge_frames(path, frames=300),
    ],
)
def test_more_pixels_in_all_than_two_thousand_pages_are_refused_unread(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    with pytest.raises(OversizedScanError, match="pixels in all"):
        check_whole(make(tmp_path / "many"))


def test_a_hostile_file_is_set_aside_at_once_and_good_letters_are_filed(tmp_path: Path) -> None:
    office = make_office(tmp_path / "office", SMALL)
    hostile.slow_paths(office.inbox / "1-slow.pdf", lines=2_000_000)
    for name in "ab":
        write_png(office.inbox / f"{name}.png", name)
    office.work_once()
    notes = office.quarantined()
    assert set(notes) == {"1-slow.pdf"}
    assert "Code: too-heavy" in notes["1-slow.pdf"]
    status = office.status()
    assert (status["filed"], status["quarantined"], status["waiting"]) == (2, 1, 0)
    assert list((office.root / "work").iterdir()) == []


def _nothing() -> None:
    """Prepare nothing."""


def _read(path: Path) -> str:
    with held_time(5):
        return str(read(path).text)


@pytest.mark.parametrize(
    "make", [hostile.nested_forms, hostile.flate_bomb, hostile.slow_paths, hostile.one_huge_picture]
)
def test_reading_one_takes_no_more_than_its_process_may(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    """Some of them can be read within the limits; none takes more, whatever it does."""
    path = make(tmp_path / "harmful.pdf")
    allowance = Allowance(memory_mb=1024)
    with LetterProcesses(
        _read, workers=1, letters_per_worker=9, prepare=_nothing, allowance=allowance
    ) as processes:
        try:
            processes.submit(path).result(60)
        except ProcessDiedError as death:
            assert death.overran
        except (MemoryError, OcrError):
            pass
