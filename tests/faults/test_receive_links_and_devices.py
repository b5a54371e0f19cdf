"""Links, pipes and sockets are refused and never followed or read."""

from __future__ import annotations

import os

from tests.receiving import Receiving
from tests.scans import write_pdf
from watch_folder.quarantine import put_in_quarantine


def test_a_link_is_put_aside_and_its_target_stays(receiving: Receiving) -> None:
    outside = write_pdf(receiving.root / "outside.pdf")
    (receiving.inbox / "a.pdf").symlink_to(outside)
    (refused,) = receiving.settle().refused
    assert refused.reason.code == "not-a-file"
    target = put_in_quarantine(
        refused.path, receiving.quarantine, refused.reason, now=receiving.now
    )
    assert target.is_symlink()
    assert outside.exists()
    assert receiving.settle().refused == []


def test_a_link_to_a_folder_is_not_entered(receiving: Receiving) -> None:
    outside = receiving.root / "outside"
    outside.mkdir()
    write_pdf(outside / "a.pdf")
    (receiving.inbox / "folder").symlink_to(outside)
    done = receiving.settle()
    assert done.claimed == []
    assert [refused.name for refused in done.refused] == ["folder"]


def test_a_pipe_is_refused_and_nobody_waits_for_its_other_end(receiving: Receiving) -> None:
    os.mkfifo(receiving.inbox / "pipe.pdf")
    (refused,) = receiving.settle().refused
    assert refused.reason.code == "not-a-file"


def test_a_link_that_replaces_a_settled_file_is_not_followed(receiving: Receiving) -> None:
    path = write_pdf(receiving.inbox / "a.pdf")
    receiving.sweep_after(0)
    path.unlink()
    path.symlink_to(write_pdf(receiving.root / "outside.pdf"))
    assert receiving.sweep_after(5).claimed == []
