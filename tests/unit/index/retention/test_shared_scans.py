"""A file stays until the last letter that has pages in it is destroyed, and goes with that one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.archive import Archive, Shelf
from index.book import Book
from index.errors import NoSuchRecordError
from index.register.received.parts import Piece, Rest
from index.retention.certificate import KeptFile, OtherScan
from index.retention.eligibility import HoldKind
from index.retention.errors import NotGoneYetError, StepRefusedError
from tests.destroying import (
    EXECUTOR,
    MARCH,
    Bench,
    approve,
    copied_bench,
    keep_with_files,
)
from tests.keeping import CLERK, NOW
from tests.retaining import JANUARY, KEEPER, LAW

WHOLE, FIRST, SECOND = (
    hashlib.sha256(f"scan of {key}".encode()).hexdigest() for key in ("whole", "first", "second")
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Letter 1 has a scan of three pages; its pages 2 and 3 became letters 2 and 3."""
    folder = tmp_path_factory.mktemp("prepared")
    with Book.open(f"sqlite:///{folder}/saraban.db") as book:
        retention, archive = book.retention(LAW), Archive(folder / "archive")
        for key, pages in (("whole", 3), ("first", 1), ("second", 1)):
            keep_with_files(book, retention, archive, folder, key, pages=pages)
    return folder


@pytest.fixture
def bench(prepared: Path, tmp_path: Path) -> Iterator[Bench]:
    with copied_bench(prepared, tmp_path, {1, 2, 3}) as bench:
        yield bench


@pytest.fixture
def cut(bench: Bench) -> Bench:
    letter = bench.book.letters.by_id(CLERK, 1)
    pdf = bench.book.letters.file_of(CLERK, 1).searchable_sha256
    assert letter is not None
    assert pdf is not None
    bench.book.parts.split(
        CLERK,
        1,
        [Piece(FIRST, 2, 2), Piece(SECOND, 3, 3)],
        Rest(1, pdf, "เหลือหน้าเดียว"),
        revision=letter.revision,
        now=NOW,
    )
    return bench


def destroy(bench: Bench, *letters: int) -> str:
    batch_id = approve(bench.retention, list(letters))
    bench.destroy(batch_id)
    return batch_id


def test_the_scan_of_a_letter_that_goes_first_stays_for_those_cut_from_it(cut: Bench) -> None:
    batch_id = destroy(cut, 1)
    (line,) = cut.retention.destruction.certificate(CLERK, batch_id).lines
    assert line.kept_files == (KeptFile(WHOLE, ("2/2569", "3/2569")),)
    assert cut.archive.holds(WHOLE, Shelf.ORIGINAL)
    assert not cut.archive.holds(line.searchable_sha256, Shelf.SEARCHABLE)
    stone = cut.retention.destruction.tombstone_of(CLERK, 1)
    assert stone is not None
    assert stone.kept_files == line.kept_files
    assert cut.problems() == []

    batch_id = destroy(cut, 2)
    (line,) = cut.retention.destruction.certificate(CLERK, batch_id).lines
    assert line.kept_files == (KeptFile(WHOLE, ("3/2569",)),)
    assert not cut.archive.holds(FIRST, Shelf.ORIGINAL)
    assert cut.archive.holds(WHOLE, Shelf.ORIGINAL)
    assert cut.problems() == []

    batch_id = destroy(cut, 3)
    (line,) = cut.retention.destruction.certificate(CLERK, batch_id).lines
    assert (line.kept_files, line.others) == ((), (OtherScan(1, "1/2569", WHOLE, ""),))
    assert list(cut.archive.names(Shelf.ORIGINAL)) == []
    stone = cut.retention.destruction.tombstone_of(CLERK, 1)
    assert stone is not None
    assert stone.kept_files == (), "it went with the last letter that had pages in it"
    assert cut.problems() == []


