"""Thai names with spaces, as long as they come, arrive whole and are cut for the disk only."""

from __future__ import annotations

import os

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder.claim import recover
from watch_folder.errors import LockedScanError
from watch_folder.quarantine import put_in_quarantine

LONGEST = "หนังสือ ที่ศึกษา " * 5 + "กกกก.pdf"  # 255 bytes is what the file system allows
LONGER = "บันทึกข้อความ เรื่อง ขออนุญาต " * 5 + ".pdf"


def test_the_longest_name_a_disk_holds_is_kept_through_a_crash(receiving: Receiving) -> None:
    name = LONGEST
    while len(name.encode()) < 255:
        name = "x" + name
    assert len(name.encode()) == 255
    write_pdf(receiving.inbox / name)
    scanned = receiving.claimed_one()
    assert scanned.name == name
    (found,) = recover(receiving.work)
    assert found == scanned


def test_the_longest_name_fits_into_quarantine_with_its_note(receiving: Receiving) -> None:
    name = "ก" * 83 + "xx.pdf"
    assert len(name.encode()) == 255
    path = write_pdf(receiving.inbox / name)
    for _ in range(3):
        write_pdf(path)
        target = put_in_quarantine(
            path, receiving.quarantine, LockedScanError(path).reason, now=receiving.now
        )
        assert target.suffix == ".pdf"
        note = target.with_name(target.name + ".txt")
        assert name in note.read_text(encoding="utf-8")
    assert len(list(receiving.quarantine.iterdir())) == 6


def test_a_name_of_three_hundred_bytes_that_came_another_way(receiving: Receiving) -> None:
    assert len(LONGER.encode()) > 300
    path = write_pdf(receiving.work / "x.pdf")
    target = put_in_quarantine(
        path, receiving.quarantine, LockedScanError(path).reason, now=receiving.now, name=LONGER
    )
    assert target.name.startswith("บันทึกข้อความ เรื่อง ขออนุญาต")
    assert LONGER in (target.parent / (target.name + ".txt")).read_text(encoding="utf-8")


def test_a_name_in_the_old_thai_code_page_becomes_readable(receiving: Receiving) -> None:
    old = os.fsdecode("หนังสือเข้า.pdf".encode("cp874"))
    write_pdf(receiving.inbox / old)
    scanned = receiving.claimed_one()
    assert scanned.name == "หนังสือเข้า.pdf"
    assert recover(receiving.work) == [scanned]


def test_a_refused_file_with_such_a_name_can_be_put_aside(receiving: Receiving) -> None:
    old = os.fsdecode("ว่าง.pdf".encode("cp874"))
    (receiving.inbox / old).touch()
    (refused,) = receiving.lose_patience().refused
    target = put_in_quarantine(
        refused.path, receiving.quarantine, refused.reason, now=receiving.now
    )
    assert target.name == "ว่าง.pdf"
