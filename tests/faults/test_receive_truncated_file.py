"""A scan that ends in its middle is given time, then put in quarantine as it is, with its reason."""

from __future__ import annotations

import pytest

from tests.receiving import PATIENCE_SECONDS, Receiving
from tests.scans import WRITERS
from watch_folder.quarantine import put_in_quarantine


@pytest.mark.parametrize("extension", WRITERS)
def test_a_truncated_scan_ends_in_quarantine_unchanged(
    receiving: Receiving, extension: str
) -> None:
    path = WRITERS[extension](receiving.inbox / f"หนังสือ{extension}")
    cut = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(cut)
    assert receiving.settle().refused == []
    (refused,) = receiving.sweep_after(PATIENCE_SECONDS).refused
    assert refused.reason.code == "unfinished"
    target = put_in_quarantine(
        refused.path, receiving.quarantine, refused.reason, now=receiving.now
    )
    assert not path.exists()
    assert target.read_bytes() == cut
    note = (receiving.quarantine / f"หนังสือ{extension}.txt").read_text(encoding="utf-8")
    assert "ไฟล์ไม่ครบ" in note
    assert "Scan the letter again" in note


def test_the_rest_of_the_inbox_goes_on(receiving: Receiving) -> None:
    (receiving.inbox / "bad.pdf").write_bytes(b"%PDF-1.7 and no more")
    WRITERS[".pdf"](receiving.inbox / "good.pdf")
    done = receiving.settle()
    assert ([one.name for one in done.claimed], done.waiting) == (["good.pdf"], 1)
