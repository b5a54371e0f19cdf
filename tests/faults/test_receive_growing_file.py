"""A scan that is still being written is not taken and not refused, however long the pauses."""

from __future__ import annotations

import pytest

from tests.receiving import PATIENCE_SECONDS, SETTLE_SECONDS, Receiving, digest
from tests.scans import WRITERS, write_tiff


@pytest.mark.parametrize("extension", WRITERS)
def test_a_writer_that_pauses_nine_seconds_is_waited_for(
    receiving: Receiving, extension: str
) -> None:
    data = WRITERS[extension](receiving.root / f"whole{extension}").read_bytes()
    path = receiving.inbox / f"a{extension}"
    for part in range(1, 8):
        path.write_bytes(data[: len(data) * part // 8])
        for _ in range(3):
            done = receiving.sweep_after(3)
            assert (done.claimed, done.refused, done.waiting) == ([], [], 1)
    path.write_bytes(data)
    assert receiving.claimed_one().sha256 == digest(data)


def test_a_tiff_whole_after_every_page_waits_while_its_writer_holds_it_open(
    receiving: Receiving,
) -> None:
    path = receiving.inbox / "a.tif"
    with path.open("wb") as writer:
        writer.write(write_tiff(receiving.root / "page 1.tif").read_bytes())
        writer.flush()
        assert receiving.settle().waiting == 1
        writer.seek(0)
        writer.write(write_tiff(receiving.root / "all.tif", pages=3).read_bytes())
    scanned = receiving.claimed_one()
    assert scanned.path.read_bytes() == (receiving.root / "all.tif").read_bytes()


def test_a_handle_that_is_never_closed_does_not_hold_a_whole_scan_for_ever(
    receiving: Receiving,
) -> None:
    path = write_tiff(receiving.inbox / "a.tif")
    with path.open("ab"):
        assert receiving.settle().waiting == 1
        assert len(receiving.sweep_after(PATIENCE_SECONDS).claimed) == 1


def test_a_writer_that_comes_back_during_the_claim_gets_its_file_back(
    receiving: Receiving, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_tiff(receiving.inbox / "a.tif")
    inode = path.stat().st_ino

    def check_then_grow(checked: object) -> str:
        with path.open("ab") as writer:
            writer.write(b"more")
        return "image/tiff"

    monkeypatch.setattr("watch_folder.sweep.check_whole", check_then_grow)
    done = receiving.settle()
    assert (done.claimed, done.waiting) == ([], 1)
    assert path.stat().st_ino == inode
    assert list(receiving.work.iterdir()) == []
    monkeypatch.undo()
    assert len(receiving.settle().claimed) == 1


def test_patience_counts_from_the_last_growth(receiving: Receiving) -> None:
    data = write_tiff(receiving.root / "whole.tif").read_bytes()
    path = receiving.inbox / "a.tif"
    for size in (10, 20, 30):
        path.write_bytes(data[:size])
        assert receiving.sweep_after(PATIENCE_SECONDS - 1).refused == []
    receiving.sweep_after(0)
    (refused,) = receiving.sweep_after(PATIENCE_SECONDS + SETTLE_SECONDS).refused
    assert refused.reason.code == "unfinished"