def test_a_letter_cut_out_stays_in_the_scan_until_the_scan_goes(cut: Bench) -> None:
    batch_id = destroy(cut, 2, 3)
    lines = cut.retention.destruction.certificate(CLERK, batch_id).lines
    assert lines[0].kept_files == (KeptFile(WHOLE, ("1/2569", "3/2569")),)
    assert lines[1].kept_files == (KeptFile(WHOLE, ("1/2569",)),)
    assert cut.is_whole(1)
    destroy(cut, 1)
    assert list(cut.archive.names(Shelf.ORIGINAL)) == []
    assert cut.problems() == []


def test_all_of_one_scan_go_in_one_batch(cut: Bench) -> None:
    destroy(cut, 1, 2, 3)
    assert list(cut.archive.names(Shelf.ORIGINAL)) == []
    assert cut.copies.there == set()
    assert cut.problems() == []


def test_a_scan_left_behind_is_found(cut: Bench) -> None:
    destroy(cut, 1, 2, 3)
    scan = cut.folder / "whole.scan"
    cut.archive.keep_original(scan, WHOLE, ".pdf", secret=False)
    assert [said for said in cut.problems() if "letter 1 was destroyed but" in said]


def test_what_was_joined_ends_with_the_letter_it_was_joined_to(bench: Bench) -> None:
    bench.book.parts.join(CLERK, 2, 1, note="", now=NOW)
    with pytest.raises(NoSuchRecordError):
        bench.retention.batches.propose(KEEPER, [2], now=JANUARY)
    batch_id = destroy(bench, 1)
    (line,) = bench.retention.destruction.certificate(CLERK, batch_id).lines
    assert [(one.letter_id, one.register_number) for one in line.others] == [(2, "2/2569")]
    assert {sha256 for sha256, _ in bench.archive.names(Shelf.ORIGINAL)} == {SECOND}
    assert bench.copies.there == {3}
    joined = bench.book.letters.by_id(CLERK, 2)
    assert joined is not None
    assert (joined.text, joined.erased_on, joined.cancelled) == ("", MARCH.date(), True)
    stone = bench.retention.destruction.tombstone_of(CLERK, 2)
    assert stone is not None
    assert stone.batch_id == batch_id
    assert stone.paper_ended_on is not None
    assert bench.problems() == []


def test_what_was_joined_after_it_was_proposed_is_not_destroyed_alone(bench: Bench) -> None:
    batch_id = approve(bench.retention, [2])
    bench.book.parts.join(CLERK, 2, 1, note="", now=MARCH)
    with pytest.raises(StepRefusedError, match="joined") as refused:
        bench.destroy(batch_id)
    assert "รวมเข้ากับหนังสือฉบับอื่นแล้ว" in refused.value.thai
    assert bench.is_whole(2)


def test_there_is_no_certificate_while_a_copy_of_the_joined_letter_is_left(bench: Bench) -> None:
    bench.book.parts.join(CLERK, 2, 1, note="", now=NOW)
    bench.copies.stubborn = {2}
    with pytest.raises(NotGoneYetError, match="a picture of a page"):
        destroy(bench, 1)
    with pytest.raises(NotGoneYetError):
        bench.retention.destruction.resume(
            EXECUTOR, "2581-1", archive=bench.archive, copies=bench.copies, now=MARCH
        )


def test_what_stops_the_joined_letter_stops_the_whole(bench: Bench) -> None:
    bench.retention.records.place_hold(KEEPER, 2, HoldKind.LEGAL, reason="คดี", now=NOW)
    bench.book.parts.join(CLERK, 2, 1, note="", now=NOW)
    with pytest.raises(StepRefusedError) as refused:
        bench.retention.batches.propose(KEEPER, [1], now=JANUARY)
    assert refused.value.clause == "ข้อ 68.1"
    held = bench.retention.lists.held(KEEPER, date(2038, 1, 1))
    assert len(held) == 1, "the list of stops still shows where it was placed"
