"""Scans of one name never overwrite each other: not in work, not in quarantine, not put back."""

from __future__ import annotations

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder.errors import EmptyScanError, LockedScanError
from watch_folder.quarantine import move_beside, put_in_quarantine


def test_the_second_of_one_name_is_another_scan(receiving: Receiving) -> None:
    texts = ("first", "second", "third")
    claimed = []
    for text in texts:
        write_pdf(receiving.inbox / "scan0001.pdf", text=text)
        claimed.append(receiving.claimed_one())
    assert {scanned.name for scanned in claimed} == {"scan0001.pdf"}
    assert len({scanned.path for scanned in claimed}) == 3
    assert len({scanned.sha256 for scanned in claimed}) == 3
    assert all(scanned.path.exists() for scanned in claimed)


def test_the_same_bytes_twice_are_two_claims_of_one_hash(receiving: Receiving) -> None:
    data = write_pdf(receiving.inbox / "a.pdf").read_bytes()
    (receiving.inbox / "b.pdf").write_bytes(data)
    first, second = receiving.settle().claimed
    assert first.sha256 == second.sha256
    assert first.path != second.path


def test_quarantine_numbers_what_has_one_name(receiving: Receiving) -> None:
    for content in (b"1", b"2", b"3"):
        path = receiving.inbox / "a.pdf"
        path.write_bytes(content)
        put_in_quarantine(
            path, receiving.quarantine, EmptyScanError(path).reason, now=receiving.now
        )
    kept = {one.name: one.read_bytes() for one in receiving.quarantine.glob("*.pdf")}
    assert kept == {"a.pdf": b"1", "a (2).pdf": b"2", "a (3).pdf": b"3"}
    assert len(list(receiving.quarantine.glob("*.pdf.txt"))) == 3


def test_a_file_whose_note_was_deleted_is_not_overwritten(receiving: Receiving) -> None:
    receiving.quarantine.mkdir()
    (receiving.quarantine / "a.pdf").write_bytes(b"old")
    path = receiving.inbox / "a.pdf"
    path.write_bytes(b"new")
    target = put_in_quarantine(
        path, receiving.quarantine, LockedScanError(path).reason, now=receiving.now
    )
    assert target.name == "a (2).pdf"
    assert (receiving.quarantine / "a.pdf").read_bytes() == b"old"


def test_a_text_file_and_the_note_of_another_do_not_collide(receiving: Receiving) -> None:
    for name in ("a", "a.txt"):
        path = receiving.inbox / name
        path.write_bytes(name.encode())
        put_in_quarantine(
            path, receiving.quarantine, EmptyScanError(path).reason, now=receiving.now
        )
    assert (receiving.quarantine / "a").read_bytes() == b"a"
    assert (receiving.quarantine / "a (2).txt").read_bytes() == b"a.txt"


def test_what_is_put_back_does_not_overwrite_a_newer_scan(receiving: Receiving) -> None:
    newer = receiving.inbox / "a.pdf"
    newer.write_bytes(b"newer")
    older = receiving.work / "x.pdf"
    older.write_bytes(b"older")
    assert move_beside(older, receiving.inbox, "a.pdf").name == "a (2).pdf"
    assert newer.read_bytes() == b"newer"
