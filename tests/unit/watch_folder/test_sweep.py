"""A sweep takes what is finished, oldest first, and leaves what is not."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from tests.receiving import SETTLE_SECONDS, Receiving, digest
from tests.scans import WRITERS, write_jpeg, write_pdf
from watch_folder.sweep import SweepMemory, sweep
from watch_folder.watched_folder import WatchedFolder


@pytest.mark.parametrize("extension", WRITERS)
def test_a_settled_scan_is_claimed_with_all_that_is_known_of_it(
    receiving: Receiving, extension: str
) -> None:
    path = WRITERS[extension](receiving.inbox / f"หนังสือ เข้า{extension}")
    data = path.read_bytes()
    scanned = receiving.claimed_one()
    assert not path.exists()
    assert scanned.path.parent == receiving.work
    assert scanned.path.read_bytes() == data
    assert scanned.path.suffix == extension
    assert scanned.name == f"หนังสือ เข้า{extension}"
    assert (scanned.sha256, scanned.size_bytes) == (digest(data), len(data))
    assert (scanned.door, scanned.secret_door) == ("inbox", False)
    assert scanned.received_at == receiving.now


def test_the_content_names_the_type_not_the_extension(receiving: Receiving) -> None:
    write_jpeg(receiving.inbox / "scan.PDF")
    scanned = receiving.claimed_one()
    assert (scanned.media_type, scanned.path.suffix) == ("image/jpeg", ".jpg")


def test_a_file_is_left_alone_until_it_has_settled(receiving: Receiving) -> None:
    write_pdf(receiving.inbox / "a.pdf")
    assert receiving.sweep_after(0).waiting == 1
    assert receiving.sweep_after(SETTLE_SECONDS / 2).waiting == 1
    assert len(receiving.sweep_after(SETTLE_SECONDS / 2).claimed) == 1


def test_files_that_lay_there_before_the_start_are_taken(receiving: Receiving) -> None:
    old = write_pdf(receiving.inbox / "old.pdf")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    assert receiving.claimed_one().name == "old.pdf"


def test_scans_come_in_the_order_they_were_made(receiving: Receiving) -> None:
    for name, age_seconds in (("c.pdf", 30), ("a.pdf", 20), ("b.pdf", 10)):
        path = write_pdf(receiving.inbox / name)
        os.utime(path, (1_700_000_000 - age_seconds, 1_700_000_000 - age_seconds))
    assert [scanned.name for scanned in receiving.settle().claimed] == ["c.pdf", "a.pdf", "b.pdf"]


def test_no_more_than_the_limit_are_taken_at_once_and_the_rest_waits(receiving: Receiving) -> None:
    for number in range(5):
        write_pdf(receiving.inbox / f"{number}.pdf", text=str(number))
    receiving.sweep_after(0)
    first = receiving.sweep_after(SETTLE_SECONDS, limit=2)
    assert (len(first.claimed), first.waiting) == (2, 3)
    assert len(receiving.sweep_after(0, limit=9).claimed) == 3


def test_subfolders_are_swept_too(receiving: Receiving) -> None:
    folder = receiving.inbox / "เครื่องสแกน 2" / "2026-03"
    folder.mkdir(parents=True)
    write_pdf(folder / "a.pdf")
    assert receiving.claimed_one().name == "a.pdf"


def test_hidden_files_and_what_file_managers_leave_are_no_scans(receiving: Receiving) -> None:
    for name in (".hidden.pdf", ".~lock.a.odt#", "~$a.docx", "Thumbs.db", "desktop.ini"):
        write_pdf(receiving.inbox / name)
    (receiving.inbox / ".trash").mkdir()
    write_pdf(receiving.inbox / ".trash" / "a.pdf")
    done = receiving.lose_patience()
    assert (done.claimed, done.refused, done.waiting, done.temporary) == ([], [], 0, 0)


@pytest.mark.parametrize("ending", [".part", ".tmp", ".PART", ".crdownload", "~"])
def test_a_temporary_name_waits_for_its_renaming(receiving: Receiving, ending: str) -> None:
    path = write_pdf(receiving.inbox / f"a.pdf{ending}")
    done = receiving.lose_patience()
    assert (done.claimed, done.refused, done.waiting, done.temporary) == ([], [], 0, 1)
    path.rename(receiving.inbox / "a.pdf")
    assert receiving.claimed_one().name == "a.pdf"


def test_a_clock_set_back_only_means_a_longer_wait(receiving: Receiving) -> None:
    write_pdf(receiving.inbox / "a.pdf")
    receiving.sweep_after(0)
    assert receiving.sweep_after(-3600).claimed == []
    assert len(receiving.sweep_after(SETTLE_SECONDS).claimed) == 1


def test_a_folder_inside_another_is_left_to_its_own_sweep(receiving: Receiving) -> None:
    inbox = WatchedFolder(receiving.inbox, "inbox")
    secret = WatchedFolder(receiving.inbox / "secret", "secret", secret=True)
    secret.path.mkdir()
    write_pdf(secret.path / "a.pdf")
    memories = {folder.name: SweepMemory() for folder in (inbox, secret)}
    claimed = [
        scanned
        for seconds in (0, SETTLE_SECONDS)
        for folder in (inbox, secret)
        for scanned in sweep(
            folder,
            receiving.work,
            memory=memories[folder.name],
            now=receiving.now + timedelta(seconds=seconds),
            others=(inbox, secret),
        ).claimed
    ]
    assert [(scanned.door, scanned.secret_door) for scanned in claimed] == [("secret", True)]


def test_a_watched_folder_around_the_office_is_refused_before_it_eats_the_book(
    receiving: Receiving,
) -> None:
    book = write_pdf(receiving.root / "saraban.pdf")
    office = WatchedFolder(receiving.root, "all")
    memory = SweepMemory()
    for seconds in (0, SETTLE_SECONDS, 3600):
        now = receiving.now + timedelta(seconds=seconds)
        done = sweep(office, receiving.work, memory=memory, now=now)
        assert [type(trouble).__name__ for trouble in done.troubles] == ["FolderUnavailableError"]
    assert book.exists()
